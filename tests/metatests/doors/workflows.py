"""Doors of portal/workflows."""

from tests.metatests.doors.shapes import Door

DOORS = (Door("health", get="200 " * 6, post="405 " * 6),)
