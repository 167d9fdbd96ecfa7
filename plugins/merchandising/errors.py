"""Codes that changing the search's set-up can answer with, beside the kernel's. They are never renamed."""

CHANGED_SINCE = "CHANGED_SINCE"  # somebody else changed the same thing meanwhile
