"""What speaks against an offer's document: what contradicts itself and what cannot be sold. Pure.

Each problem has the dotted path in the document and one sentence. A document without problems has a valid choice for
each commitment and no option that can never be chosen.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from kernel.errors import Message
from plugins.bundles import price_document, repair
from plugins.bundles.document import Group, OfferDocument, Rule
from plugins.bundles.quoting import DEPOSIT, TAX
from plugins.bundles.structure import Product, Structure, build
from plugins.bundles.structure import Rule as Compiled
from plugins.bundles.terms import BundleTerms, Deposit, OptionTerms, TaxBase, TaxDue

DEPTH = 8
MAX_OPTIONS = 2_000


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that must change before the offer can be published."""

    path: str
    message: Message


def problems(
    document: OfferDocument, products: Mapping[str, Product], *, currency: str, day: dt.date | None = None
) -> list[Problem]:
    """All that speaks against it; `products` are those that the channel sells, `currency` is the channel's.

    With the `day` on which it is to come on sale also what has ended by then.
    """
    found = [*_shape(document), *_limits(document), *_references(document)]
    sound = not found
    found += [*_catalogue(document, products, currency), *_prices(document), *_days(document, day)]
    if sound:
        found += _rules(document, products)
    return found or [*_carriers(document, products), *_possible(document, products)]


def _shape(document: OfferDocument) -> Iterator[Problem]:
    """Codes that are used twice, parents that are missing, cycles, depth, groups that repeat within one that does."""
    groups = {group.code: group for group in document.groups}
    times = Counter(group.code for group in document.groups)
    for number, group in enumerate(document.groups):
        path = f"groups.{number}"
        if times[group.code] > 1:
            yield Problem(f"{path}.code", _said(_("Two groups have the code “%(code)s”."), code=group.code))
        if group.parent is not None and group.parent not in groups:
            yield Problem(f"{path}.parent", _said(_("There is no group “%(code)s”."), code=group.parent))
            continue
        above = _above(group, groups)
        if above is None:
            yield Problem(f"{path}.parent", _said(_("The group “%(code)s” lies within itself."), code=group.code))
        elif len(above) >= DEPTH:
            yield Problem(f"{path}.parent", _said(_("Groups lie at most %(most)s deep."), most=DEPTH))
        elif group.maximum_instances > 1 and any(groups[code].maximum_instances > 1 for code in above):
            yield Problem(f"{path}.maximumInstances", _("A group that repeats cannot lie within one that repeats."))
        for one, times_here in Counter(option.sku for option in group.options).items():
            if times_here > 1:
                yield Problem(f"{path}.options", _said(_("The group offers %(sku)s twice."), sku=one))
    if sum(len(group.options) for group in document.groups) > MAX_OPTIONS:
        yield Problem("groups", _said(_("An offer has at most %(most)s options."), most=MAX_OPTIONS))
    if document.default_term is not None and document.default_term not in document.terms:
        yield Problem("defaultTerm", _("The commitment shown first must be one of those offered."))


def _above(group: Group, groups: Mapping[str, Group]) -> list[str] | None:
    """The codes of the groups around it; None when it lies within itself."""
    found: list[str] = []
    code = group.parent
    while code is not None and code in groups:
        if code == group.code or code in found:
            return None
        found.append(code)
        code = groups[code].parent
    return found


def _limits(document: OfferDocument) -> Iterator[Problem]:
    """Limits that contradict each other."""
    for number, group in enumerate(document.groups):
        path = f"groups.{number}"
        if group.lower_limit > group.upper_limit:
            yield Problem(f"{path}.lowerLimit", _("The lower limit is above the upper limit."))
        if group.needed > group.maximum_instances:
            yield Problem(f"{path}.minimumInstances", _("It must be taken more often than it may be."))
        least = sum(option.lower_limit for option in group.options)
        if least > group.upper_limit:
            yield Problem(f"{path}.upperLimit", _("The lower limits of its options are above its upper limit."))
        for position, option in enumerate(group.options):
            at = f"{path}.options.{position}"
            if option.lower_limit > option.upper_limit:
                yield Problem(f"{at}.lowerLimit", _("The lower limit is above the upper limit."))
            elif not option.lower_limit <= option.default <= option.upper_limit and option.default:
                yield Problem(f"{at}.default", _("The default is not within the limits."))
            if option.upper_limit > group.upper_limit:
                yield Problem(f"{at}.upperLimit", _("The option's upper limit is above its group's."))
            for term in option.terms:
                if term not in document.terms:
                    yield Problem(f"{at}.terms", _said(_("The offer has no commitment of %(term)s months."), term=term))
            names = Counter(one.name for one in option.characteristics)
            for name in (name for name, times in names.items() if times > 1):
                yield Problem(f"{at}.characteristics", _said(_("It asks twice for “%(name)s”."), name=name))
            for one in option.characteristics:
                if one.required_with is not None and one.required_with not in names:
                    said = _said(_("It does not ask for “%(name)s”."), name=one.required_with)
                    yield Problem(f"{at}.characteristics", said)
                if one.type == "CHOICE" and not one.choices:
                    yield Problem(f"{at}.characteristics", _said(_("“%(name)s” has no choices."), name=one.name))


