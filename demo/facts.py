"""`make demo-facts`: what a visitor, a script or a test needs to try the demonstration, as one JSON object."""

import datetime as dt
import json
import os
import sys

import django

from demo import load, operator, premises
from demo.machine import Machine

SERIALS_SHOWN = 20


def main() -> int:
    machine = Machine.here()
    if not (machine.var / "demo" / "loaded").exists():
        print("error: There is no demonstration yet. Start the suite once: make run", file=sys.stderr)
        return 1
    os.environ.update(machine.suite_environment())
    django.setup()
    print(json.dumps(facts(machine), indent=2))
    return 0


def facts(machine: Machine) -> dict[str, object]:
    """The facts, read from the database where they may have changed since the loading."""
    from plugins.staff import tokens

    made = operator.build()
    return {
        "channel": operator.CHANNELS[0]["slug"],
        "graphql_url": f"{machine.url}/graphql/",
        "registers": [
            {
                "store_id": load.store_id(shop.code),
                "register_id": load.register_id(shop.code, number),
                "token": tokens.register_token(load.register_id(shop.code, number)),
            }
            for shop in made.shops
            for number in range(1, load.REGISTERS_A_STORE + 1)
        ],
        "staff": [{"code": code, "pin": pin, "role": role} for code, _name, role, pin in operator.STAFF],
        "premises": _premises(),
        "offers": _offers(),
        "serials": _serials(),
        "shopper": {key: operator.SHOPPER[key] for key in ("email", "password")},
        "admin": {key: operator.ADMIN[key] for key in ("user", "password")},
    }


def _premises() -> dict[str, str]:
    """Three addresses; the capacity of the second opens in twelve days from now."""
    premises.keep_twelve_days(dt.datetime.now(dt.UTC).date())
    return {
        "fibre_ready": premises.FIBRE_READY,
        "capacity_opens_in_12_days": premises.LATER,
        "not_serviceable": premises.NOTHING,
    }


def _offers() -> list[str]:
    """Codes of the offers of devices, plans and services that the first channel sells now."""
    from plugins.bundles.models import Offer

    sold = Offer.objects.filter(channel_id=operator.CHANNELS[0]["slug"], current__isnull=False)
    return list(sold.values_list("code", flat=True))


def _serials() -> list[dict[str, str]]:
    """Units that the first channel can sell now: in stock, of a SKU that is available in their store."""
    from inventory import selectors
    from inventory.models import Unit

    units = Unit.objects.filter(
        state=Unit.State.IN_STOCK, identifier_type="IMEI", store__country=operator.CHANNELS[0]["country"]
    ).select_related("item")
    shown: list[dict[str, str]] = []
    seen: set[str] = set()
    for unit in units.order_by("pk")[: SERIALS_SHOWN * 20]:
        if unit.item_id in seen or unit.store_id is None:
            continue
        seen.add(unit.item_id)
        available = selectors.availability([unit.item_id], [str(unit.store_id)])
        if available.get((unit.item_id, str(unit.store_id)), 0) > 0:
            shown.append({"sku": unit.item_id, "imei": unit.identifier, "store_id": str(unit.store_id)})
        if len(shown) == SERIALS_SHOWN:
            break
    return shown


if __name__ == "__main__":
    sys.exit(main())
