"""What makes an entry of a register well formed, and what of it a person should look at. Pure: nothing is read.

`field` of an error is the path within the sale.
"""

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from kernel.devices import SKEW
from kernel.errors import INVALID, NOT_AVAILABLE, REQUIRED, ApiError, raise_all
from kernel.money import quantum, round_half_up
from plugins.carts.contact import ContactChange
from plugins.carts.pricing import line_tax
from plugins.pos import errors

MAX_LINES: Final = 200
MAX_TENDERS: Final = 10
MAX_QUANTITY: Final = 10_000
MAX_AMOUNT: Final = Decimal(10) ** 9
MAX_TEXT: Final = 200


@dataclass(frozen=True, slots=True)
class LineDraft:
    """An article sold, or taken back: then its quantity is negative. Prices in the channel's own terms; discount and
    tax are of the whole line."""

    sku: str
    quantity: int
    unit_price: Decimal
    tax: Decimal
    discount: Decimal = Decimal(0)
    price_reason: str = ""
    serials: tuple[str, ...] = ()
    bundle_id: str = ""
    original_line_id: str = ""
    condition: str = ""

    @property
    def amount(self) -> Decimal:
        """What the line costs, in the channel's own terms."""
        return self.unit_price * self.quantity - self.discount


@dataclass(frozen=True, slots=True)
class TenderDraft:
    """Money taken."""

    method: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SaleDraft:
    """An entry as the register tells it."""

    client_id: str
    shift_id: str
    occurred_at: datetime
    currency: str
    total: Decimal
    tax_total: Decimal
    lines: tuple[LineDraft, ...] = ()
    tenders: tuple[TenderDraft, ...] = ()
    contact: ContactChange | None = None
    cart_id: str = ""
    order_id: str = ""
    offline: bool = field(default=False, compare=False)

    @property
    def is_return(self) -> bool:
        """Whether goods come back by it."""
        return any(line.quantity < 0 or line.original_line_id for line in self.lines)

    @property
    def digest(self) -> str:
        """The same for the same entry, told again; its id and how it was sent are no part of what happened."""
        facts = {name: value for name, value in asdict(self).items() if name not in ("client_id", "offline")}
        # What was recorded before lines knew a condition is still the same.
        for line in facts["lines"]:
            if not line["condition"]:
                del line["condition"]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, default=_plain).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Listed:
    """How the catalogue lists an article; `price` is None when it is not sold (any more)."""

    price: Decimal | None
    tax_rate: Decimal


def check_amount(amount: Decimal, currency: str, *, field: str) -> Decimal:
    """An amount that can be paid, not negative. Errors: INVALID_AMOUNT."""
    if not 0 <= amount < MAX_AMOUNT or amount != round_half_up(amount, currency):
        message = _("This is not an amount in %(currency)s.")
        raise ApiError(errors.INVALID_AMOUNT, message, field=field, params={"currency": currency})
    return round_half_up(amount, currency)


def check_sale(draft: SaleDraft, *, currency: str, prices_include_tax: bool) -> None:
    """Raise what makes the entry malformed: Errors with all that was found, or the one ApiError.

    Codes: INVALID, REQUIRED, NOT_AVAILABLE (returns without their order or the network, other ways to pay),
    WRONG_CURRENCY, INVALID_AMOUNT, INVALID_QUANTITY, TOTAL_MISMATCH, TENDER_MISMATCH. `currency` is the store's.
    """
    if draft.currency != currency:
        message = _("This store sells in %(currency)s.")
        raise ApiError(errors.WRONG_CURRENCY, message, field="currency", params={"currency": currency})
    raise_all(_wrong_return(draft) if draft.is_return else ())
    # What comes back is told with negative figures: they are looked at the other way round.
    told = turned(draft) if draft.is_return else draft
    found = [
        *_wrong_shape(draft),
        *_wrong_lines(told.lines, currency, is_return=draft.is_return),
        *_wrong_tenders(told.tenders, currency, is_return=draft.is_return),
    ]
    found += _wrong_amounts({"total": told.total, "taxTotal": told.tax_total}, currency)
    found = found or list(_wrong_sums(draft, prices_include_tax=prices_include_tax))
    raise_all(found)


