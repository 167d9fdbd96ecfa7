"""GraphQL of the point of sale. Resolvers translate; the rules are in the services."""

import datetime as dt
from decimal import Decimal
from typing import Any

import strawberry

from inventory.schema import StoreType
from kernel.api import ApiErrorType, Info, caller, language, mutation
from kernel.money import round_half_up
from plugins.carts.schema import ContactInput, contact_change
from plugins.carts.types import EsimCodeType, OrderType, PaymentMethod
from plugins.catalogue.schema import ChannelType, ProductAttribute, ProductKind, attributes_of
from plugins.pos import esims, models, selectors, services
from plugins.pos.checks import LineDraft, SaleDraft, TenderDraft
from plugins.staff import services as staff


def _errors() -> Any:
    return strawberry.field(default_factory=list)


@strawberry.type
class PosShift:
    id: strawberry.ID = strawberry.field(description="The clientId it was opened with.")
    currency: str
    opened_at: dt.datetime
    closed_at: dt.datetime | None
    opening_float: Decimal
    expected_cash: Decimal | None = strawberry.field(description="Null until counted.")
    counted_cash: Decimal | None
    difference: Decimal | None = strawberry.field(description="Counted less expected.")

    @classmethod
    def of(cls, shift: models.Shift) -> "PosShift":
        def amount(value: Decimal | None) -> Decimal | None:
            return None if value is None else round_half_up(value, shift.currency)

        return cls(
            id=strawberry.ID(str(shift.client_id)),
            currency=shift.currency,
            opened_at=shift.opened_at,
            closed_at=shift.closed_at,
            opening_float=round_half_up(shift.opening_float, shift.currency),
            expected_cash=amount(shift.expected_cash),
            counted_cash=amount(shift.counted_cash),
            difference=amount(shift.difference),
        )


@strawberry.type
class PosSignInPayload:
    token: str | None = None
    expires_at: dt.datetime | None = None
    staff_name: str | None = None
    permissions: list[str] = _errors()
    store: StoreType | None = None
    register_id: strawberry.ID | None = None
    current_shift: PosShift | None = None
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, session: staff.SignedIn) -> "PosSignInPayload":
        shift = selectors.open_shift(session.register.pk)
        return cls(
            token=session.token,
            expires_at=session.expires_at,
            staff_name=session.caller.name,
            permissions=sorted(session.caller.permissions),
            store=StoreType.of(session.register.store),
            register_id=strawberry.ID(session.register.pk),
            current_shift=PosShift.of(shift) if shift else None,
        )


@strawberry.input
class PosShiftOpenInput:
    client_id: strawberry.ID
    store_id: strawberry.ID
    register_id: strawberry.ID
    occurred_at: dt.datetime
    opening_float: Decimal


@strawberry.input
class PosShiftCloseInput:
    client_id: strawberry.ID
    shift_id: strawberry.ID
    occurred_at: dt.datetime
    counted_cash: Decimal
    reason: str | None = None


@strawberry.type
class PosShiftPayload:
    shift: PosShift | None = None
    replayed: bool = False
    errors: list[ApiErrorType] = _errors()

    @classmethod
    def of(cls, outcome: services.ShiftOutcome) -> "PosShiftPayload":
        return cls(shift=PosShift.of(outcome.shift), replayed=outcome.replayed)


@strawberry.input
class PosSaleLineInput:
    sku: str
    quantity: int = strawberry.field(
        description="Negative for a return, which needs `originalLineId`, the line of the order; a serial never sold "
        "here is refused whoever approves. An entry that brings goods back has no other lines; its figures are those "
        "of `Order.refund`."
    )
    unit_price: Decimal
    tax: Decimal
    discount: Decimal = Decimal(0)
    price_reason: str | None = None
    serials: list[str] | None = None
    bundle_id: strawberry.ID | None = None
    original_line_id: strawberry.ID | None = None
    condition: str | None = strawberry.field(
        default=None, description="Of what comes back: AS_NEW (when null), OPENED, DAMAGED or DEFECTIVE."
    )

    def draft(self) -> LineDraft:
        return LineDraft(
            sku=self.sku,
            quantity=self.quantity,
            unit_price=self.unit_price,
            tax=self.tax,
            discount=self.discount,
            price_reason=self.price_reason or "",
            serials=tuple(self.serials or ()),
            bundle_id=str(self.bundle_id or ""),
            original_line_id=str(self.original_line_id or ""),
            condition=self.condition or "",
        )


