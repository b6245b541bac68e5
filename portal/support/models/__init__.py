"""Tickets."""

from portal.support.models.tickets import Ticket

__all__ = ["Ticket"]