def _wrong_shape(draft: SaleDraft) -> Iterator[ApiError]:
    if not draft.lines and not (draft.order_id or draft.cart_id):
        yield ApiError(REQUIRED, _("A sale has at least one line, or names the order that is paid."), field="lines")
    if draft.lines and draft.order_id:
        yield ApiError(INVALID, _("An order is paid without lines; sell other articles on their own."), field="lines")
    yield from _wrong_texts({"cartId": draft.cart_id, "orderId": draft.order_id})
    if len(draft.lines) > MAX_LINES:
        yield _too_many("lines", MAX_LINES)
    if len(draft.tenders) > MAX_TENDERS:
        yield _too_many("tenders", MAX_TENDERS)


def turned(draft: SaleDraft) -> SaleDraft:
    """The entry with the opposite figures."""
    return replace(
        draft,
        total=-draft.total,
        tax_total=-draft.tax_total,
        lines=tuple(
            replace(line, quantity=-line.quantity, discount=-line.discount, tax=-line.tax) for line in draft.lines
        ),
        tenders=tuple(replace(tender, amount=-tender.amount) for tender in draft.tenders),
    )


def _wrong_return(draft: SaleDraft) -> Iterator[ApiError]:
    if draft.offline:
        yield ApiError(NOT_AVAILABLE, _("Goods are taken back with a network only."), field="offline")
    for number, line in enumerate(draft.lines):
        if line.quantity >= 0:
            message = _("What comes back is an entry of its own: sell other articles in another one.")
            yield ApiError(INVALID, message, field=f"lines.{number}.quantity")
        elif not line.original_line_id:
            message = _("Look the order up first: goods come back with the order that they belong to.")
            yield ApiError(NOT_AVAILABLE, message, field=f"lines.{number}.originalLineId")
        yield from _wrong_texts({f"lines.{number}.originalLineId": line.original_line_id})


def _wrong_lines(lines: Sequence[LineDraft], currency: str, *, is_return: bool = False) -> Iterator[ApiError]:
    for number, line in enumerate(lines):
        at = f"lines.{number}"
        if not 1 <= line.quantity <= MAX_QUANTITY:
            message = _("The quantity must be from 1 to %(max)s.")
            yield ApiError(errors.INVALID_QUANTITY, message, field=f"{at}.quantity", params={"max": MAX_QUANTITY})
            continue
        # In a return the discount may bring the price up to what was paid for an uneven share.
        discount = abs(line.discount) if is_return else line.discount
        amounts = {f"{at}.unitPrice": line.unit_price, f"{at}.discount": discount, f"{at}.tax": line.tax}
        yield from _wrong_amounts(amounts, currency)
        if line.discount > line.unit_price * line.quantity:
            yield ApiError(errors.INVALID_AMOUNT, _("The discount is more than the price."), field=f"{at}.discount")
        yield from _wrong_texts({f"{at}.sku": line.sku}, required=True)
        yield from _wrong_texts({f"{at}.priceReason": line.price_reason, f"{at}.bundleId": line.bundle_id})
        yield from _wrong_texts({f"{at}.serials.{index}": text for index, text in enumerate(line.serials)})
        if len(line.serials) > MAX_QUANTITY:
            yield _too_many(f"{at}.serials", MAX_QUANTITY)


def _wrong_tenders(tenders: Sequence[TenderDraft], currency: str, *, is_return: bool = False) -> Iterator[ApiError]:
    for number, tender in enumerate(tenders):
        at = f"tenders.{number}"
        if tender.method not in ("CASH", "CARD"):
            message = _("A register takes cash, and cards on a terminal of its own.")
            yield ApiError(NOT_AVAILABLE, message, field=f"{at}.method")
        if tender.amount == 0:
            yield ApiError(errors.INVALID_AMOUNT, _("Nothing was paid in this way."), field=f"{at}.amount")
        yield from _wrong_amounts({f"{at}.amount": tender.amount}, currency)
        # A card that is paid back by its provider goes through no terminal.
        is_card = tender.method == "CARD" and not is_return
        yield from _wrong_texts({f"{at}.reference": tender.reference}, required=is_card, length=80)


def _wrong_amounts(amounts: Mapping[str, Decimal], currency: str) -> Iterator[ApiError]:
    for at, amount in amounts.items():
        try:
            check_amount(amount, currency, field=at)
        except ApiError as refusal:
            yield refusal