@strawberry.input
class PosTenderInput:
    method: PaymentMethod
    amount: Decimal
    reference: str | None = strawberry.field(default=None, description="What the card terminal printed; for a card.")


@strawberry.input
class PosSaleInput:
    client_id: strawberry.ID
    shift_id: strawberry.ID
    occurred_at: dt.datetime = strawberry.field(description="When it happened by the register's clock.")
    currency: str
    total: Decimal = strawberry.field(description="What the customer paid, tax included; negative for a return.")
    tax_total: Decimal
    lines: list[PosSaleLineInput]
    tenders: list[PosTenderInput]
    offline: bool = strawberry.field(default=False, description="True when it was made without a network.")
    contact: ContactInput | None = None
    cart_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The claimed cart that it settles; its reservations become the sale's, and it can be settled once. "
        "Without lines: as `orderId`, for the order of this cart.",
    )
    order_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Without lines: the order, collected in this store, whose amount due is paid at the register.",
    )
    approval_token: str | None = strawberry.field(default=None, description="Reserved for returns without an order.")

    def draft(self) -> SaleDraft:
        return SaleDraft(
            client_id=str(self.client_id),
            shift_id=str(self.shift_id),
            occurred_at=self.occurred_at,
            currency=self.currency,
            total=self.total,
            tax_total=self.tax_total,
            lines=tuple(line.draft() for line in self.lines),
            tenders=tuple(
                TenderDraft(tender.method.value, tender.amount, tender.reference or "") for tender in self.tenders
            ),
            contact=contact_change(self.contact),
            cart_id=str(self.cart_id or ""),
            order_id=str(self.order_id or ""),
            offline=self.offline,
        )


@strawberry.input
class PosSyncInput:
    sales: list[PosSaleInput]


@strawberry.type
class PosSaleResult:
    client_id: strawberry.ID
    replayed: bool = strawberry.field(description="True when this clientId had been recorded before.")
    order: OrderType | None
    exceptions: list[ApiErrorType] = strawberry.field(
        description="Facts that a person must settle later, for example stock that went below zero while offline."
    )
    errors: list[ApiErrorType] = strawberry.field(
        description="Why it was not recorded: malformed, or not this register's."
    )
    outcome: strawberry.Private[services.SaleOutcome]

    @strawberry.field(description="How many eSIMs were sold: posEsimCodes has their activation codes for the receipt.")
    def esims(self) -> int:
        return esims.pieces_of(self.outcome.order) if self.outcome.order else 0

    @classmethod
    def of(cls, outcome: services.SaleOutcome) -> "PosSaleResult":
        return cls(
            client_id=strawberry.ID(outcome.client_id),
            replayed=outcome.replayed,
            order=OrderType.of(outcome.order) if outcome.order else None,
            exceptions=[ApiErrorType.of(found) for found in outcome.exceptions],
            errors=[ApiErrorType.of(found) for found in outcome.errors],
            outcome=outcome,
        )


@strawberry.type
class PosSyncPayload:
    sales: list[PosSaleResult] = _errors()
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class PosEsimCodesPayload:
    codes: list[EsimCodeType] = strawberry.field(
        default_factory=list, description="Empty while the profiles are on their way."
    )
    errors: list[ApiErrorType] = _errors()


