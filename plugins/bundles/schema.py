"""GraphQL of bundles. It only translates: see `configurator` and `quoting`."""

import datetime as dt
from enum import Enum

import strawberry

from kernel import clock
from kernel.api import Info, MoneyType, PageInfo, caller, language, page
from kernel.errors import ApiError
from kernel.money import Money
from plugins.bundles import configurator, effects, explaining, monthly, quotes, quoting, selectors
from plugins.bundles.asked import choices
from plugins.bundles.compiled import Asking, Compiled, Judged, Selected, Violation
from plugins.bundles.document import Characteristic
from plugins.bundles.effects import Effect
from plugins.bundles.eligibility import Buyer
from plugins.bundles.price_lines import BundlePrice, PriceLine
from plugins.bundles.quotes import Asked
from plugins.bundles.selectors import Loaded
from plugins.bundles.terms import OptionTerms
from plugins.catalogue.models import Channel
from plugins.catalogue.schema import ContextInput, MonthlyPrice, channel_of


@strawberry.input
class CharacteristicInput:
    name: str
    value: str


@strawberry.input
class BundleSelectionInput:
    group: str
    instance: int = strawberry.field(
        default=1, description="Which instance of a group that may be taken more than once."
    )
    sku: str
    quantity: int = 1
    characteristics: list[CharacteristicInput] | None = strawberry.field(
        default=None, description="Validated by the product: telephone number, port-in details, EID, ..."
    )


@strawberry.input
class BundleConfigurationInput:
    offer_code: str
    term: int
    selections: list[BundleSelectionInput]
    qualification_id: strawberry.ID | None = strawberry.field(
        default=None, description="A saved qualification of the address, where a selection depends on it."
    )


@strawberry.enum
class CharacteristicType(Enum):
    TEXT = "TEXT"
    DIGITS = "DIGITS"
    PHONE_NUMBER = "PHONE_NUMBER"
    EID = "EID"
    DATE = "DATE"
    CHOICE = "CHOICE"


@strawberry.type
class CharacteristicChoice:
    value: str
    label: str
    worth: MoneyType | None = strawberry.field(
        description="What an old device of this grade brings today, where it is traded in."
    )


@strawberry.type
class BundleCharacteristic:
    name: str
    label: str
    type: CharacteristicType
    required: bool
    required_with: str | None = strawberry.field(description="Required as soon as this other one is given.")
    minimum_length: int
    maximum_length: int
    choices: list[CharacteristicChoice]


@strawberry.type
class BundleOption:
    sku: str
    name: str
    lower_limit: int
    upper_limit: int
    default: int
    characteristics: list[BundleCharacteristic] = strawberry.field(
        description="What may or must be told about it: number, port-in details, EID, an old device's grade, ..."
    )


@strawberry.type
class BundleGroup:
    code: str
    label: str
    parent: str | None = strawberry.field(description="Code of the group that holds it.")
    lower_limit: int = strawberry.field(
        description="How many units in all one instance of this group needs and allows, its sub-groups counted."
    )
    upper_limit: int
    minimum_instances: int = strawberry.field(description="How many times it must be taken where its parent is.")
    maximum_instances: int = strawberry.field(
        description="How many times the group may be taken, for example the lines of a family plan; 1 for most."
    )
    options: list[BundleOption]


@strawberry.type
class BundleOffer:
    id: strawberry.ID
    code: str
    name: str
    version: int
    terms: list[int] = strawberry.field(description="Commitment lengths in months that may be chosen; 0 is none.")
    groups: list[BundleGroup] = strawberry.field(description="All groups, parents before children.")
    monthly_price_from: MonthlyPrice


@strawberry.type
class BundleOfferEdge:
    cursor: str
    node: BundleOffer


@strawberry.type
class BundleOfferConnection:
    edges: list[BundleOfferEdge]
    page_info: PageInfo


@strawberry.type
class BundleChange:
    group: str
    instance: int
    sku: str
    units: int = strawberry.field(description="To add; below 0 to take away.")


@strawberry.type
class BundleViolation:
    code: str
    message: str
    group: str | None
    instance: int | None
    sku: str | None
    characteristic: str | None = strawberry.field(description="The name of the one that is missing or wrong.")
    remedy: str
    changes: list[BundleChange] = strawberry.field(description="The remedy, for a program.")


@strawberry.type
class PriceStep:
    label: str
    amount: MoneyType


@strawberry.type
class BundlePriceLine:
    sku: str
    name: str
    group: str
    instance: int
    quantity: int
    one_time: MoneyType
    recurring: MoneyType
    instalment_months: int | None = strawberry.field(description="Set when the device is paid in instalments.")
    instalment: MoneyType | None
    available_from: dt.date | None
    first_bill: MoneyType = strawberry.field(description="Its part of the first bill.")
    explanation: list[PriceStep] = strawberry.field(description="Why this price: list price, then each adjustment.")


