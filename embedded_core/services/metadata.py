"""Public and private metadata of any object, with Saleor's permission for each type."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, QuerySet

from embedded_core import ids
from embedded_core.errors import PermissionDenied, refuse
from embedded_core.models import (
    Category,
    Checkout,
    CheckoutLine,
    Order,
    OrderLine,
    Product,
    ProductType,
    ProductVariant,
    TransactionItem,
    User,
    Warehouse,
)
from embedded_core.requestor import Requestor

# Who may write the public and the private metadata; an empty public tuple means anybody who knows the id.
PERMISSIONS: dict[type[Model], tuple[tuple[str, ...], tuple[str, ...]]] = {
    Category: (("MANAGE_PRODUCTS",), ("MANAGE_PRODUCTS",)),
    Checkout: ((), ("MANAGE_CHECKOUTS", "HANDLE_CHECKOUTS")),
    CheckoutLine: ((), ("MANAGE_CHECKOUTS", "HANDLE_CHECKOUTS")),
    Order: ((), ("MANAGE_ORDERS",)),
    OrderLine: ((), ("MANAGE_ORDERS",)),
    Product: (("MANAGE_PRODUCTS",), ("MANAGE_PRODUCTS",)),
    ProductType: (("MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES",), ("MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES",)),
    ProductVariant: (("MANAGE_PRODUCTS",), ("MANAGE_PRODUCTS",)),
    TransactionItem: (("HANDLE_PAYMENTS",), ("HANDLE_PAYMENTS",)),
    User: (("MANAGE_USERS",), ("MANAGE_USERS",)),
    Warehouse: (("MANAGE_PRODUCTS",), ("MANAGE_PRODUCTS",)),
}
_BY_NAME = {model.__name__: model for model in PERMISSIONS}


def as_dict(
    items: Sequence[dict[str, Any]] | None, *, code: str = "REQUIRED", field: str = "metadata"
) -> dict[str, str]:
    """The keys and values of a list of MetadataInput; refuses an empty key."""
    values = {str(item["key"]).strip(): str(item["value"]) for item in items or ()}
    if "" in values:
        raise refuse(code, "Metadata key cannot be empty.", field)
    return values


def update(*, object_id: str, items: Sequence[dict[str, Any]], private: bool, by: Requestor) -> Model:
    """Set keys of an object's metadata and leave its other keys alone; returns the object."""
    queryset = _queryset(object_id)
    row = ids.get(object_id, queryset.select_for_update(), "id")
    _require(row, private=private, by=by)
    values = as_dict(items, field="input")
    name = "private_metadata" if private else "metadata"
    setattr(row, name, getattr(row, name) | values)
    row.save(update_fields=[name])
    return row


def _queryset(object_id: str) -> "QuerySet[Any]":
    try:
        type_name, _ = ids.parse(object_id)
    except ids.InvalidId as error:
        raise refuse("GRAPHQL_ERROR", str(error), "id") from error
    if type_name not in _BY_NAME:
        raise refuse("NOT_FOUND", f"Couldn't resolve to an item: {object_id}", "id")
    return _BY_NAME[type_name]._default_manager.all()


def _require(row: Model, *, private: bool, by: Requestor) -> None:
    public_permissions, private_permissions = PERMISSIONS[type(row)]
    permissions = private_permissions if private else public_permissions
    if isinstance(row, User):
        if not private and by.user == row:
            return
        permissions = ("MANAGE_STAFF",) if row.is_staff else permissions
    if permissions and not by.has(*permissions):
        raise PermissionDenied(*permissions)
