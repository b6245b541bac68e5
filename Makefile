# Everything a person does with this project. `make` alone lists the targets.
SHELL := /bin/sh
PYTHON := .venv/bin/python
PORT ?= 8000
EMULATOR_PORT ?= 4566
PACKAGES := portal onboarding networking
.DEFAULT_GOAL := help
.PHONY: help install demo test check format lock bench vendor messages

help: ## Lists the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

install: ## Creates or updates .venv from the committed lock
	@.ci/install

demo: install ## Starts emulator, web and worker; PORT, EMULATOR_PORT, RESET=1
	@PORT=$(PORT) EMULATOR_PORT=$(EMULATOR_PORT) RESET=$(RESET) exec $(PYTHON) -m portal.demo

test: install ## Runs the whole suite on SQLite and PostgreSQL, browser included
	@.ci/system chromium postgresql font aws
	@.ci/suite

check: install ## Format, lint, types, layers, migrations, templates, messages: seconds
	@.ci/check

format: install ## Formats the code and sorts imports
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix --exit-zero --quiet .

lock: ## Compiles requirements/*.in into the lock; UPGRADE=1 takes newer versions
	@.ci/lock

bench: install ## Measures pages, fragments, latency and memory; prints ratios
	@$(PYTHON) -m tests.benchmarks

vendor: ## Copies Bootstrap and its icons from npm into static/
	@npm ci --no-audit --no-fund && npm run vendor

messages: install ## Collects and compiles the translations
	@.ci/messages
