"""Edits in the dashboard: what they write, and the webhooks that they fire."""

from typing import Any

import pytest
from django.test import Client

from embedded_core import models
from embedded_core.tests.shop import Shop


@pytest.fixture
def admin(shop: Shop) -> Client:
    client = Client()
    client.force_login(models.User.objects.get(email="admin@example.com"))
    return client


@pytest.mark.parametrize(
    "name",
    [
        "product",
        "productvariant",
        "stock",
        "order",
        "warehouse",
        "user",
        "app",
        "webhookdelivery",
        "taxclass",
        "channel",
        "category",
    ],
)
def test_every_list_and_form_opens(shop: Shop, admin: Client, name: str) -> None:
    shop.order()
    assert admin.get(f"/admin/embedded_core/{name}/").status_code == 200
    model = next(model for model in vars(models).values() if getattr(model, "__name__", "").lower() == name)
    row = model.objects.first()
    assert admin.get(f"/admin/embedded_core/{name}/{row.pk}/change/").status_code == 200


def test_only_superusers_get_in(shop: Shop) -> None:
    client = Client()
    assert client.get("/admin/").status_code == 302
    client.force_login(models.User.objects.get(email="ada@example.com"))
    assert client.get("/admin/embedded_core/product/").status_code == 302
    client.force_login(models.User.objects.get(email="clerk@example.com"))
    assert client.get("/admin/embedded_core/product/").status_code == 403


def test_a_user_signs_in_by_email(shop: Shop) -> None:
    client = Client()
    form = {"username": "admin@example.com", "password": "demo-admin-1", "next": "/admin/"}
    assert client.post("/admin/login/", form).status_code == 302


def _form(client: Client, url: str) -> dict[str, Any]:
    """The values that a form shows, as a browser would send them back."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    values: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                values[bound.html_name] = bound.field.prepare_value(value) if hasattr(bound.field, "encoder") else value
    return values


def _saved(client: Client, url: str, **changes: Any) -> None:
    reply = client.post(url, _form(client, url) | changes)
    assert reply.status_code == 302, reply.context["adminform"].form.errors


def test_a_product_edit_fires_product_updated(shop: Shop, admin: Client) -> None:
    row = models.Product.objects.get(slug="phone")
    _saved(admin, f"/admin/embedded_core/product/{row.pk}/change/", name="New phone")
    changed = models.Product.objects.get(slug="phone")
    assert changed.name == "New phone"
    assert changed.updated_at > row.updated_at
    assert shop.events() == ["product_updated"]


def test_a_price_edit_fires_product_variant_updated(shop: Shop, admin: Client) -> None:
    row = models.ProductVariant.objects.get(sku="CASE")
    _saved(admin, f"/admin/embedded_core/productvariant/{row.pk}/change/", **{"listings-0-price": "8.99"})
    assert str(row.listings.get().price) == "8.990"
    assert set(shop.events()) == {"product_variant_updated"}
    assert models.ProductVariant.objects.get(sku="CASE").updated_at > row.updated_at


def test_a_stock_edit_in_the_list_fires_the_stock_event(shop: Shop, admin: Client) -> None:
    rows = list(models.Stock.objects.filter(variant__sku="CASE").order_by("-pk"))
    form: dict[str, Any] = {
        "form-TOTAL_FORMS": len(rows),
        "form-INITIAL_FORMS": len(rows),
        "_save": "Save",
    }
    for number, row in enumerate(rows):
        form |= {f"form-{number}-id": row.pk, f"form-{number}-quantity": row.quantity + (number == 0)}
    reply = admin.post("/admin/embedded_core/stock/?q=CASE", form)
    assert reply.status_code == 302
    rows[0].refresh_from_db()
    assert shop.events() == ["product_variant_stock_updated"]


def test_orders_are_cancelled_and_fulfilled_by_actions(shop: Shop, admin: Client) -> None:
    first, second = shop.order(), shop.order()
    keys = {str(row.number): row.pk for row in models.Order.objects.all()}

    def act(action: str, order: dict[str, Any]) -> str:
        form = {"action": action, "_selected_action": str(keys[order["number"]])}
        return admin.post("/admin/embedded_core/order/", form, follow=True).content.decode()

    assert "is canceled" in act("cancel", first)
    assert "is fulfilled" in act("fulfil", second)
    assert "be canceled" in act("cancel", second)
    assert set(models.Order.objects.values_list("status", flat=True)) == {"CANCELED", "FULFILLED"}
    assert shop.stock("PHONE-64", "S1") == (4, 0)
    assert "order_cancelled" in shop.events()


def test_a_new_password_works_and_an_empty_field_keeps_the_old_one(shop: Shop, admin: Client) -> None:
    user = models.User.objects.get(email="ada@example.com")
    url = f"/admin/embedded_core/user/{user.pk}/change/"
    _saved(admin, url, first_name="Augusta")
    user.refresh_from_db()
    assert user.first_name == "Augusta"
    assert user.check_password("demo-shopper-1")
    _saved(admin, url, new_password="another-one-9")
    user.refresh_from_db()
    assert user.check_password("another-one-9")
