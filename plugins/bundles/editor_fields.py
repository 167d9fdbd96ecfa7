"""The form of an offer's document: which fields each of its parts has, in the merchandiser's words. Pure.

A field's name is its dotted path in the part; a problem's path is that of the field it stands at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.errors import Message
from plugins.catalogue.models import Kind, SalesChannel

Choices = tuple[tuple[str, Message], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One input. `kind` says how it is written and read: see `editor_values`. `known` names a list of suggestions."""

    name: str
    label: Message
    kind: str = "text"
    choices: Choices = ()
    known: str = ""
    help: Message = ""


@dataclass(frozen=True, slots=True)
class Records:
    """A list of parts of one form, or of several by their `type`."""

    name: str
    label: Message
    kinds: Mapping[str, tuple[Message, tuple[Field, ...]]]
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Fields and lists under a heading; `is_open` without a click."""

    title: Message
    fields: tuple[Field, ...] = ()
    records: tuple[Records, ...] = ()
    is_open: bool = True


SALES_CHANNELS: Final[Choices] = tuple(SalesChannel.choices)
KINDS: Final[Choices] = tuple(Kind.choices)
RULE_KINDS: Final[Choices] = (
    ("REQUIRES", _("Requires")),
    ("EXCLUDES", _("Excludes")),
    ("COMPATIBLE", _("Compatible with")),
)
TYPES: Final[Mapping[str, Message]] = {
    "ONE_TIME": _("One-time price"),
    "RECURRING": _("Monthly price"),
    "DEPOSIT": _("Deposit"),
    "PENALTY": _("Charge for leaving early"),
    "ALLOWANCE": _("Included"),
}
_ON: Final[Choices] = (("today", _("Today's price")), ("monthly", _("Monthly price")))
_LEAVING: Final[Choices] = (
    ("forfeited", _("what is to come is lost")),
    ("kept", _("what is to come is paid out")),
    ("repaid", _("all that was received is paid back")),
)
_CONDITIONS: Final = (
    Field("when.terms", _("Only with commitments (months)"), "numbers"),
    Field("when.channels", _("Only in sales channels"), "ticks", SALES_CHANNELS),
    Field("when.segments", _("Only for segments"), "words"),
    Field("when.creditClasses", _("Only for credit classes"), "words"),
    Field("when.jurisdictions", _("Only where it is used"), "words", help=_("For example US-TX.")),
    Field("when.since", _("Only from"), "date"),
    Field("when.until", _("Only until"), "date"),
)
_CODE: Final = Field("code", _("Code"))
_PRICE: Final = Field(
    "price", _("Price"), "price", help=_("Of line 1; of line 2; …: one amount, or several in a row with “;”.")
)
_LADDER: Final = (
    Field("price.code", _("Lines that count together"), "ladder", help=_("A code that they share.")),
    Field("price.volume", _("Each line costs what the number of all tells"), "ladder_flag"),
)
_CATEGORY: Final = Field("category", _("Tax category"), known="categories")
_AMOUNT: Final = Field("amount", _("Amount"), "amount")
_SHARE: Final = Field("share", _("or share, in percent"), "percent")
_MONTHS: Final = Field("months", _("Months"), "number")

ELIGIBILITY: Final = (
    Field("eligibility.salesChannels", _("Sales channels"), "ticks", SALES_CHANNELS),
    Field("eligibility.cities", _("Cities"), "ticks", known="cities"),
    Field("eligibility.regions", _("States or provinces"), "ticks", known="regions"),
    Field("eligibility.stores", _("Stores"), "ticks", known="stores"),
    Field("eligibility.segments", _("Segments"), "words", help=_("One a line.")),
    Field("eligibility.creditClasses", _("Credit classes"), "words", help=_("One a line.")),
    Field("eligibility.minimumAge", _("Youngest age"), "number"),
    Field("eligibility.maximumAge", _("Oldest age"), "number"),
    Field("eligibility.validFrom", _("First day"), "date"),
    Field("eligibility.validTo", _("Last day"), "date"),
)
_WHO: Final = Section(_("For whom, where and when"), ELIGIBILITY, is_open=False)

OFFER: Final = (
    Section(
        _("Offer"),
        (
            Field("name.en", _("Name in English")),
            Field("name.zh-Hans", _("Name in Chinese")),
            Field("currency", _("Currency")),
            Field("terms", _("Commitments (months, 0 for none)"), "numbers", help=_("For example: 24, 36, 0.")),
            Field("defaultTerm", _("Commitment shown first"), "number"),
        ),
    ),
    Section(_("For whom, where and when"), ELIGIBILITY),
    Section(
        _("What carries fees, deposits and tax in the core"),
        (
            Field(
                "carriers",
                _("Code = SKU"),
                "pairs",
                help=_("One a line: a fee's code, DEPOSIT or TAX, and the SKU that carries it."),
            ),
        ),
        is_open=False,
    ),
)

_DISCOUNT: Final = (
    _CODE,
    Field("on", _("Lowers"), "choice", _ON),
    _AMOUNT,
    _SHARE,
    Field("groups", _("Of the groups"), "ticks", known="groups", help=_("None ticked: of all.")),
    Field("minimumUnits", _("From so many units"), "number"),
    _MONTHS,
    Field(
        "onReturn",
        _("When a part is given back"),
        "choice",
        (("share", _("each part keeps its share")), ("reprice", _("the rest must still deserve it"))),
    ),
)
_FEE: Final = (
    _CODE,
    Field("on", _("Charged on"), "choice", _ON),
    _AMOUNT,
    _SHARE,
    Field("perUnit", _("For each unit"), "flag"),
    Field("groups", _("Of the groups"), "ticks", known="groups", help=_("None ticked: of all.")),
    _CATEGORY,
)
_TAX: Final = (
    _CODE,
    Field("jurisdiction", _("Where it is used"), help=_("For example US-TX.")),
    Field("rate", _("Rate in percent"), "percent"),
    Field("categories", _("Tax categories"), "words", help=_("One a line: device, service, fee, penalty, untaxed.")),
    Field("inclusive", _("The prices contain it"), "flag"),
    Field(
        "due",
        _("On instalments due"),
        "choice",
        (("by_instalment", _("with each instalment")), ("at_sale", _("at the sale"))),
    ),
    Field("base", _("On"), "choice", (("price", _("what is paid")), ("list", _("the list price")))),
    Field("tradeInReduces", _("An old device lowers it"), "flag"),
    Field("creditsReduce", _("Credits on the bill lower it"), "flag"),
)
PRICES: Final = (
    Section(
        _("Discounts, fees and taxes of the whole offer"),
        records=(
            Records("prices.discounts", _("Discounts"), {"": (_("Add a discount"), _DISCOUNT)}, conditional=True),
            Records("prices.fees", _("Fees"), {"": (_("Add a fee"), _FEE)}, conditional=True),
            Records("prices.taxes", _("Taxes"), {"": (_("Add a tax"), _TAX)}),
        ),
    ),
)

GROUP: Final = (
    Section(
        _("Group"),
        (
            _CODE,
            Field("label.en", _("Label in English")),
            Field("label.zh-Hans", _("Label in Chinese")),
            Field("parent", _("Lies in"), "choice", known="groups"),
            Field("lowerLimit", _("At least so many units"), "number"),
            Field("upperLimit", _("At most so many units"), "number"),
            Field("minimumInstances", _("Taken at least so often"), "number"),
            Field("maximumInstances", _("Can be repeated so often"), "number", help=_("As the lines of a family.")),
        ),
    ),
)

_CHARACTERISTIC: Final = (
    Field("name", _("Code")),
    Field("label.en", _("Label in English")),
    Field("label.zh-Hans", _("Label in Chinese")),
    Field(
        "type",
        _("Kind of answer"),
        "choice",
        (
            ("TEXT", _("Text")),
            ("DIGITS", _("Digits")),
            ("PHONE_NUMBER", _("Telephone number")),
            ("EID", _("EID of an eSIM")),
            ("DATE", _("Date")),
            ("CHOICE", _("Choice")),
        ),
    ),
    Field("required", _("Must be told"), "flag"),
    Field("requiredWith", _("Must be told with (code)")),
    Field("minimumLength", _("Shortest"), "number"),
    Field("maximumLength", _("Longest"), "number"),
    Field("choices", _("Choices"), "words", help=_("One a line.")),
)
_CHARGES: Final = {
    "ONE_TIME": (
        _("Add a one-time price"),
        (_CODE, _PRICE, *_LADDER, Field("financed", _("May be paid in instalments"), "flag"), _CATEGORY),
    ),
    "RECURRING": (
        _("Add a monthly price"),
        (
            _CODE,
            _PRICE,
            *_LADDER,
            Field("first", _("From month"), "number"),
            _MONTHS,
            Field("prorated", _("First bill by the day"), "flag_on"),
            _CATEGORY,
        ),
    ),
    "DEPOSIT": (
        _("Add a deposit"),
        (_CODE, _AMOUNT, Field("returnedAfter", _("Given back after months"), "number")),
    ),
    "PENALTY": (
        _("Add a charge for leaving early"),
        (
            _CODE,
            _AMOUNT,
            Field("share", _("or share of what is left, in percent"), "percent"),
            _MONTHS,
            Field("declining", _("Goes down evenly"), "flag"),
        ),
    ),
    "ALLOWANCE": (
        _("Add what is included"),
        (_CODE, Field("unit", _("Unit")), Field("quantity", _("Quantity, empty without limit"), "amount")),
    ),
}
_INSTALMENTS: Final = (
    _MONTHS,
    Field("annualRate", _("Interest a year, in percent"), "percent"),
    Field("downPayment", _("Down payment"), "amount"),
    Field("downShare", _("or share of the price, in percent"), "percent"),
)
_CREDIT: Final = (
    _CODE,
    Field("total", _("Credit in all"), "amount"),
    _MONTHS,
    Field("first", _("From month"), "number"),
    Field("given", _("Given"), "choice", (("monthly", _("on the bills")), ("at_sale", _("at the sale")))),
    Field("onLeave", _("On leaving early"), "choice", _LEAVING),
)
_TRADE_IN: Final = (
    _CODE,
    Field("values", _("Value by grade"), "pairs", help=_("One a line: A = 250.00")),
    Field("promotions", _("Promotion by grade"), "pairs"),
    Field("promotionMonths", _("Promotion over months"), "number"),
    Field("onLeave", _("On leaving early"), "choice", _LEAVING),
)
OPTION: Final = (
    Section(
        _("Option"),
        (
            Field("sku", _("SKU")),
            Field("lowerLimit", _("At least so many units"), "number"),
            Field("upperLimit", _("At most so many units"), "number"),
            Field("default", _("Suggested units"), "number"),
            Field("terms", _("Only with commitments (months)"), "numbers"),
        ),
    ),
    Section(
        _("Price"),
        (
            Field("prices.category", _("Tax category"), known="categories"),
            Field("prices.since", _("Sold from"), "date"),
            Field("prices.until", _("Sold until"), "date"),
        ),
        (
            Records("prices.charges", _("Charges"), _CHARGES, conditional=True),
            Records(
                "prices.instalments", _("Instalments"), {"": (_("Add instalments"), _INSTALMENTS)}, conditional=True
            ),
            Records("prices.credits", _("Credits"), {"": (_("Add a credit"), _CREDIT)}, conditional=True),
            Records("prices.tradeIns", _("Old devices"), {"": (_("Add a trade-in"), _TRADE_IN)}, conditional=True),
        ),
    ),
    Section(
        _("What is asked"),
        records=(Records("characteristics", _("Characteristics"), {"": (_("Add a characteristic"), _CHARACTERISTIC)}),),
        is_open=False,
    ),
    _WHO,
    Section(
        _("Works at an address only"),
        (
            Field(
                "address.category",
                _("Service"),
                "choice",
                (("BROADBAND", _("Broadband")), ("TV", _("TV")), ("VOICE", _("Voice")), ("MOBILE", _("Mobile"))),
            ),
            Field("address.technologies", _("Technologies"), "words", help=_("One a line; none for all.")),
            Field("address.minimumDownloadMbps", _("Download of at least Mbit/s"), "number"),
        ),
        is_open=False,
    ),
)


def _selector(side: str) -> tuple[Field, ...]:
    return (
        Field(f"{side}.skus", _("SKUs"), "words", help=_("One a line.")),
        Field(f"{side}.groups", _("Groups"), "ticks", known="groups"),
        Field(f"{side}.kinds", _("Kinds of product"), "ticks", KINDS),
    )


RULE: Final = (
    Section(
        _("Rule"),
        (
            _CODE,
            Field("kind", _("Kind"), "choice", RULE_KINDS),
            Field("within", _("In each instance of"), "choice", known="repeatable"),
            Field("message.en", _("What the customer is told, in English")),
            Field("message.zh-Hans", _("What the customer is told, in Chinese")),
        ),
    ),
    Section(_("With any of these (empty: always)"), _selector("when")),
    Section(
        _("this is needed, excluded or compared"),
        (
            *_selector("then"),
            Field("atLeast", _("At least so many units"), "number"),
            Field("attribute", _("Attribute that must agree")),
            Field("thenAttribute", _("Its name on the other side, where it differs")),
        ),
    ),
)


def fields_of(records: Records, record: Mapping[str, object]) -> tuple[Field, ...]:
    """The fields of one part of a list, by its type."""
    _label, fields = records.kinds.get(str(record.get("type", "")), next(iter(records.kinds.values())))
    return (*fields, *(_CONDITIONS if records.conditional else ()))
