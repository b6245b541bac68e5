"""Dotted paths in strings lead somewhere: tasks, hooks, middleware."""

from importlib import import_module

import pytest
from django.utils.module_loading import import_string

from portal.workflows import doorbell
from tests.metatests.sources import matching

PATHS = matching(r"(portal|onboarding|networking)(\.[A-Za-z_]\w*){2,}")


def leads_somewhere(path: str) -> bool:
    """Whether a path names a module or something in one."""
    try:
        import_module(path)
    except ModuleNotFoundError:
        try:
            import_string(path)
        except ImportError:
            return False
    return True


@pytest.mark.parametrize(("path", "place"), PATHS)
def test_a_dotted_path_leads_somewhere(path: str, place: str) -> None:
    assert leads_somewhere(path), place


def test_the_queues_tasks_are_among_them() -> None:
    assert doorbell.RING in {path for path, _place in PATHS}
    assert callable(import_string(doorbell.RING))
