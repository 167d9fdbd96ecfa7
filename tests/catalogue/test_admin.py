"""The merchandiser reads the catalogue in the admin, and is sent to the core to change it."""

import pytest
from django.test import Client

from .fake_core import FakeCore


@pytest.mark.parametrize("page", ["product/", "product/A/change/", "variant/", "variant/V-A-128/change/", "channel/"])
def test_pages_show(admin_client: Client, synced: FakeCore, page: str) -> None:
    assert admin_client.get(f"/admin/catalogue/{page}").status_code == 200


def test_products_point_to_the_core(admin_client: Client, synced: FakeCore, settings: object) -> None:
    settings.CORE_ADMIN_URL = "http://core.example/admin/"
    assert b'href="http://core.example/admin/"' in admin_client.get("/admin/catalogue/product/A/change/").content


@pytest.mark.parametrize("page", ["product/add/", "product/A/delete/", "channel/add/"])
def test_nothing_is_changed_here(admin_client: Client, synced: FakeCore, page: str) -> None:
    assert admin_client.get(f"/admin/catalogue/{page}").status_code == 403
