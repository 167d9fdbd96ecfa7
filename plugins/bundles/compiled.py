"""What the configurator works with: a version of an offer ready to be asked, who asks, and what comes out. Pure."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from plugins.bundles import default_terms, structure
from plugins.bundles.default_terms import Listed
from plugins.bundles.document import Group, OfferDocument, Option
from plugins.bundles.eligibility import Buyer
from plugins.bundles.structure import Key, Structure
from plugins.bundles.terms import BundleTerms, OptionTerms


@dataclass(frozen=True, slots=True)
class Selected:
    """What somebody chose: units of a SKU in an instance of a group, and what they told about it."""

    group: str
    sku: str
    instance: int = 1
    quantity: int = 1
    characteristics: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Service:
    """What an address can have of one technology, and from when."""

    category: str
    technology: str
    download_mbps: int
    day: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Who asks, in which country and language, about which address. `stock` has the day for each SKU that is stocked:
    None where no store can hand it over."""

    buyer: Buyer
    country: str
    language: str = "en"
    names: Mapping[str, str] = field(default_factory=dict)
    stock: Mapping[str, dt.date | None] = field(default_factory=dict)
    services: Sequence[Service] | None = None

    def name(self, sku: str) -> str:
        return self.names.get(sku, sku)


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version of an offer, ready to be configured: the document by the numbers of its structure."""

    document: OfferDocument
    structure: Structure
    groups: tuple[Group, ...]
    options: tuple[Option, ...]
    terms: tuple[OptionTerms, ...]
    bundle: BundleTerms
    listed: Mapping[str, Listed]
    tax_included: bool

    def code(self, key: Key) -> str:
        """The code of the group that a chosen option lies in."""
        return self.structure.groups[self.structure.options[key[0]].group].code

    def sku(self, key: Key) -> str:
        """The SKU of a chosen option."""
        return self.structure.options[key[0]].sku


@dataclass(frozen=True, slots=True)
class Change:
    """Units to add, or below 0 to take away."""

    group: str
    instance: int
    sku: str
    units: int


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule, in one sentence, with the smallest change that mends it, in another and for a program.
    `characteristic` is the name of the one that is missing or wrong."""

    code: str
    message: str
    remedy: str
    group: str | None = None
    instance: int | None = None
    sku: str | None = None
    changes: tuple[Change, ...] = ()
    characteristic: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One option as chosen: its values as they are kept, the first day on which it works and by which network."""

    option: int
    group: str
    instance: int
    sku: str
    quantity: int
    values: Mapping[str, str]
    available_from: dt.date | None
    technology: str = ""

    @property
    def key(self) -> tuple[str, int, str]:
        """As `price_lines.PriceLine.key`."""
        return (self.group, self.instance, self.sku)


@dataclass(frozen=True, slots=True)
class Judged:
    """The choice as understood, and all that is wrong with it."""

    lines: tuple[Line, ...]
    violations: tuple[Violation, ...]

    @property
    def valid(self) -> bool:
        return not self.violations

    @property
    def promise_date(self) -> dt.date | None:
        """The first day on which all of it works; None while something is wrong or has no day."""
        days = [line.available_from for line in self.lines]
        if not self.valid or not days or None in days:
            return None
        return max(day for day in days if day is not None)


def compile_offer(
    document: OfferDocument, listed: Mapping[str, Listed], *, country: str, tax_included: bool = False
) -> Compiled:
    """A document that `validation.problems` has nothing against, ready to be configured.

    `listed` is what the channel sells by SKU: without prices of its own an option costs what it costs alone, and
    without taxes of its own the offer is taxed as its products are.
    """
    built = structure.build(document, {sku: one.product for sku, one in listed.items()})
    by_code = {group.code: group for group in document.groups}
    groups = tuple(by_code[group.code] for group in built.groups)
    sources = {(group.code, option.sku): option for group in document.groups for option in group.options}
    options = tuple(sources[built.groups[option.group].code, option.sku] for option in built.options)
    return Compiled(
        document=document,
        structure=built,
        groups=groups,
        options=options,
        terms=tuple(default_terms.of_option(one, document, listed) for one in options),
        bundle=default_terms.of_bundle(document, listed, country=country, tax_included=tax_included),
        listed=listed,
        tax_included=tax_included,
    )
