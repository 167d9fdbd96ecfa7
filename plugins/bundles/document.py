"""An offer as data: the document that a merchandiser writes, a version keeps and everything is computed from.

Names follow TMF620. It is JSON; what is not named here is refused. It says nothing about products but their SKUs: what
they are called, cost alone and which attributes they have comes from the catalogue. `JSON_SCHEMA` describes it.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from kernel.errors import Message

MAX_BYTES: Final = 400_000
MAX_MISTAKES: Final = 100
MAX_UNITS: Final = 99
MAX_INSTANCES: Final = 20
MAX_TERM: Final = 60

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f]+$")]
Word = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
Units = Annotated[int, Field(ge=0, le=MAX_UNITS, strict=True)]
Term = Annotated[int, Field(ge=0, le=MAX_TERM, strict=True)]
Age = Annotated[int, Field(ge=0, le=150, strict=True)]


def _exact(value: object) -> object:
    if isinstance(value, float | bool):
        raise ValueError("an amount is written as text, such as “10.00”")
    return value


Amount = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=12, decimal_places=3)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel, populate_by_name=True)


class Text(_Part):
    """What people read, in both languages; Chinese falls back to English."""

    en: Word
    zh_hans: Word | None = Field(default=None, alias="zh-Hans")

    def in_language(self, language: str) -> str:
        """The text for a reader of this language."""
        return self.zh_hans if self.zh_hans and language.lower().startswith("zh") else self.en


class Eligibility(_Part):
    """Who may have it, where and when. An empty list asks for nothing; all that is named must hold."""

    sales_channels: list[Literal["WEB", "MOBILE", "POS", "CALL_CENTER", "KIOSK"]] = Field(default=[], max_length=5)
    stores: list[Word] = Field(default=[], max_length=500, description="Codes of stores")
    regions: list[Word] = Field(default=[], max_length=100, description="States or provinces, as stores name them")
    cities: list[Word] = Field(default=[], max_length=500)
    segments: list[Word] = Field(default=[], max_length=50)
    credit_classes: list[Word] = Field(default=[], max_length=20)
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    valid_from: date | None = Field(default=None, description="First day, in the store's or the country's own time")
    valid_to: date | None = Field(default=None, description="Last day")


class Characteristic(_Part):
    """What is asked about one option: a telephone number, port-in details, an EID."""

    name: Code
    label: Text
    type: Literal["TEXT", "DIGITS", "PHONE_NUMBER", "EID", "DATE", "CHOICE"] = "TEXT"
    required: bool = False
    required_with: Code | None = Field(default=None, description="Required as soon as this other one is given")
    minimum_length: Annotated[int, Field(ge=1, le=100)] = 1
    maximum_length: Annotated[int, Field(ge=1, le=100)] = 60
    choices: list[Word] = Field(default=[], max_length=50)


class Address(_Part):
    """That an option works at an address only, where serviceability says that it does."""

    category: Literal["BROADBAND", "TV", "VOICE", "MOBILE"]
    technologies: list[Word] = Field(default=[], max_length=10, description="Any of these; empty for every technology")
    minimum_download_mbps: Annotated[int, Field(ge=0, le=1_000_000)] = 0


class Option(_Part):
    """A product offered in a group; the limits are of one instance of the group."""

    sku: Sku
    lower_limit: Units = 0
    upper_limit: Units = 1
    default: Units = 0
    terms: list[Term] = Field(default=[], max_length=10, description="Only with these commitments; empty for all")
    eligibility: Eligibility = Eligibility()
    characteristics: list[Characteristic] = Field(default=[], max_length=20)
    address: Address | None = None
    prices: dict[str, Any] = Field(default={}, description="What it costs here: see docs/offers.md")


class Group(_Part):
    """Options, and groups within it, of which one instance takes between the lower and the upper limit in all."""

    code: Code
    label: Text
    parent: Code | None = None
    lower_limit: Units = 0
    upper_limit: Units = 1
    minimum_instances: Annotated[int, Field(ge=0, le=MAX_INSTANCES, strict=True)] | None = Field(
        default=None, description="How often it must be taken; once when its lower limit is above 0"
    )
    maximum_instances: Annotated[int, Field(ge=1, le=MAX_INSTANCES, strict=True)] = 1
    options: list[Option] = Field(default=[], max_length=500)

    @property
    def needed(self) -> int:
        """How often it must be taken where its parent is."""
        return self.minimum_instances if self.minimum_instances is not None else int(self.lower_limit > 0)


class Selector(_Part):
    """Options of the offer: those with one of the SKUs, in one of the groups or of one of the kinds."""

    skus: list[Sku] = Field(default=[], max_length=500)
    groups: list[Code] = Field(default=[], max_length=100)
    kinds: list[Literal["DEVICE", "PLAN", "SERVICE", "ACCESSORY", "SIM", "OTHER"]] = Field(default=[], max_length=6)


class Rule(_Part):
    """A relationship between options. `within` a repeatable group it holds in each instance of it by itself.

    REQUIRES: with any of `when` (always, when that is missing) at least `atLeast` units of `then`. EXCLUDES: not both.
    COMPATIBLE: each of `when` shares a value of `attribute` with each of `then`; who lacks the attribute fits all.
    """

    code: Code
    kind: Literal["REQUIRES", "EXCLUDES", "COMPATIBLE"]
    within: Code | None = None
    when: Selector | None = None
    then: Selector
    at_least: Annotated[int, Field(ge=1, le=MAX_UNITS, strict=True)] = 1
    attribute: Code | None = None
    then_attribute: Code | None = Field(default=None, description="The other side's name for it where it differs")
    message: Text | None = None


class OfferDocument(_Part):
    """An offer: its commitments, its groups, its rules and who may have it."""

    name: Text
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    terms: list[Term] = Field(min_length=1, max_length=10, description="Commitments in months; 0 is none")
    default_term: Term | None = None
    eligibility: Eligibility = Eligibility()
    groups: list[Group] = Field(min_length=1, max_length=200)
    rules: list[Rule] = Field(default=[], max_length=300)
    prices: dict[str, Any] = Field(default={}, description="What holds for the whole offer: discounts, fees, taxes")
    carriers: dict[Code, Sku] = Field(
        default={},
        max_length=50,
        description="The SKU that carries in the core what is paid today for no product: by a fee's code, DEPOSIT, TAX",
    )

    @property
    def first_term(self) -> int:
        """The commitment that is shown first."""
        return self.terms[0] if self.default_term is None else self.default_term

    @property
    def skus(self) -> list[str]:
        """Every SKU that it offers, once."""
        return list(dict.fromkeys(option.sku for group in self.groups for option in group.options))

    @property
    def all_skus(self) -> list[str]:
        """The same with those that carry fees, deposits and tax in the core."""
        return list(dict.fromkeys([*self.skus, *self.carriers.values()]))


JSON_SCHEMA: Final = OfferDocument.model_json_schema(by_alias=True)


class MalformedError(ValueError):
    """The document is not of the form. `mistakes` are (dotted path, what is wrong)."""

    def __init__(self, mistakes: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{path}: {text}" for path, text in mistakes))
        self.mistakes = mistakes


def read(raw: Mapping[str, Any]) -> OfferDocument:
    """The document. Raises MalformedError with the first MAX_MISTAKES."""
    try:
        return OfferDocument.model_validate(raw)
    except ValidationError as error:
        raise malformed(error) from error


def malformed(error: ValidationError, *, within: str = "") -> MalformedError:
    """What pydantic found, in one sentence each; the paths lie within another."""
    found = error.errors(include_url=False)[:MAX_MISTAKES]
    return MalformedError([(".".join(map(str, (*filter(None, [within]), *one["loc"]))), _said(one)) for one in found])


_SAID: Final[dict[str, Message]] = {
    "missing": _("This is missing."),
    "extra_forbidden": _("There is no such field."),
    "int_type": _("A whole number is expected."),
    "string_type": _("Text is expected."),
    "string_too_short": _("This is missing."),
    "string_too_long": _("At most %(max_length)s characters."),
    "greater_than_equal": _("At least %(ge)s."),
    "less_than_equal": _("At most %(le)s."),
    "too_long": _("At most %(max_length)s entries."),
    "too_short": _("At least one is needed."),
    "literal_error": _("It is one of: %(expected)s."),
    "date_from_datetime_parsing": _("A day is expected, such as 2026-03-31."),
    "date_type": _("A day is expected, such as 2026-03-31."),
    "date_parsing": _("A day is expected, such as 2026-03-31."),
    "decimal_parsing": _("An amount is expected, such as 10.00."),
    "list_type": _("A list is expected."),
    "dict_type": _("An object is expected here."),
    "model_type": _("An object is expected here."),
}


def _said(one: Any) -> str:
    if one["type"] == "string_pattern_mismatch":
        return gettext("“%(value)s” is not written as it must be.") % {"value": str(one["input"])[:60]}
    said = _SAID.get(one["type"])
    return str(said) % one.get("ctx", {}) if said is not None else str(one["msg"])
