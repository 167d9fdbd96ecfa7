"""What the topics of goods in and out share: bounded lists of pieces, names of articles, and whose document it is."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from inventory import errors
from inventory.services import Counted
from kernel.errors import LIMIT_EXCEEDED, ApiError, Message
from kernel.identity import Caller
from plugins.catalogue.localised import with_variant
from plugins.catalogue.models import Variant
from plugins.staff.permissions import STOCK_AUTHORISE
from plugins.store_operations.acts import Told

MAX_LINES: Final = 200
MAX_SERIALS: Final = 2_000

SHIPMENT_MISSING: Final[Message] = _("This delivery does not exist.")
TRANSFER_MISSING: Final[Message] = _("This transfer does not exist.")
RETURN_MISSING: Final[Message] = _("This return does not exist.")


def bounded(lines: Sequence[Any], serials: int) -> None:
    """Errors: LIMIT_EXCEEDED for more lines or serials than one act may have."""
    for count, limit in ((len(lines), MAX_LINES), (serials, MAX_SERIALS)):
        if count > limit:
            raise ApiError(
                LIMIT_EXCEEDED,
                _("This is too much at once: at most %(limit)s."),
                field="lines",
                params={"limit": limit},
            )


def counted(lines: Sequence[Counted]) -> list[dict[str, Any]]:
    """The lines as facts of an act. Errors: LIMIT_EXCEEDED."""
    bounded(lines, sum(len(line.serials) + len(line.damaged_serials) + len(line.further) for line in lines))
    return [line.contents() for line in lines]


def authorised_by(caller: Caller, told: Told) -> str:
    """Whoever may approve it approves it by doing it; nobody else does."""
    return told.actor if STOCK_AUTHORISE in caller.permissions else ""


def number_of(document_id: str, missing: Message) -> int:
    """The id as a number. Errors: NOT_FOUND."""
    if not document_id.isascii() or not document_id.isdigit() or len(document_id) > 18:
        raise errors.document_not_found(missing)
    return int(document_id)


def article_names(skus: Collection[str], language: str) -> dict[str, str]:
    """What people call these SKUs, those that nobody has named left out. One query."""
    rows = Variant.objects.select_related("product").filter(sku__in=set(skus)).order_by("is_active", "pk")
    return {row.sku: with_variant(row.product.full_name_in(language), row.name_in(language)) for row in rows}