def _wrong_texts(texts: Mapping[str, str], *, required: bool = False, length: int = MAX_TEXT) -> Iterator[ApiError]:
    for at, text in texts.items():
        if required and not text.strip():
            yield ApiError(REQUIRED, _("This must not be empty."), field=at)
        elif len(text) > length or not text.isprintable():
            message = _("Give at most %(max)s characters in one line.")
            yield ApiError(INVALID, message, field=at, params={"max": length})


def _wrong_sums(draft: SaleDraft, *, prices_include_tax: bool) -> Iterator[ApiError]:
    if draft.lines:
        tax = sum((line.tax for line in draft.lines), Decimal(0))
        total = sum((line.amount for line in draft.lines), Decimal(0)) + (0 if prices_include_tax else tax)
        if tax != draft.tax_total:
            yield _mismatch(errors.TOTAL_MISMATCH, "taxTotal", tax, _("The taxes of the lines make %(sum)s."))
        if total != draft.total:
            yield _mismatch(errors.TOTAL_MISMATCH, "total", total, _("The lines make %(sum)s."))
    paid = sum((tender.amount for tender in draft.tenders), Decimal(0))
    if paid != draft.total:
        yield _mismatch(errors.TENDER_MISMATCH, "tenders", paid, _("What was paid makes %(sum)s, not the total."))


def price_exceptions(
    lines: Sequence[LineDraft],
    listed: Mapping[str, Listed],
    *,
    currency: str,
    prices_include_tax: bool,
    may_override: bool,
    quoted: Collection[int] = (),
) -> list[ApiError]:
    """Lines sold otherwise than the catalogue says; a manager's reason makes another price right, as does the quote of
    a bundle for the lines that are `quoted`, by number.

    Codes: NOT_SOLD, PRICE_DIFFERS, TAX_DIFFERS (by more than one minor unit, which rounding may make).
    """
    found: list[ApiError] = []
    for number, line in enumerate(lines):
        if number in quoted:
            continue
        entry = listed[line.sku]
        due = entry.price * line.quantity if entry.price is not None else None
        facts = {"sku": line.sku, "paid": str(line.amount), "listed": str(due), "reason": line.price_reason}
        if due is None:
            message = _("%(sku)s is not sold on its own (any more).")
            found.append(ApiError(errors.NOT_SOLD, message, field=f"lines.{number}.sku", params=facts))
        elif line.amount != due and not (may_override and line.price_reason.strip()):
            message = _("%(sku)s was sold for %(paid)s instead of %(listed)s.")
            found.append(ApiError(errors.PRICE_DIFFERS, message, field=f"lines.{number}.unitPrice", params=facts))
        tax = line_tax(
            unit_price=line.amount,
            quantity=1,
            rate=entry.tax_rate,
            prices_include_tax=prices_include_tax,
            currency=currency,
        )
        if abs(tax - line.tax) > quantum(currency):
            message = _("The tax on %(sku)s was %(taken)s instead of %(due)s.")
            facts = {"sku": line.sku, "taken": str(line.tax), "due": str(tax)}
            found.append(ApiError(errors.TAX_DIFFERS, message, field=f"lines.{number}.tax", params=facts))
    return found


def clock_exceptions(occurred_at: datetime, *, now: datetime, shift_opened_at: datetime) -> list[ApiError]:
    """CLOCK_SKEW for a sale that lies ahead of us or before its shift."""
    if shift_opened_at - SKEW <= occurred_at <= now + SKEW:
        return []
    facts = {"told": occurred_at.isoformat(), "recorded": now.isoformat()}
    message = _("The register's clock said %(told)s when it was %(recorded)s or earlier: set it right.")
    if occurred_at <= now + SKEW:
        message = _("The register says %(told)s, which is before its shift: its clock was changed.")
    return [ApiError(errors.CLOCK_SKEW, message, field="occurredAt", params=facts)]


def _too_many(at: str, most: int) -> ApiError:
    return ApiError(INVALID, _("There are more than %(max)s entries."), field=at, params={"max": most})


def _mismatch(code: str, at: str, amount: Decimal, message: object) -> ApiError:
    return ApiError(code, message, field=at, params={"sum": str(amount)})  # type: ignore[arg-type]


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an entry")