def _references(document: OfferDocument) -> Iterator[Problem]:
    groups = {group.code: group for group in document.groups}
    skus = set(document.skus)
    for number, rule in enumerate(document.rules):
        path = f"rules.{number}"
        if rule.within is not None and (rule.within not in groups or groups[rule.within].maximum_instances == 1):
            yield Problem(f"{path}.within", _said(_("There is no group “%(code)s” that repeats."), code=rule.within))
        for side, selector in (("when", rule.when), ("then", rule.then)):
            if selector is None:
                continue
            for sku in selector.skus:
                if sku not in skus:
                    yield Problem(f"{path}.{side}.skus", _said(_("The offer has no option %(sku)s."), sku=sku))
            for code in selector.groups:
                if code not in groups:
                    yield Problem(f"{path}.{side}.groups", _said(_("There is no group “%(code)s”."), code=code))
        if rule.kind == "COMPATIBLE" and (rule.attribute is None or rule.when is None):
            yield Problem(path, _("What is to be compatible needs two sides and an attribute."))


def _catalogue(document: OfferDocument, products: Mapping[str, Product], currency: str) -> Iterator[Problem]:
    if document.currency != currency:
        message = _("The channel sells in %(currency)s, the offer is in %(own)s.")
        yield Problem("currency", _said(message, currency=currency, own=document.currency))
    for number, group in enumerate(document.groups):
        for position, option in enumerate(group.options):
            if option.sku not in products:
                said = _said(_("The channel does not sell %(sku)s."), sku=option.sku)
                yield Problem(f"groups.{number}.options.{position}.sku", said)


def _rules(document: OfferDocument, products: Mapping[str, Product]) -> Iterator[Problem]:
    """Rules that say nothing, or that no option can live with."""
    structure = build(document, products)
    for rule in structure.rules:
        number = next(n for n, source in enumerate(document.rules) if source.code == rule.code)
        if rule.forbids and rule.when is not None and _excludes_itself(document.rules[number], rule.when & rule.then):
            yield Problem(f"rules.{number}", _("An option would exclude itself."))
    for number, source in enumerate(document.rules):
        if source.kind == "COMPATIBLE":
            continue
        compiled = next(rule for rule in structure.rules if rule.code == source.code)
        if not compiled.then or (compiled.when is not None and not compiled.when):
            yield Problem(f"rules.{number}", _("It names no option of the offer."))
    for code, times in Counter(rule.code for rule in document.rules).items():
        if times > 1:
            yield Problem("rules", _said(_("Two rules have the code “%(code)s”."), code=code))


def _excludes_itself(source: Rule, both: frozenset[int]) -> bool:
    return source.kind == "EXCLUDES" and bool(both)


def _prices(document: OfferDocument) -> Iterator[Problem]:
    currency = document.currency
    for refusal in price_document.problems(BundleTerms, document.prices, currency, "prices"):
        yield Problem(refusal.field or "prices", refusal.message)
    for number, group in enumerate(document.groups):
        for position, option in enumerate(group.options):
            path = f"groups.{number}.options.{position}.prices"
            for refusal in price_document.problems(OptionTerms, option.prices, currency, path):
                yield Problem(refusal.field or path, refusal.message)