@strawberry.type
class BundleOptionEffect:
    """By how much the choice would cost more (or less) with an option: one more of it, or it instead of `replaces`."""

    group: str
    instance: int
    sku: str
    chosen: bool
    replaces: str | None
    due_today: MoneyType | None = strawberry.field(description="Null where it has no price so, or no room.")
    monthly: MoneyType | None

    @classmethod
    def of(cls, one: Effect) -> "BundleOptionEffect":
        return cls(
            group=one.group,
            instance=one.instance,
            sku=one.sku,
            chosen=one.chosen,
            replaces=one.replaces,
            due_today=MoneyType.of(one.due_today) if one.due_today is not None else None,
            monthly=MoneyType.of(one.monthly) if one.monthly is not None else None,
        )


@strawberry.type
class BundleConfiguration:
    asked: strawberry.Private[Asked]
    valid: bool
    violations: list[BundleViolation] = strawberry.field(
        description="Every broken rule, each with the smallest change that mends it."
    )
    due_today: MoneyType
    monthly: MoneyType = strawberry.field(
        description="What is paid each month once everything works; first months that differ are in `lines`."
    )
    total_over_term: MoneyType = strawberry.field(description="Everything paid over the term.")
    lines: list[BundlePriceLine]
    promise_date: dt.date | None = strawberry.field(
        description="First day on which all of it works, the latest of its lines; null while invalid."
    )
    exit_costs: list[MoneyType] = strawberry.field(
        description="What leaving after each month would cost, month 0 to the term."
    )
    first_bill: MoneyType = strawberry.field(description="What the first bill says, its first period by the day.")
    first_bill_date: dt.date
    first_bill_days: int = strawberry.field(description="How many days of the first period are served ...")
    first_bill_of_days: int = strawberry.field(description="... of so many that it has.")
    valid_until: dt.datetime = strawberry.field(
        description="Prices and dates are those of the buyer's day: after this moment it must be asked again."
    )

    @strawberry.field(
        description="What each option of a group that can be had would change of the price, at most 100 of them; of a "
        "group that repeats for one `instance`. Worked out only where it is asked for: ask for the group that is shown."
    )
    def option_effects(self, group: str, instance: int = 1) -> list[BundleOptionEffect]:
        asked = self.asked
        found = effects.effects(
            asked.loaded.compiled, asked.judged, asked.asking, asked.term, group=group, instance=instance
        )
        return [BundleOptionEffect.of(one) for one in found]


@strawberry.type
class Query:
    @strawberry.field(
        description="Device-plus-plan offers that may be sold in this context; those that can hold `sku` when it is "
        "given."
    )
    def bundle_offers(
        self,
        info: Info,
        context: ContextInput,
        sku: str | None = None,
        first: int | None = 20,
        after: str | None = None,
    ) -> BundleOfferConnection:
        channel = channel_of(context)
        who = _buyer(info, context, channel)
        spoken = language(info)
        found = [one for one in selectors.holding(selectors.current(channel), sku) if selectors.available(one, who)]
        shown = page(found, first, after)
        edges = [
            BundleOfferEdge(cursor=cursor, node=_offer(one, who, spoken))
            for cursor, one in zip(shown.cursors, shown.rows, strict=True)
        ]
        return BundleOfferConnection(edges=edges, page_info=shown.page_info)

    @strawberry.field(description="Validates and prices a configuration. Changes nothing.")
    def configure_bundle(
        self, info: Info, context: ContextInput, input: BundleConfigurationInput
    ) -> BundleConfiguration:
        channel = channel_of(context)
        who = _buyer(info, context, channel)
        loaded = selectors.load(selectors.sold(channel, input.offer_code))
        selectors.require_available(loaded, who)
        asked = quotes.ask(
            loaded,
            who,
            language=language(info),
            term=input.term,
            selections=selected(input),
            qualification_id=input.qualification_id,
        )
        return _configuration(asked)


def _buyer(info: Info, context: ContextInput, channel: Channel) -> Buyer:
    who = caller(info)
    return selectors.buyer(
        channel,
        context.sales_channel.value,
        store_id=context.store_id,
        shopper_id=who.id if who.kind == "shopper" else "",
    )


def selected(input: BundleConfigurationInput) -> list[Selected]:
    """The choice as the configurator takes it."""
    return [
        Selected(
            one.group, one.sku, one.instance, one.quantity,
            tuple((given.name, given.value) for given in one.characteristics or ()),
        )
        for one in input.selections
    ]  # fmt: skip


