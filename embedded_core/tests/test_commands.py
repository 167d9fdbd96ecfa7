import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from embedded_core import models
from embedded_core.requestor import from_header
from embedded_core.services import catalogue_load
from embedded_core.tests.shop import Shop, catalogue


def _load(path: Path, data: Any) -> str:
    path.write_text(data if isinstance(data, str) else json.dumps(data))
    out = StringIO()
    call_command("load_catalogue", str(path), stdout=out)
    return out.getvalue()


def test_loading_twice_changes_nothing(db: None, tmp_path: Path) -> None:
    path = tmp_path / "core.json"
    _load(path, catalogue())
    before = list(models.Product.objects.order_by("pk").values())
    assert "0 rows are new and 0 have changed" in _load(path, catalogue())
    assert list(models.Product.objects.order_by("pk").values()) == before
    assert models.Stock.objects.count() == 3 * 4  # three counted variants in four warehouses
    assert not models.WebhookDelivery.objects.exists()


def test_a_change_in_the_file_is_taken_over(db: None, tmp_path: Path) -> None:
    path = tmp_path / "core.json"
    _load(path, catalogue())
    before = models.Product.objects.get(slug="case").updated_at
    other = models.Product.objects.get(slug="phone").updated_at
    data = catalogue()
    data["products"][1]["variants"][0]["listings"]["us"]["price"] = "8.50"
    data["warehouses"][0]["name"] = "Store One"
    data["users"][0]["password"] = "another-secret"
    _load(path, data)
    assert str(models.VariantListing.objects.get(variant__sku="CASE").price) == "8.500"
    assert models.Warehouse.objects.get(slug="S1").name == "Store One"
    assert models.User.objects.get(email="ada@example.com").check_password("another-secret")
    assert models.Product.objects.get(slug="case").updated_at > before
    assert models.Product.objects.get(slug="phone").updated_at == other


def test_stock_and_orders_survive_a_load(shop: Shop) -> None:
    shop.order()
    catalogue_load.load(catalogue())
    assert shop.stock("PHONE-64", "S1") == (5, 1)


def _broken(data: dict[str, Any]) -> None:
    data["channels"] = [{"slug": "us"}]
    data["categories"][0]["parent"] = "phones"
    data["warehouses"][0]["click_and_collect"] = "SOMETIMES"
    data["warehouses"][1]["address"] = {}
    data["attributes"][0]["input_type"] = "COLOUR"
    phone, case, plan = data["products"]
    phone["product_type"] = "ghost"
    phone["attributes"] = {"nothing": ["x"], "esim": ["maybe"], "fits": ["ghost"]}
    phone["variants"][0]["listings"]["us"]["price"] = "cheap"
    phone["variants"][1]["listings"]["moon"] = {"price": "1"}
    phone["variants"].append({"name": "no sku"})
    phone["translations"] = {"zh-hans": {"name": 5}}
    case["variants"][0]["sku"] = "PHONE-128"
    plan["variants"] = None
    data["users"][0]["email"] = "ada"
    data["users"][1]["password"] = ""


def test_every_mistake_is_told_at_once_and_nothing_is_loaded(db: None, tmp_path: Path) -> None:
    data = catalogue()
    _broken(data)
    with pytest.raises(CommandError) as caught:
        _load(tmp_path / "core.json", data)
    told = str(caught.value)
    for part in (
        "Channel 'us' has no currency.",
        "Variant 'PHONE-128' is listed in the channel 'moon', which does not exist.",
        "The translations of product 'phone' must be texts by language.",
        "Category 'devices' is its own ancestor.",
        "Warehouse 'S1' has a click_and_collect",
        "Warehouse 'S2' has no address",
        "Attribute 'brand' has the input type 'COLOUR'",
        "Product 'phone' names the product_type 'ghost'",
        "the attribute 'nothing', which does not exist",
        "the value 'maybe' of 'esim'",
        "refers to the product 'ghost'",
        "Variant 'PHONE-64' has the price 'cheap'",
        "Product 'phone' has a variant without a sku.",
        "Variant 'PHONE-128' occurs twice.",
        "The variants of product 'plan' must be a list",
        "User 'ada' has no valid e-mail address.",
        "User 'admin@example.com' has no password.",
        "nothing was loaded",
    ):
        assert part in told
    assert not models.Product.objects.exists()
    assert not models.User.objects.exists()


@pytest.mark.parametrize(
    ("text", "told"),
    [("{", "not valid JSON"), ("[]", "one JSON object"), ('{"products": {}}', "`products` must be a list")],
)
def test_files_that_are_no_catalogue(db: None, tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(CommandError, match=told):
        _load(tmp_path / "core.json", text)


def test_a_file_that_is_not_there(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_catalogue", str(tmp_path / "nothing.json"))


def _install(path: Path, *options: str) -> None:
    call_command("install_app", "--token-file", str(path), "--name", "suite", *options, stdout=StringIO())


def test_an_app_is_installed_once_and_its_token_is_not_kept(db: None, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("a" * 30 + "\n")
    _install(path, "--webhook-url", "http://127.0.0.1:8000/webhooks/saleor/")
    path.write_text("b" * 30)
    _install(path, "--permission", "MANAGE_ORDERS")
    app = models.App.objects.get()
    assert app.permissions == ["MANAGE_ORDERS"]
    assert "b" * 30 not in app.token_hash
    assert from_header("Bearer " + "b" * 30).app == app
    assert from_header("Bearer " + "a" * 30).app is None


def test_a_token_that_is_missing_short_or_taken(db: None, tmp_path: Path) -> None:
    path = tmp_path / "token"
    with pytest.raises(CommandError, match="cannot be read"):
        _install(path)
    path.write_text("short")
    with pytest.raises(CommandError, match="at least 20"):
        _install(path)
    path.write_text("c" * 30)
    models.App.objects.create(name="other")
    _install(path)
    with pytest.raises(CommandError, match="Another app"):
        call_command("install_app", "--token-file", str(path), "--name", "third")


def test_deliver_webhooks_says_what_is_left(shop: Shop) -> None:
    out = StringIO()
    call_command("deliver_webhooks", stdout=out)
    assert "Everything is delivered" in out.getvalue()
    shop.order()
    out = StringIO()
    call_command("deliver_webhooks", stdout=out)
    assert "3 deliveries wait" in out.getvalue()


def test_the_committed_schema_is_the_served_one() -> None:
    call_command("export_schema", "--check")


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())
