"""Dotted paths in strings lead somewhere: tasks, hooks, middleware."""

from importlib import import_module

from django.utils.module_loading import import_string

from portal.workflows import doorbell
from tests.metatests.sources import matching


def paths() -> list[tuple[str, str]]:
    """Every string that reads as a dotted path into the project, with its place."""
    return matching(r"(portal|onboarding|networking)(\.[A-Za-z_]\w*){2,}")


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


def test_every_dotted_path_leads_somewhere() -> None:
    assert [(path, place) for path, place in paths() if not leads_somewhere(path)] == []


def test_the_queues_tasks_are_among_them() -> None:
    assert doorbell.RING in {path for path, _place in paths()}
    assert callable(import_string(doorbell.RING))
