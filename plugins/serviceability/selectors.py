"""Reads."""

from django.db.models import Count

from plugins.serviceability import asking, loader, suggesting
from plugins.serviceability.models import DemandEntry, Qualification

SUGGESTIONS = 20
# Fewer letters complete too much.
LEAST = 3


def qualification(key: str) -> Qualification | None:
    """A kept answer; whoever has its id may read it."""
    return Qualification.objects.filter(pk=key).first() if len(key) <= 40 else None


def suggestions(text: str, limit: int) -> list[tuple[str, str]]:
    """Codes and addresses of premises that complete a text; none for too short a one. Errors: INVALID."""
    if len(text.strip()) < LEAST:
        return []
    asking.check_text(text, "text")
    index = loader.index()
    return [(index.code(row), index.address(row).label) for row in suggesting.suggest(index, text, limit)]


def labels(codes: tuple[str, ...]) -> list[tuple[str, str]]:
    """Codes with their addresses; those that are not known are left out."""
    index = loader.index()
    return [(index.code(row), index.address(row).label) for row in asking.rows_of(index, codes)]


def demand_by_area(country: str = "") -> list[tuple[str, str, int]]:
    """City, postal code and how many wait there, the most first."""
    waiting = DemandEntry.objects.filter(country=country) if country else DemandEntry.objects.all()
    grouped = waiting.order_by().values_list("city", "postal_code").annotate(count=Count("pk"))
    return [tuple(row) for row in grouped.order_by("-count", "city", "postal_code")[:50]]