def _days(document: OfferDocument, day: dt.date | None) -> Iterator[Problem]:
    """What ends before it begins, and what has ended."""
    places = [("eligibility", document.eligibility)]
    for number, group in enumerate(document.groups):
        for position, option in enumerate(group.options):
            path = f"groups.{number}.options.{position}"
            places.append((f"{path}.eligibility", option.eligibility))
            yield from _ended(f"{path}.prices.until", _day(option.prices.get("until")), day)
    for path, one in places:
        if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
            yield Problem(f"{path}.validTo", _("The last day is before the first."))
        if None not in (one.minimum_age, one.maximum_age) and (one.minimum_age or 0) > (one.maximum_age or 0):
            yield Problem(f"{path}.maximumAge", _("The oldest age is below the youngest."))
        yield from _ended(f"{path}.validTo", one.valid_to, day)


def _ended(path: str, last: dt.date | None, day: dt.date | None) -> Iterator[Problem]:
    if last is not None and day is not None and last < day:
        yield Problem(path, _said(_("It ended on %(day)s."), day=last.isoformat()))


def _day(raw: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(raw))
    except ValueError:
        # What is no day is told with the prices.
        return None


def _carriers(document: OfferDocument, products: Mapping[str, Product]) -> Iterator[Problem]:
    """That whatever is paid today for no product has a SKU in the core."""
    bundle = price_document.bundle_terms(document.prices, document.currency)
    needed = {fee.code for fee in bundle.fees}
    for group in document.groups:
        for option in group.options:
            terms = price_document.option_terms(option.prices, document.currency, "")
            needed |= {DEPOSIT for one in terms.charges if isinstance(one, Deposit)}
            # The core taxes what is paid in money; the offer taxes what is paid with an old device, too.
            needed |= {TAX for _one in terms.trade_ins if not _trade_in_is_untaxed(bundle)}
    if any(rule.due is TaxDue.AT_SALE or rule.base is TaxBase.LIST for rule in bundle.taxes):
        needed.add(TAX)
    for code in sorted(needed):
        if code not in document.carriers:
            yield Problem("carriers", _said(_("No SKU carries “%(code)s” in the core."), code=code))
    for code, sku in document.carriers.items():
        if sku not in products:
            yield Problem(f"carriers.{code}", _said(_("The channel does not sell %(sku)s."), sku=sku))


def _trade_in_is_untaxed(bundle: BundleTerms) -> bool:
    return bool(bundle.taxes) and all(rule.trade_in_reduces for rule in bundle.taxes)


def _possible(document: OfferDocument, products: Mapping[str, Product]) -> Iterator[Problem]:
    """That something can be chosen at all, with each commitment; and that each option can."""
    structure = build(document, products)
    for number, term in enumerate(document.terms):
        caps = caps_of(document, structure, term)
        if repair.is_hopeless(structure, {}, caps):
            message = _("With a commitment of %(term)s months nothing can be chosen that meets all limits and rules.")
            yield Problem(f"terms.{number}", _said(message, term=term))
            return
    for option in structure.options:
        group = structure.groups[option.group]
        if option.upper and not _choosable(structure, option.index):
            number = next(n for n, source in enumerate(document.groups) if source.code == group.code)
            yield Problem(f"groups.{number}", _said(_("%(sku)s can never be chosen."), sku=option.sku))


def caps_of(document: OfferDocument, structure: Structure, term: int) -> list[int]:
    """The units of each option that may be had with this commitment."""
    terms = {(group.code, option.sku): option.terms for group in document.groups for option in group.options}
    return [
        option.upper if not (own := terms[structure.groups[option.group].code, option.sku]) or term in own else 0
        for option in structure.options
    ]


def _choosable(structure: Structure, option: int) -> bool:
    pinned = _with_lower(structure, option)
    return not repair.is_hopeless(pinned, {(option, 1): 1}, pinned.uppers())


def _with_lower(structure: Structure, option: int) -> Structure:
    """The same structure with one more rule: this option is needed."""
    need = Compiled("", False, None, None, frozenset({option}), 1)
    return replace(structure, rules=(*structure.rules, need), standing=(*structure.standing, len(structure.rules)))


def _said(message: Message, **params: object) -> str:
    return str(message) % params


def sentences(found: Sequence[Problem]) -> list[str]:
    """Problems as lines of text: the path and what is wrong."""
    return [f"{problem.path}: {problem.message}" for problem in found]
