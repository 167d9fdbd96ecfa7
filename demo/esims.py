"""The demonstration's eSIM profiles: a pool for each eSIM that is sold, with made-up codes of no SM-DP+."""

import csv
import io
from typing import Final

from demo import chance, offerings, serials

PROFILES: Final = 200
LOW_WATER: Final = 20
# The kinds of cards in `serials.iccid` from which on these are eSIMs.
FIRST_KIND: Final = 80
# Reserved for documentation by RFC 2606: no device ever loads one of these.
SM_DP: Final = "smdp.example.com"


def load() -> None:
    """Fill the pools that are empty; doing it again changes nothing. Raises ValueError when a profile is refused."""
    from inventory import esim_import
    from inventory.models import EsimPool, EsimProfile

    for kind, sku in enumerate(skus(), start=FIRST_KIND):
        EsimPool.objects.get_or_create(item_id=sku, defaults={"low_water": LOW_WATER})
        if EsimProfile.objects.filter(pool=sku).exists():
            continue
        done = esim_import.bring_in(file=io.BytesIO(profiles(sku, kind)), name="esims.csv", actor="demo", dry_run=False)
        if done.added != PROFILES:
            raise ValueError(f"{sku}: {done.mistakes.found[:3]}")


def skus() -> list[str]:
    """The SKUs that are sold as an eSIM."""
    return [code for _channel, (code, _name, _price, tracking, _words) in offerings.all_sims() if tracking != "ICCID"]


def profiles(sku: str, kind: int) -> bytes:
    """The operator's spreadsheet of a pool."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["sku", "iccid", "activation_code", "profile_type"])
    for unit in range(PROFILES):
        matching = chance.number(16, "esim", sku, unit)
        rows.writerow([sku, serials.iccid(kind, unit), f"LPA:1${SM_DP}${matching}", "consumer"])
    return text.getvalue().encode()