@strawberry.type
class PosCatalogueItem:
    sku: str
    product_id: strawberry.ID
    barcode: str | None
    name: str
    brand: str | None
    kind: ProductKind
    category: str | None
    attributes: list[ProductAttribute]
    price: Decimal
    tax_rate: Decimal = strawberry.field(description="0.0825 is 8.25 %.")
    serialised: bool
    quantity: int = strawberry.field(description="0 for what is not kept in stock, which is not limited.")

    @classmethod
    def of(cls, item: selectors.CatalogueItem, language: str) -> "PosCatalogueItem":
        variant = item.variant
        path = variant.product.category_path_in(language)
        return cls(
            sku=variant.sku,
            product_id=strawberry.ID(variant.product_id),
            barcode=variant.barcode or None,
            name=variant.full_name_in(language),
            brand=variant.product.brand_in(language) or None,
            kind=ProductKind[variant.kind],
            category=path[-1] if path else None,
            attributes=attributes_of(variant, language),
            price=item.price,
            tax_rate=variant.tax_rate,
            serialised=variant.serialised,
            quantity=item.quantity,
        )


@strawberry.type
class PosCatalogueDelta:
    channel: ChannelType
    cursor: str
    has_more: bool
    items: list[PosCatalogueItem]
    removed_skus: list[str]


@strawberry.type
class Query:
    @strawberry.field(
        description="Everything a register needs to sell without a network, as a delta since `cursor`. Staff only."
    )
    def pos_catalogue(
        self, info: Info, store_id: strawberry.ID, cursor: str | None = None, first: int | None = 1000
    ) -> PosCatalogueDelta:
        count = 1000 if first is None else first
        spoken = language(info)
        delta = selectors.catalogue_delta(
            caller=caller(info), store_id=str(store_id), cursor=cursor, first=count, language=spoken
        )
        return PosCatalogueDelta(
            channel=ChannelType.of(delta.channel),
            cursor=delta.cursor,
            has_more=delta.has_more,
            items=[PosCatalogueItem.of(item, spoken) for item in delta.items],
            removed_skus=delta.removed_skus,
        )


@strawberry.type
class Mutation:
    # Wrong PINs are counted even when the sign-in is refused: no transaction around it.
    @mutation(payload=PosSignInPayload, atomic=False)
    def pos_sign_in(self, info: Info, register_token: str, staff_code: str, pin: str) -> PosSignInPayload:
        return PosSignInPayload.of(staff.sign_in(register_token=register_token, staff_code=staff_code, pin=pin))

    @mutation(payload=PosShiftPayload)
    def pos_shift_open(self, info: Info, input: PosShiftOpenInput) -> PosShiftPayload:
        outcome = services.open_shift(
            caller=caller(info),
            client_id=str(input.client_id),
            store_id=str(input.store_id),
            register_id=str(input.register_id),
            occurred_at=input.occurred_at,
            opening_float=input.opening_float,
        )
        return PosShiftPayload.of(outcome)

    @mutation(payload=PosShiftPayload)
    def pos_shift_close(self, info: Info, input: PosShiftCloseInput) -> PosShiftPayload:
        outcome = services.close_shift(
            caller=caller(info),
            client_id=str(input.client_id),
            shift_id=str(input.shift_id),
            occurred_at=input.occurred_at,
            counted_cash=input.counted_cash,
            reason=input.reason or "",
        )
        return PosShiftPayload.of(outcome)

    # Each sale is a transaction of its own.
    @mutation(
        payload=PosSyncPayload,
        atomic=False,
        description="Records what happened at a register, made online or offline, each judged on its own; one bad "
        "entry stops no other.",
    )
    def pos_sync(self, info: Info, input: PosSyncInput) -> PosSyncPayload:
        outcomes = services.sync(caller=caller(info), sales=[sale.draft() for sale in input.sales])
        return PosSyncPayload(sales=[PosSaleResult.of(outcome) for outcome in outcomes])

    @mutation(
        payload=PosEsimCodesPayload,
        description="The activation codes of the eSIMs of a sale of this store, for the receipt; after a day for a "
        "manager alone. Each look is recorded; the answer is never stored.",
    )
    def pos_esim_codes(self, info: Info, client_id: strawberry.ID) -> PosEsimCodesPayload:
        found = esims.codes(caller=caller(info), client_id=str(client_id))
        return PosEsimCodesPayload(codes=[EsimCodeType.of(code) for code in found])
