"""A choice from an offer, judged, mended and dated. Pure: everything it needs to know is handed to it."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.errors import LIMIT_EXCEEDED, ApiError
from plugins.bundles import characteristics, repair, wording
from plugins.bundles.compiled import Asking, Change, Compiled, Judged, Line, Selected, Service, Violation
from plugins.bundles.document import Address, Option
from plugins.bundles.eligibility import REASONS, refusal
from plugins.bundles.errors import INVALID_QUANTITY
from plugins.bundles.structure import Choice, Key, Structure
from plugins.bundles.terms import OptionTerms
from plugins.bundles.wording import ADDRESS_REQUIRED, TERM_NOT_OFFERED, UNKNOWN_OPTION

MAX_SELECTIONS: Final = 200


def judge(offer: Compiled, term: int, selections: Sequence[Selected], asking: Asking) -> Judged:
    """Whether the choice is valid, what is wrong with it and when its parts can be had.

    Errors: INVALID_QUANTITY (below 1), LIMIT_EXCEEDED.
    """
    _check(selections)
    obstacles = obstacles_of(offer, term, asking)
    caps = caps_of(offer, obstacles)
    choice, unknown = _understood(offer, selections)
    violations = [*_term(offer, term), *unknown]
    violations += wording.structural(offer, choice, caps, obstacles, asking)
    lines, told = _lines(offer, choice, selections, asking)
    violations += told
    violations += _addresses(offer, lines, asking)
    return Judged(tuple(lines), tuple(violations))


def suggest(offer: Compiled, term: int, asking: Asking) -> list[Selected]:
    """The valid choice next to the document's defaults; empty where there is none."""
    caps = caps_of(offer, obstacles_of(offer, term, asking))
    start: Choice = {
        (option.index, number): min(option.default, caps[option.index])
        for option in offer.structure.options
        for number in _default_instances(offer.structure, option.group)
        if option.default and caps[option.index]
    }
    found = repair.repair(offer.structure, start, caps)
    if found is None:
        return []
    wanted = {key: start.get(key, 0) + found.change.get(key, 0) for key in sorted(start.keys() | found.change.keys())}
    return [Selected(offer.code(key), offer.sku(key), key[1], units) for key, units in wanted.items() if units]


def _default_instances(built: Structure, group: int) -> range:
    line = built.groups[group].line
    return range(1, 2 if line is None else max(built.groups[line].needed, 1) + 1)


def obstacles_of(offer: Compiled, term: int, asking: Asking) -> dict[int, str]:
    """For each option that cannot be had here and now the reason, one of `eligibility.REASONS`."""
    found: dict[int, str] = {}
    for index, option in enumerate(offer.options):
        reason = refusal(option.eligibility, asking.buyer)
        if option.sku not in offer.listed:
            reason = "NOT_SOLD"
        elif reason is None and option.terms and term in offer.document.terms and term not in option.terms:
            reason = "TERM"
        elif reason is None and not _on_sale(offer.terms[index], asking.buyer.day):
            reason = "ENDED"
        elif reason is None and option.address is not None and asking.services is not None:
            reason = None if _served(option.address, asking.services) else "ADDRESS"
        if reason is not None:
            found[index] = reason
    return found


def _on_sale(terms: OptionTerms, day: dt.date) -> bool:
    return (terms.since is None or terms.since <= day) and (terms.until is None or day <= terms.until)


def _served(need: Address, services: Iterable[Service]) -> list[Service]:
    """What fits the need, by day."""
    fitting = [
        one
        for one in services
        if one.category == need.category
        and (not need.technologies or one.technology in need.technologies)
        and one.download_mbps >= need.minimum_download_mbps
        and one.day is not None
    ]
    return sorted(fitting, key=lambda one: one.day or dt.date.max)


def caps_of(offer: Compiled, obstacles: Mapping[int, str]) -> list[int]:
    """The units of each option that may be had now."""
    return [0 if option.index in obstacles else option.upper for option in offer.structure.options]


