"""eSIM profiles from the operator's spreadsheet into their pools: all rows, or none and every mistake."""

import re
from dataclasses import dataclass
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from kernel import audit

from . import esim, serials, spreadsheets
from .models import EsimPool, EsimProfile
from .spreadsheets import Mistakes, Row

REQUIRED = ("sku", "iccid", "activation_code")
OPTIONAL = ("profile_type",)

# GSMA SGP.22, 4.1: format, SM-DP+ address, matching id, and optionally its OID and a flag for a confirmation code.
_CODE = re.compile(r"LPA:1\$[A-Za-z0-9.:-]{3,255}\$[A-Z0-9-]{0,255}(\$[0-9.]*){0,1}(\$1?){0,1}")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do."""

    added: int
    mistakes: Mistakes


def bring_in(*, file: IO[bytes], name: str, actor: str, dry_run: bool) -> Outcome:
    """Add the profiles of a file to their pools. With a mistake nothing is added; `dry_run` only looks.

    Raises INVALID for a file that cannot be read.
    """
    mistakes = Mistakes()
    pools = set(EsimPool.objects.values_list("pk", flat=True))
    made: dict[str, EsimProfile] = {}
    for row in spreadsheets.rows(file, name, required=REQUIRED, optional=OPTIONAL, mistakes=mistakes):
        profile = _profile(row, pools, mistakes)
        if profile is None:
            continue
        if profile.iccid in made:
            mistakes.add(row.number, "iccid", _("The number is in the file twice."))
        made[profile.iccid] = profile
    for known in EsimProfile.objects.filter(iccid__in=made).values_list("iccid", flat=True):
        mistakes.add(0, "iccid", _("%(number)s is in a pool already.") % {"number": known})
    if mistakes or dry_run:
        return Outcome(0 if mistakes else len(made), mistakes)
    with transaction.atomic():
        EsimProfile.objects.bulk_create(made.values(), batch_size=2000)
        for sku in sorted({profile.pool_id for profile in made.values()}):
            esim.refilled(sku)
        audit.record(actor=actor, action="esim.imported", subject="esim", detail={"profiles": len(made)})
    return Outcome(len(made), mistakes)


def _profile(row: Row, pools: set[str], mistakes: Mistakes) -> EsimProfile | None:
    before = len(mistakes)
    sku, code = row.cells["sku"], row.cells["activation_code"]
    if sku not in pools:
        mistakes.add(row.number, "sku", _("There is no eSIM pool of %(sku)s.") % {"sku": sku})
    if not _CODE.fullmatch(code):
        # Never what it is: the page may be seen by others, and be kept.
        mistakes.add(row.number, "activation_code", _("Not an activation code: LPA:1$address$matching-id is expected."))
    iccid = ""
    try:
        iccid = serials.normalise("ICCID", row.cells["iccid"])
    except serials.InvalidSerial as problem:
        mistakes.add(row.number, "iccid", str(problem))
    if len(row.cells["profile_type"]) > 60:
        mistakes.add(row.number, "profile_type", _("Longer than %(max)s characters.") % {"max": 60})
    if len(mistakes) > before:
        return None
    kind = row.cells["profile_type"]
    return EsimProfile(pool_id=sku, iccid=iccid, profile_type=kind, sealed_code=esim.sealed(code))
