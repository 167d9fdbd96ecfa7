"""What the inventory's own documents are called in the history of goods."""

from collections.abc import Collection, Mapping
from typing import Final

from .documents import Document, Find
from .models import ShippingNotice, Transfer, VendorReturn


def _notices(keys: Collection[str]) -> Mapping[str, Document]:
    found = ShippingNotice.objects.in_bulk([int(key) for key in keys])
    return {str(pk): Document(str(row), "inventory_shippingnotice", pk) for pk, row in found.items()}


def _transfers(keys: Collection[str]) -> Mapping[str, Document]:
    return {key: Document(str(Transfer(pk=int(key))), "inventory_transfer", int(key)) for key in keys}


def _vendor_returns(keys: Collection[str]) -> Mapping[str, Document]:
    return {key: Document(str(VendorReturn(pk=int(key))), "inventory_vendorreturn", int(key)) for key in keys}


FINDERS: Final[Mapping[str, Find]] = {
    "notice/": _notices,
    "transfer/": _transfers,
    "vendor-return/": _vendor_returns,
}
"""By how the source keys of their movements begin; the document's id follows."""
