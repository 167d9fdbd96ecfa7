"""Price terms of an offer as data, in TMF620's words: what is charged, when, to whom and what is owed on leaving.

All are frozen and hashable, check themselves when made (INVALID_PRICE) and hold amounts of one currency. Shares and
rates are fractions: Decimal("0.19") is 19 %. Months count from 1, the first month of the commitment; 0 is the sale.
"""

import dataclasses
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from kernel.errors import ApiError, Message
from kernel.money import Money, quantum
from plugins.bundles.conditions import ALWAYS, Condition
from plugins.bundles.errors import CURRENCY_MISMATCH, INVALID_PRICE

LONGEST_TERM = 120
# The tax categories that the demonstration and the forms offer; a rule may name any other.
DEVICE, SERVICE, FEE, PENALTY, UNTAXED = "device", "service", "fee", "penalty", "untaxed"


class Given(StrEnum):
    """When a credit reaches the customer."""

    AT_SALE = "at_sale"  # at once, and earned month by month
    MONTHLY = "monthly"  # on the bills, one part each month


class OnLeave(StrEnum):
    """What becomes of a credit when the customer leaves before its last month."""

    KEPT = "kept"  # the parts to come are paid out at once
    FORFEITED = "forfeited"  # what is not earned is lost; given at the sale, it is to be paid back
    REPAID = "repaid"  # all that was received is to be paid back


class On(StrEnum):
    """Which side of the price a discount lowers."""

    TODAY = "today"
    MONTHLY = "monthly"


class OnReturn(StrEnum):
    """What a bundle's discount does when a part is given back."""

    SHARE = "share"  # each part keeps its share: the part's own is gone with it
    REPRICE = "reprice"  # the rest must still deserve it: what it no longer deserves is kept from the refund


class TaxDue(StrEnum):
    """When the tax on a device that is paid in instalments is due."""

    AT_SALE = "at_sale"
    BY_INSTALMENT = "by_instalment"


class TaxBase(StrEnum):
    """Whether discounts at the sale lower what is taxed."""

    PRICE = "price"
    LIST = "list"  # as where the unbundled price of a subsidised telephone is taxed