def _offer(loaded: Loaded, who: Buyer, spoken: str) -> BundleOffer:
    compiled, names = loaded.compiled, loaded.names(spoken)
    obstacles = configurator.obstacles_of(
        compiled, compiled.document.first_term, Asking(buyer=who, country=loaded.version.offer.channel.country)
    )
    groups = [
        BundleGroup(
            code=group.code,
            label=source.label.in_language(spoken),
            parent=source.parent,
            lower_limit=group.lower,
            upper_limit=group.upper,
            minimum_instances=group.needed,
            maximum_instances=group.instances,
            options=[
                BundleOption(
                    sku=option.sku,
                    name=names.get(option.sku, option.sku),
                    lower_limit=option.lower,
                    upper_limit=option.upper,
                    default=option.default,
                    characteristics=[
                        _characteristic(one, compiled.terms[option.index], spoken)
                        for one in compiled.options[option.index].characteristics
                    ],
                )
                for option in (compiled.structure.options[index] for index in group.options)
                if option.index not in obstacles or obstacles[option.index] == "TERM"
            ],
        )
        for group, source in zip(compiled.structure.groups, compiled.groups, strict=True)
    ]
    return BundleOffer(
        id=strawberry.ID(f"{loaded.version.offer_id}:{loaded.version.number}"),
        code=loaded.version.offer_id,
        name=compiled.document.name.in_language(spoken),
        version=loaded.version.number,
        terms=compiled.document.terms,
        groups=groups,
        monthly_price_from=_monthly(loaded, who),
    )


def _characteristic(one: Characteristic, terms: OptionTerms, spoken: str) -> BundleCharacteristic:
    return BundleCharacteristic(
        name=one.name,
        label=one.label.in_language(spoken),
        type=CharacteristicType(one.type),
        required=one.required,
        required_with=one.required_with,
        minimum_length=one.minimum_length,
        maximum_length=one.maximum_length,
        choices=[
            CharacteristicChoice(
                value=each.value, label=each.label, worth=MoneyType.of(each.worth) if each.worth is not None else None
            )
            for each in choices(one, terms)
        ],
    )


def _monthly(loaded: Loaded, who: Buyer) -> MonthlyPrice:
    return MonthlyPrice.of(monthly.told(loaded, selectors.least(loaded, who)))


def _configuration(asked: Asked) -> BundleConfiguration:
    judged, asking = asked.judged, asked.asking
    found = _price(asked.loaded.compiled, judged, asking, asked.term)
    bill = found.first_bill
    days = {(line.group, line.instance, line.sku): line.available_from for line in judged.lines}
    return BundleConfiguration(
        asked=asked,
        valid=judged.valid,
        violations=[_violation(one) for one in judged.violations],
        due_today=MoneyType.of(found.due_today),
        monthly=MoneyType.of(found.monthly),
        total_over_term=MoneyType.of(found.total_over_term),
        lines=[
            _line(line, found, days.get(line.key), billed)
            for line, (_key, billed) in zip(found.lines, bill.lines, strict=True)
        ],
        promise_date=judged.promise_date,
        exit_costs=[MoneyType.of(cost) for cost in found.exit_costs],
        first_bill=MoneyType.of(bill.total),
        first_bill_date=bill.date,
        first_bill_days=bill.days,
        first_bill_of_days=bill.of_days,
        valid_until=asking.buyer.day_ends or clock.now(),
    )


def _price(compiled: Compiled, judged: Judged, asking: Asking, term: int) -> BundlePrice:
    """The price; of an invalid choice that has none, nothing."""
    try:
        return quoting.price(compiled, judged, asking, term)
    except ApiError:
        if judged.valid:
            raise
        return quoting.empty_price(compiled, asking, compiled.document.first_term)


def _violation(one: Violation) -> BundleViolation:
    return BundleViolation(
        code=one.code,
        message=one.message,
        group=one.group,
        instance=one.instance,
        sku=one.sku,
        characteristic=one.characteristic,
        remedy=one.remedy,
        changes=[
            BundleChange(group=change.group, instance=change.instance, sku=change.sku, units=change.units)
            for change in one.changes
        ],
    )


def _line(line: PriceLine, found: BundlePrice, day: dt.date | None, billed: Money) -> BundlePriceLine:
    instalment = found.instalment(line)
    return BundlePriceLine(
        sku=line.sku,
        name=line.name,
        group=line.group,
        instance=line.instance,
        quantity=line.quantity,
        one_time=MoneyType.of(line.due_today),
        recurring=MoneyType.of(found.recurring(line)),
        instalment_months=line.instalment_months,
        instalment=MoneyType.of(instalment) if instalment is not None else None,
        available_from=day,
        first_bill=MoneyType.of(billed),
        explanation=[
            PriceStep(label=explaining.label(step), amount=MoneyType.of(step.amount)) for step in line.explanation()
        ],
    )
