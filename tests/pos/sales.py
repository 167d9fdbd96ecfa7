"""What the tests of the point of sale do again and again, in one word each."""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kernel import clock
from kernel.money import round_half_up, tax_on
from plugins.pos import services
from plugins.pos.checks import LineDraft, SaleDraft, TenderDraft

PRICES = {"PHONE": ("499.00", "0.0825"), "CASE": ("19.99", "0.0825"), "PLAN": ("35.00", "0")}


def line(sku, quantity=1, *, serials=(), price=None, discount="0", **values) -> LineDraft:
    """A line as a register would tell it: its own tax on its own price."""
    listed, rate = PRICES.get(sku, ("10.00", "0"))
    unit = Decimal(price or listed)
    tax = tax_on(unit * quantity - Decimal(discount), Decimal(rate), "USD")
    return LineDraft(
        sku=sku,
        quantity=quantity,
        unit_price=unit,
        discount=Decimal(discount),
        serials=tuple(serials),
        **({"tax": tax} | values),
    )


def sale(*lines, shift, **values) -> SaleDraft:
    """A sale of these lines, paid in cash, told well formed unless the values say otherwise."""
    tax = sum((entry.tax for entry in lines), Decimal(0))
    total = round_half_up(sum((entry.amount for entry in lines), Decimal(0)) + tax, "USD")
    return SaleDraft(
        **{
            "client_id": str(uuid.uuid4()),
            "shift_id": str(shift.client_id),
            "occurred_at": clock.now(),
            "currency": "USD",
            "total": total,
            "tax_total": tax,
            "lines": tuple(lines),
            "tenders": (TenderDraft("CASH", total),) if total else (),
        }
        | values
    )


def codes(errors) -> list[str]:
    return [error.code for error in errors]


@dataclass
class Till:
    """Register R1 with its clerk."""

    counter: Any
    shift: Any = None

    def open(self, *, role="clerk", register="R1", **values):
        caller = self.counter.staff(role, register)
        return services.open_shift(
            **{
                "caller": caller,
                "client_id": str(uuid.uuid4()),
                "store_id": caller.store_id,
                "register_id": caller.register_id,
                "occurred_at": clock.now(),
                "opening_float": Decimal("100.00"),
            }
            | values
        )

    def close(self, counted, *, role="clerk", **values):
        return services.close_shift(
            **{
                "caller": self.counter.staff(role),
                "client_id": str(uuid.uuid4()),
                "shift_id": str(self.shift.client_id),
                "occurred_at": clock.now(),
                "counted_cash": Decimal(counted),
            }
            | values
        )

    def draft(self, *lines, **values) -> SaleDraft:
        return sale(*(lines or [line("CASE")]), shift=self.shift, **values)

    def sync(self, *drafts, role="clerk", register="R1"):
        return services.sync(caller=self.counter.staff(role, register), sales=list(drafts))

    def sell(self, *lines, role="clerk", **values):
        [outcome] = self.sync(self.draft(*lines, **values), role=role)
        return outcome
