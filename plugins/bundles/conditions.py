"""To whom, where, when and for how long a price is asked, and when a term of the price applies."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceContext:
    """To whom, where, when and for how long the price is asked. Segment and credit class come from the server."""

    currency: str
    date: dt.date  # the day of the sale, on which service starts
    jurisdiction: str  # where the service is used: "US-CA", "CN"; finer parts follow after a hyphen
    term: int  # months of commitment; 0 is none
    channel: str = ""
    segment: str = ""
    credit_class: str = ""
    cycle_day: int = 1  # day of the month on which a bill's period begins; 29 to 31 mean the last day of short months
    in_advance: bool = True  # a bill holds the period to come


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When a term applies. An empty set and no date ask for nothing."""

    channels: frozenset[str] = frozenset()
    jurisdictions: frozenset[str] = frozenset()
    segments: frozenset[str] = frozenset()
    credit_classes: frozenset[str] = frozenset()
    terms: frozenset[int] = frozenset()
    since: dt.date | None = None
    until: dt.date | None = None  # the last day

    def holds(self, context: PriceContext) -> bool:
        """Whether every demand is met."""
        return (
            (not self.channels or context.channel in self.channels)
            and (not self.segments or context.segment in self.segments)
            and (not self.credit_classes or context.credit_class in self.credit_classes)
            and (not self.terms or context.term in self.terms)
            and (not self.jurisdictions or any(within(context.jurisdiction, each) for each in self.jurisdictions))
            and (self.since is None or self.since <= context.date)
            and (self.until is None or context.date <= self.until)
        )


ALWAYS = Condition()


def within(place: str, jurisdiction: str) -> bool:
    """Whether `place` is the jurisdiction or lies in it: "US-CA-037" lies in "US-CA" and in "US"."""
    return place == jurisdiction or place.startswith(jurisdiction + "-")
