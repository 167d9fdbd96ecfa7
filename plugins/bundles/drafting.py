"""A draft as its editor looks at it: everything that is wrong with it, and what a choice from it would come to.

Nothing is written. What comes from the editor need not be sound, nor of the right form.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from kernel.errors import INVALID, ApiError
from plugins.bundles import cases, configurator, quoting, selectors, services
from plugins.bundles.cases import CaseBuyer, CaseSelection, Outcome
from plugins.bundles.compiled import Asking, Compiled, Judged, Selected, Service
from plugins.bundles.document import MalformedError, OfferDocument, read
from plugins.bundles.eligibility import Buyer, refusal
from plugins.bundles.models import Offer, OfferVersion
from plugins.bundles.price_lines import BundlePrice
from plugins.bundles.selectors import Loaded
from plugins.bundles.validation import Problem
from plugins.bundles.wording import ADDRESS_REQUIRED
from plugins.catalogue.models import Channel

# As fast as anything that an option can ask for.
FASTEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A choice to be tried, by whom; `address_day` is when its services work at the address, None: not checked."""

    term: int
    selections: tuple[CaseSelection, ...] = ()
    buyer: CaseBuyer = field(default_factory=CaseBuyer)
    address_day: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Tried:
    """What the choice comes to. `price` is None where it has none, and `no_price` says why."""

    loaded: Loaded
    asking: Asking
    judged: Judged
    price: BundlePrice | None
    no_price: str
    kept_from: str  # why this buyer would not see the offer at all

    @property
    def codes(self) -> list[str]:
        """The codes of what is wrong, without what an address would mend: as test cases have them."""
        return sorted({one.code for one in self.judged.violations} - {ADDRESS_REQUIRED})


def read_draft(
    raw: Mapping[str, Any], test_cases: Sequence[Any], channel: Channel, day: dt.date | None = None
) -> tuple[OfferDocument | None, list[Problem]]:
    """The document where it is of the right form, with all that is wrong with it and its test cases."""
    found: list[Problem] = []
    document = None
    try:
        document = read(raw)
    except MalformedError as error:
        found += [Problem(path, text) for path, text in error.mistakes]
    try:
        cases.read(list(test_cases))
    except MalformedError as error:
        found += [Problem(path, text) for path, text in error.mistakes]
    if document is not None:
        found += services.problems_of(document, channel, day)
    return document, found


def load_draft(document: OfferDocument, raw: Mapping[str, Any], channel: Channel, code: str) -> Loaded:
    """A sound document that is kept nowhere, ready to be asked."""
    compiled, variants = selectors.compile_for(document, channel)
    version = OfferVersion(offer=Offer(code=code, channel=channel), number=0, document=raw)
    return Loaded(version, compiled, variants)


def suggested(loaded: Loaded, term: int, buyer: CaseBuyer, language: str) -> tuple[CaseSelection, ...]:
    """The choice that a customer is shown first."""
    found = configurator.suggest(loaded.compiled, term, _asking(loaded, buyer, language, []))
    return tuple(
        CaseSelection(group=one.group, sku=one.sku, instance=one.instance, quantity=one.quantity) for one in found
    )


def try_out(loaded: Loaded, asked: Asked, language: str) -> Tried:
    """Configure the draft, price it and date it. Errors: those of `configurator.judge`, INVALID."""
    skus = [one.sku for one in asked.selections]
    asking = _asking(loaded, asked.buyer, language, skus)
    if asked.address_day is not None:
        asking = replace(asking, services=_services(loaded.compiled, asked.address_day))
    selections = [
        Selected(one.group, one.sku, one.instance, one.quantity, tuple(one.characteristics.items()))
        for one in asked.selections
    ]
    judged = configurator.judge(loaded.compiled, asked.term, selections, asking)
    price, no_price = None, ""
    try:
        price = quoting.price(loaded.compiled, judged, asking, asked.term)
    except ApiError as told:
        no_price = str(told.message)
    reason = refusal(loaded.compiled.document.eligibility, asking.buyer)
    return Tried(loaded, asking, judged, price, no_price, reason or "")


def mended(asked: Asked, tried: Tried, number: int) -> Asked:
    """The choice with the remedy of one of its violations. Errors: INVALID (there is none of that number)."""
    if not 0 <= number < len(tried.judged.violations):
        raise ApiError(INVALID, _("Look at the choice again: it has changed."), field="violation")
    found = {(one.group, one.sku, one.instance): one for one in asked.selections}
    for change in tried.judged.violations[number].changes:
        key = change.group, change.sku, change.instance
        before = found.get(key) or CaseSelection(
            group=change.group, sku=change.sku, instance=change.instance, quantity=0
        )
        found[key] = before.model_copy(update={"quantity": before.quantity + change.units})
    return replace(asked, selections=tuple(one for one in found.values() if one.quantity > 0))


def case_of(name: str, asked: Asked, tried: Tried) -> dict[str, Any]:
    """A test case that expects what the choice comes to now."""
    case: dict[str, Any] = {
        "name": name,
        "term": asked.term,
        "selections": [one.model_dump(by_alias=True, exclude_defaults=True) for one in asked.selections],
        "buyer": asked.buyer.model_dump(by_alias=True, exclude_defaults=True, mode="json"),
        "valid": not tried.codes,
    }
    if tried.codes:
        return {**case, "violations": tried.codes}
    if tried.price is not None:
        case |= {
            "dueToday": str(tried.price.due_today.amount),
            "monthly": str(tried.price.monthly.amount),
            "totalOverTerm": str(tried.price.total_over_term.amount),
        }
    return case


def outcomes(loaded: Loaded, test_cases: Sequence[Any]) -> list[Outcome]:
    """How the test cases of a draft go that is kept nowhere."""
    return services.run_cases(loaded.compiled, cases.read(list(test_cases)), loaded.version.offer.channel)


def _asking(loaded: Loaded, buyer: CaseBuyer, language: str, skus: Sequence[str]) -> Asking:
    day = buyer.day or selectors.today(loaded.version.offer.channel)
    who = Buyer(**{**buyer.model_dump(), "day": day})
    return selectors.asking(loaded, who, language=language, skus=skus)


def _services(offer: Compiled, day: dt.date) -> list[Service]:
    """Everything that an option asks of the address, from that day."""
    return [
        Service(option.address.category, technology, FASTEST, day)
        for option in offer.options
        if option.address is not None
        for technology in option.address.technologies or ["FTTH"]
    ]
