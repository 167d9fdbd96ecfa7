"""Orders that others make in the core and that hold goods with rules of ours: listed for a person.

In Saleor the order guard is not asked about drafts and bulk orders, nor while it is off.
"""

from django.conf import settings
from django.db import transaction

from commerce.records import CoreOrderStock
from kernel import audit, clock
from kernel.locks import lock_rows
from plugins.carts.models import UncheckedOrder
from plugins.catalogue.models import Variant
from plugins.order_guard import verdict

# A draft sells nothing yet.
_DRAFT = "DRAFT"


def note(found: CoreOrderStock) -> None:
    """List a foreign order if it sells guarded goods; what is listed stays, with the core's present status."""
    known = UncheckedOrder.objects.filter(core_id=found.id)
    if found.status == _DRAFT or known.update(status=found.status):
        return
    skus = guarded(found)
    if skus:
        # Its events may be handled twice at once.
        UncheckedOrder.objects.bulk_create(
            [
                UncheckedOrder(
                    core_id=found.id, number=found.number, channel=found.channel, status=found.status, skus=skus
                )
            ],
            ignore_conflicts=True,
        )


def guarded(found: CoreOrderStock) -> list[str]:
    """The SKUs in an order that are of a kind in ORDER_GUARD_KINDS, sorted."""
    kinds = verdict.kinds_of(settings.ORDER_GUARD_KINDS)
    rows = Variant.objects.filter(pk__in=found.variants, product__kind__in=kinds)
    return sorted(rows.values_list("sku", flat=True))


@transaction.atomic
def settle(*, ids: list[int], actor: str) -> int:
    """A person has looked into these orders; returns how many were open."""
    rows = lock_rows(UncheckedOrder.objects.filter(pk__in=ids, settled_at=None))
    for row in rows:
        row.settled_at, row.settled_by = clock.now(), actor
        row.save(update_fields=["settled_at", "settled_by"])
        audit.record(
            actor=actor,
            action="unchecked_order.settled",
            subject=f"unchecked_order:{row.pk}",
            detail={"order": row.number},
        )
    return len(rows)
