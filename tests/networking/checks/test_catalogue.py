"""Every code that a check of a VPC can give has a title, a remedy, and cases that reach it on both sides."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.utils.translation import override

import networking.checks
from networking.checks.catalogue import CATALOGUE, entry
from networking.checks.scene import Scene
from onboarding.checks.catalogue import CATALOGUE as ONBOARDING
from onboarding.rules.profiles import profile
from portal.findings.shapes import Level
from tests.networking.checks.answers import CHOSEN, changed, judging, network

CODE = re.compile(r'"((?:vpc|subnets|s3-endpoint)\.[a-z0-9-]+)"')
FOLDER = Path(networking.checks.__file__).parent
NOT_CHECKS = {"__init__.py", "catalogue.py"}
#: As the contract lists them, in its order; the last four of the profile 2026-08 only.
SEED = [
    "vpc.exists",
    "vpc.owner",
    "subnets.count",
    "subnets.zones",
    "subnets.membership",
    "subnets.size",
    "subnets.free-addresses",
    "subnets.private",
    "subnets.tags",
    "s3-endpoint.present",
    "s3-endpoint.routes",
]
LATER = ["vpc.tags", "subnets.byoc-tag", "subnets.egress", "vpc.dns"]


def cases():
    """The tables of the sibling test modules."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        spec = importlib.util.spec_from_file_location(f"vpc_cases_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from module.CASES


@pytest.fixture(scope="module")
def emitted():
    """What the cases really make the checks say."""
    return [finding for _name, made, _code, _level, _words in cases() for finding in made()]


def test_the_checks_write_exactly_the_codes_of_the_catalogue():
    written = {
        code for path in FOLDER.glob("*.py") if path.name not in NOT_CHECKS for code in CODE.findall(path.read_text())
    }
    assert written == set(CATALOGUE) == {*SEED, *LATER}


def test_every_check_module_has_a_test_module():
    modules = {path.name for path in FOLDER.glob("*.py")} - NOT_CHECKS
    tests = {path.name.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules <= tests


def test_no_code_is_listed_twice():
    assert set(CATALOGUE) & set(ONBOARDING) == set()


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_title_and_a_remedy(code):
    with override("en"):
        assert str(entry(code).title)
        assert not str(entry(code).title).endswith(".")
        assert str(entry(code).remedy).endswith(".")
        assert "Ensure" not in str(entry(code).remedy)


def test_every_code_is_reached_as_pass_as_trouble_and_as_unknown(emitted):
    reached = {}
    for finding in emitted:
        reached.setdefault(finding.code, set()).add(finding.level)
    assert set(reached) == set(CATALOGUE)
    for code, levels in reached.items():
        assert Level.PASSED in levels, code
        assert Level.FAILED in levels, code
        assert Level.UNKNOWN in levels, code


def test_what_is_not_fine_carries_its_remedy_and_speaks_to_people(emitted):
    for finding in emitted:
        assert bool(finding.remedy) == (finding.level is not Level.PASSED)
        assert finding.message.endswith(".")
        assert "%(" not in finding.message
        assert "None" not in finding.message
        assert not finding.message.startswith("Ensure")


def test_every_finding_names_resources(emitted):
    assert all(finding.resources and all(finding.resources) for finding in emitted)


def test_every_finding_that_is_not_fine_says_what_to_do_next(emitted):
    asked = re.compile(r"\. [A-Z][a-z]+ [^.]+")
    silent = [one.message for one in emitted if one.level is not Level.PASSED and not asked.search(one.message)]
    assert [message for message in silent if "; see that it does." not in message] == []


@pytest.mark.parametrize(("edition", "codes"), [("seed", SEED), ("2026-08", [*SEED, *LATER])])
def test_a_profile_judges_its_codes_in_the_contracts_order(edition, codes):
    found = judging(edition=edition)()
    assert [finding.code for finding in found] == codes
    assert {finding.level for finding in found} == {Level.PASSED}


def test_a_code_outside_the_catalogue_cannot_be_given():
    say = Scene(network(changed()), profile("seed")).say
    with pytest.raises(KeyError):
        say.failed("subnets.nothing", "x", CHOSEN)
    with pytest.raises(KeyError):
        say.passed("cidr.size", "x")