def _check(selections: Sequence[Selected]) -> None:
    if len(selections) > MAX_SELECTIONS:
        message = gettext_lazy("Choose at most %(most)s parts at once.")
        raise ApiError(LIMIT_EXCEEDED, message, field="input.selections", params={"most": MAX_SELECTIONS})
    for number, one in enumerate(selections):
        if not 1 <= one.quantity <= 999:
            message = gettext_lazy("The quantity must be at least 1.")
            raise ApiError(INVALID_QUANTITY, message, field=f"input.selections.{number}.quantity")


def _term(offer: Compiled, term: int) -> list[Violation]:
    if term in offer.document.terms:
        return []
    offered = ", ".join(map(str, offer.document.terms))
    return [
        Violation(
            TERM_NOT_OFFERED,
            _("A commitment of %(term)s months is not offered.") % {"term": term},
            _("Choose one of: %(terms)s months.") % {"terms": offered},
        )
    ]


def _understood(offer: Compiled, selections: Sequence[Selected]) -> tuple[Choice, list[Violation]]:
    choice: Choice = {}
    unknown: list[Violation] = []
    for one in selections:
        key = offer.structure.key(one.group, one.sku, one.instance)
        if key is not None:
            choice[key] = choice.get(key, 0) + one.quantity
            continue
        group, sku = one.group[:64], one.sku[:64]
        unknown.append(
            Violation(
                UNKNOWN_OPTION,
                _("The offer has no %(sku)s in “%(group)s”, number %(instance)s.")
                % {"sku": sku, "group": group, "instance": one.instance},
                _("Leave %(sku)s out.") % {"sku": sku},
                group,
                one.instance,
                sku,
                (Change(group, one.instance, sku, -one.quantity),),
            )
        )
    return choice, unknown


def _lines(
    offer: Compiled, choice: Choice, selections: Sequence[Selected], asking: Asking
) -> tuple[list[Line], list[Violation]]:
    given: dict[Key, dict[str, str]] = {}
    for one in selections:
        key = offer.structure.key(one.group, one.sku, one.instance)
        if key is not None:
            given.setdefault(key, {}).update(one.characteristics)
    lines: list[Line] = []
    violations: list[Violation] = []
    for (index, instance), units in sorted(choice.items()):
        option, code = offer.options[index], offer.code((index, instance))
        values, mistakes = characteristics.cleaned(
            option.characteristics, given[index, instance], country=asking.country, language=asking.language
        )
        violations += [
            Violation(one.code, one.message, one.remedy, code, instance, option.sku, characteristic=one.name)
            for one in mistakes
        ]
        day, technology = _day(option, asking)
        lines.append(Line(index, code, instance, option.sku, units, values, day, technology))
    return lines, violations


def _day(option: Option, asking: Asking) -> tuple[dt.date | None, str]:
    """The first day on which the option works, as stock and the address allow; None where nobody knows. And by which
    network, where it depends on the address."""
    days, technology = [asking.buyer.day], ""
    if option.address is not None:
        served = _served(option.address, asking.services or ())
        if not served or served[0].day is None:
            return None, ""
        days.append(served[0].day)
        technology = served[0].technology
    if option.sku in asking.stock:
        day = asking.stock[option.sku]
        if day is None:
            return None, technology
        days.append(day)
    return max(days), technology


def _addresses(offer: Compiled, lines: Sequence[Line], asking: Asking) -> list[Violation]:
    """Parts that depend on the address while none has been checked."""
    if asking.services is not None:
        return []
    return [
        Violation(
            ADDRESS_REQUIRED,
            f"{asking.name(line.sku)}: {REASONS['ADDRESS_MISSING']}",
            _("Check the address where it is to work."),
            line.group,
            line.instance,
            line.sku,
        )
        for line in lines
        if offer.options[line.option].address is not None
    ]
