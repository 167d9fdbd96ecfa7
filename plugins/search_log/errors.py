"""Stable codes of the search log."""

RATE_LIMITED = "RATE_LIMITED"