@dataclass(frozen=True, slots=True)
class Ladder:
    """Price of line n: the first, the second, ...; the last rung is for every further one.

    Lines count together that share `code`. With `volume` each line costs what the number of all of them tells.
    """

    code: str
    rungs: tuple[Money, ...]
    volume: bool = False

    def __post_init__(self) -> None:
        _need(bool(self.code) and bool(self.rungs), _("A ladder of prices needs a code and a first rung."))
        _not_negative(*self.rungs)

    def at(self, number: int) -> Money:
        """The price of the line with this number, counted from 1."""
        return self.rungs[min(number, len(self.rungs)) - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTime:
    """Paid once, per unit. `financed`: it may be paid in instalments, as a device's price."""

    code: str
    price: Money | Ladder
    financed: bool = False
    category: str = ""  # of tax; empty: the option's
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _not_negative(self.price)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recurring:
    """Paid each month, per unit, from month `first` for `months` (None: without end). `prorated`: by the day."""

    code: str
    price: Money | Ladder
    first: int = 1
    months: int | None = None
    prorated: bool = True
    category: str = ""
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _not_negative(self.price)
        _need(self.first >= 1 and (self.months is None or self.months >= 1), _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """Paid at the sale per unit and given back: after `returned_after` months, or on leaving. Never taxed."""

    code: str
    amount: Money
    returned_after: int | None = None
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _not_negative(self.amount)
        _need(self.returned_after is None or self.returned_after >= 1, _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """Owed per unit on leaving before `months` are over: `amount`, or `share` of the recurring charges left of them.

    `declining`: the amount goes down evenly, to nothing after the last month.
    """

    code: str
    months: int
    amount: Money | None = None
    share: Decimal | None = None
    declining: bool = False
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _one_of(self.amount, self.share)
        _need(self.months >= 1, _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Usage that is free: so many units a month, None without limit. It costs nothing and says so."""

    code: str
    unit: str
    quantity: Decimal | None = None
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalmentTerms:
    """What is `financed` is paid in `months` equal parts, after a down payment: an amount or a share of the price."""

    months: int
    annual_rate: Decimal = Decimal(0)
    down_payment: Money | None = None
    down_share: Decimal | None = None
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _need(1 <= self.months <= LONGEST_TERM, _("Instalments run for 1 to %(most)d months."), most=LONGEST_TERM)
        _need(0 <= self.annual_rate <= 1, _("A yearly rate is a fraction from 0 to 1."))
        if self.down_payment is not None or self.down_share is not None:
            _one_of(self.down_payment, self.down_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """`total` per unit, spread over `months` from month `first`. See Given and OnLeave."""

    code: str
    total: Money
    months: int
    first: int = 1
    given: Given = Given.MONTHLY
    on_leave: OnLeave = OnLeave.FORFEITED
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _not_negative(self.total)
        _need(self.months >= 1 and self.first >= 1, _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeInTerms:
    """What an old device brings by its grade: its value, off the new one's price, and a promotion over the term."""

    code: str
    values: tuple[tuple[str, Money], ...]
    promotions: tuple[tuple[str, Money], ...] = ()
    promotion_months: int = 24
    on_leave: OnLeave = OnLeave.FORFEITED
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _need(bool(self.values), _("A trade-in needs a value for a grade."))
        _not_negative(*(value for _grade, value in (*self.values, *self.promotions)))
        _need(self.promotion_months >= 1, _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionTerms:
    """All that one option costs. `since` and `until` (the last day) are TMF620's validFor."""

    charges: tuple[OneTime | Recurring | Deposit | Penalty | Allowance, ...] = ()
    instalments: tuple[InstalmentTerms, ...] = ()  # the first whose condition holds is offered
    credits: tuple[Credit, ...] = ()
    trade_ins: tuple[TradeInTerms, ...] = ()
    category: str = SERVICE
    since: dt.date | None = None
    until: dt.date | None = None
    currency: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "currency", _currency(self))
        financed = [each for each in self.charges if isinstance(each, OneTime) and each.financed]
        categories = {each.category or self.category for each in financed}
        _need(len(categories) <= 1, _("What is paid in instalments has one tax category."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Discount:
    """Off the bundle: an amount or a share of what the lines of `groups` (empty: all) cost, allocated over them.

    It needs at least `minimum_units` chosen in these groups. Monthly it runs `months` (None: the whole term).
    """

    code: str
    on: On
    amount: Money | None = None
    share: Decimal | None = None
    groups: frozenset[str] = frozenset()
    minimum_units: int = 1
    months: int | None = None
    on_return: OnReturn = OnReturn.SHARE
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _one_of(self.amount, self.share)
        _need(self.share is None or self.share <= 1, _("A discount is at most the whole price."))
        _need(self.months is None or self.months >= 1, _("Months count from 1."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """A fee or surcharge: an amount, or a share of the charges (today's or the month's, without tax and instalments).

    Per unit chosen in `groups` (empty: all) with `per_unit`, else once for the bundle.
    """

    code: str
    on: On
    amount: Money | None = None
    share: Decimal | None = None
    per_unit: bool = False
    groups: frozenset[str] = frozenset()
    category: str = FEE
    when: Condition = ALWAYS

    def __post_init__(self) -> None:
        _one_of(self.amount, self.share)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """A tax of one jurisdiction, which holds in all that lies within it. Several add up, each rounded by itself."""

    code: str
    jurisdiction: str
    rate: Decimal
    categories: frozenset[str]
    inclusive: bool = False  # the prices contain it
    due: TaxDue = TaxDue.BY_INSTALMENT
    base: TaxBase = TaxBase.PRICE
    trade_in_reduces: bool = False  # what an old device brings is not taxed
    credits_reduce: bool = False  # credits on the bill lower what is taxed on it

    def __post_init__(self) -> None:
        _need(0 <= self.rate <= 1, _("A rate of tax is a fraction from 0 to 1."))
        _need(
            not self.inclusive or self.base is TaxBase.PRICE,
            _("A tax that is contained follows the price that is paid."),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleTerms:
    """What holds for the whole offer; `taxes` are the rules of every place it is sold in."""

    discounts: tuple[Discount, ...] = ()
    fees: tuple[Fee, ...] = ()
    taxes: tuple[TaxRule, ...] = ()
    currency: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "currency", _currency(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One option as it was chosen. `trade_in` is the code of one of its trade-ins with the grade of the old device.

    What is added to a bundle later has the day it was `agreed` and the months that the bundle had run at its `start`.
    """

    sku: str
    group: str
    terms: OptionTerms
    name: str = ""
    instance: int = 1
    quantity: int = 1
    pay_in_full: bool = False
    trade_in: tuple[str, str] | None = None
    agreed: dt.date | None = None  # None: with the bundle
    start: int = 0

    @property
    def key(self) -> tuple[str, int, str]:
        """What tells a line from the others of its bundle."""
        return (self.group, self.instance, self.sku)


def amounts(term: object) -> Iterator[Money]:
    """Every amount in a term, however deep."""
    if isinstance(term, Money):
        yield term
    elif isinstance(term, tuple):
        for each in term:
            yield from amounts(each)
    elif dataclasses.is_dataclass(term):
        for each in dataclasses.fields(term):
            yield from amounts(getattr(term, each.name, None))


def _currency(term: object) -> str:
    found = {money.currency for money in amounts(term)}
    if len(found) > 1:
        raise ApiError(CURRENCY_MISMATCH, _("One option has prices in several currencies."))
    return found.pop() if found else ""


def _not_negative(*prices: Money | Ladder) -> None:
    for price in prices:
        if isinstance(price, Money):
            _need(price.amount >= 0, _("A price cannot be negative."))
            _need(price.amount % quantum(price.currency) == 0, _("A price is finer than its currency's smallest coin."))


def _one_of(amount: Money | None, share: Decimal | None) -> None:
    _need((amount is None) != (share is None), _("Either an amount or a share is needed, not both."))
    if amount is not None:
        _not_negative(amount)
    _need(share is None or 0 <= share <= 1, _("A share is a fraction from 0 to 1."))


def _need(holds: bool, message: Message, **params: object) -> None:
    if not holds:
        raise ApiError(INVALID_PRICE, message, params=params)
