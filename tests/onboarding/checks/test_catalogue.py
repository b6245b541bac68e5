"""Every code that a check can give has a title, a remedy, and cases that reach it on both sides."""

import importlib.util
import re
from pathlib import Path

import pytest
from django.utils.translation import override

import onboarding.checks
from onboarding.checks.catalogue import CATALOGUE, entry
from onboarding.checks.judgments import failed, passed
from portal.findings.shapes import Level

CODE = re.compile(r'"((?:trust|permissions|role|region|zones|quotas|cidr|removal)\.[a-z0-9-]+)"')
FOLDER = Path(onboarding.checks.__file__).parent
NOT_CHECKS = {"__init__.py", "catalogue.py", "judgments.py"}


def cases():
    """The tables of the sibling test modules."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        if path.name == Path(__file__).name:
            continue
        spec = importlib.util.spec_from_file_location(f"cases_{path.stem}", path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield from module.CASES


def emitted():
    """What the cases really make the checks say."""
    return [finding for _name, made, _code, _level, _words in cases() for finding in made()]


def test_the_checks_write_exactly_the_codes_of_the_catalogue():
    written = {
        code for path in FOLDER.glob("*.py") if path.name not in NOT_CHECKS for code in CODE.findall(path.read_text())
    }
    assert written == set(CATALOGUE)


def test_every_check_module_has_a_test_module():
    modules = {path.name for path in FOLDER.glob("*.py")} - NOT_CHECKS
    tests = {path.name.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules <= tests


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_title_and_a_remedy(code):
    with override("en"):
        assert str(entry(code).title)
        assert not str(entry(code).title).endswith(".")
        assert str(entry(code).remedy).endswith(".")
        assert "Ensure" not in str(entry(code).remedy)


def test_every_code_is_reached_as_pass_as_trouble_and_as_unknown():
    reached = {}
    for finding in emitted():
        reached.setdefault(finding.code, set()).add(finding.level)
    assert set(reached) == set(CATALOGUE)
    for code, levels in reached.items():
        if entry(code).notice:
            assert levels == {Level.WARNING}, code
            continue
        assert Level.PASSED in levels, code
        assert levels & {Level.FAILED, Level.WARNING}, code
        assert Level.UNKNOWN in levels, code


def test_what_is_not_fine_carries_its_remedy_and_speaks_to_people():
    for finding in emitted():
        assert bool(finding.remedy) == (finding.level is not Level.PASSED)
        assert finding.message.endswith(".")
        assert "%(" not in finding.message
        assert not finding.message.startswith("Ensure")


def test_a_code_outside_the_catalogue_cannot_be_given():
    with pytest.raises(KeyError):
        failed("trust.nothing", "x")
    with pytest.raises(KeyError):
        passed("trust.nothing", "x")
