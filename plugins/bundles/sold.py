"""What is kept of a quote, so that its price can be worked out again though the catalogue has changed since. Pure.

The choice without what is personal in it, and a basis: the listed prices it was made of, the day, the place and what
the server knew of the buyer.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from plugins.bundles import quoting
from plugins.bundles.compiled import Asking, Compiled, Judged, Line, Selected, compile_offer
from plugins.bundles.default_terms import Listed
from plugins.bundles.document import read
from plugins.bundles.eligibility import Buyer
from plugins.bundles.price_lines import BundlePrice
from plugins.bundles.quoting import PAYMENT, TRADE_IN
from plugins.bundles.structure import Product

# What the price depends on; all else that is told about an option is the customer's own.
PRICED: Final = frozenset({PAYMENT, TRADE_IN})


def selections_of(judged: Judged) -> list[dict[str, Any]]:
    """The choice as it is kept: with the values that bear on its price alone."""
    return [
        {
            "group": line.group,
            "instance": line.instance,
            "sku": line.sku,
            "quantity": line.quantity,
            "values": {name: value for name, value in line.values.items() if name in PRICED},
        }
        for line in judged.lines
    ]


def personal_of(judged: Judged) -> list[dict[str, Any]]:
    """What else was told: numbers to bring, PINs, EIDs."""
    found = [
        {
            "group": line.group,
            "instance": line.instance,
            "sku": line.sku,
            "values": {name: value for name, value in line.values.items() if name not in PRICED},
        }
        for line in judged.lines
    ]
    return [one for one in found if one["values"]]


def selected(selections: Sequence[Mapping[str, Any]], personal: Sequence[Mapping[str, Any]]) -> list[Selected]:
    """The choice as the configurator takes it, of what was kept."""
    own = {(one["group"], one["instance"], one["sku"]): one["values"] for one in personal}
    return [
        Selected(
            one["group"],
            one["sku"],
            one["instance"],
            one["quantity"],
            tuple((one["values"] | own.get((one["group"], one["instance"], one["sku"]), {})).items()),
        )
        for one in selections
    ]


def basis_of(compiled: Compiled, judged: Judged, asking: Asking) -> dict[str, Any]:
    """All that the price was made of beside the document and the choice."""
    buyer = asking.buyer
    skus = dict.fromkeys([*(line.sku for line in judged.lines), *compiled.document.carriers.values()])
    return {
        "day": buyer.day.isoformat(),
        "country": asking.country,
        "region": buyer.region,
        "salesChannel": buyer.sales_channel,
        "segment": buyer.segment,
        "creditClass": buyer.credit_class,
        "taxIncluded": compiled.tax_included,
        "listed": {sku: _listed(compiled.listed[sku]) for sku in skus},
    }


def _listed(one: Listed) -> dict[str, str | None]:
    price = None if one.price is None else str(one.price)
    return {"kind": one.product.kind, "price": price, "taxRate": str(one.tax_rate)}


def price(
    document: Mapping[str, Any], term: int, selections: Sequence[Mapping[str, Any]], basis: Mapping[str, Any]
) -> BundlePrice:
    """What these cost when they were quoted."""
    listed = {
        sku: Listed(
            Product(one["kind"]), None if one["price"] is None else Decimal(one["price"]), Decimal(one["taxRate"])
        )
        for sku, one in basis["listed"].items()
    }
    compiled = compile_offer(read(document), listed, country=basis["country"], tax_included=basis["taxIncluded"])
    buyer = Buyer(
        day=dt.date.fromisoformat(basis["day"]),
        sales_channel=basis["salesChannel"],
        region=basis["region"],
        segment=basis["segment"],
        credit_class=basis["creditClass"],
    )
    lines = tuple(
        Line(
            compiled.structure.index[one["group"], one["sku"]],
            one["group"],
            one["instance"],
            one["sku"],
            one["quantity"],
            one["values"],
            None,
        )
        for one in selections
    )
    asking = Asking(buyer=buyer, country=basis["country"])
    return quoting.price(compiled, Judged(lines, ()), asking, term)
