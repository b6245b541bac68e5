"""Throttles count in the cache; each test starts with none of it."""

from tests.accounts.conftest import fresh_throttles

__all__ = ["fresh_throttles"]
