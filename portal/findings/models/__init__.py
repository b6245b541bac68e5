"""Stored observations."""

from portal.findings.models.observations import Observation

__all__ = ["Observation"]
