"""Finding products for a rule by name or SKU."""

import pytest

from plugins.catalogue.models import Product, Variant
from plugins.merchandising.models import Rule

from .conftest import add_product
from .test_admin import url
from .test_services import PIN, create

PRODUCTS = "/admin/merchandising/revision/products/"


def asked(client, language="en", **query):
    answer = client.get(PRODUCTS, query, headers={"accept-language": language})
    assert answer.status_code == 200
    return [(found["sku"], found["name"], found["note"]) for found in answer.json()["products"]]


def test_products_are_found_by_words_of_their_name_and_by_the_beginning_of_a_sku(shop, admin_client):
    assert asked(admin_client, q="sam P1") == [("SKU-P1", "Samsung P1", "SKU-P1")]
    assert [sku for sku, *_rest in asked(admin_client, q="samsung")] == ["SKU-C1", "SKU-P1"]
    assert [sku for sku, *_rest in asked(admin_client, q="sku-p")] == ["SKU-P1", "SKU-P2"]
    assert asked(admin_client, q="nokia") == asked(admin_client, q="  ") == asked(admin_client, q="\0") == []


def test_products_are_found_in_the_readers_language(shop, admin_client):
    texts = {"name": "盖乐世", "attributes": {"brand": {"values": ["三星"]}}}
    Product.objects.filter(pk="P1").update(translations={"zh-hans": texts})
    assert asked(admin_client, "zh-hans", q="三星 盖乐世") == [("SKU-P1", "三星 盖乐世", "SKU-P1")]
    assert asked(admin_client, "zh-hans", q="samsung p1") == [("SKU-P1", "三星 盖乐世", "SKU-P1")]
    assert asked(admin_client, q="盖乐世") == []


def test_a_product_of_several_variants_is_offered_once_and_a_sku_as_itself(shop, admin_client):
    Variant.objects.create(pk="P1-w", product_id="P1", sku="SKU-P1-256", name="256 GB")
    assert asked(admin_client, q="samsung p1") == [("SKU-P1", "Samsung P1", "SKU-P1 (× 2)")]
    assert asked(admin_client, q="SKU-P1-256") == [("SKU-P1-256", "Samsung P1 · 256 GB", "SKU-P1-256")]


def test_what_is_not_sold_any_more_is_not_offered_but_named(shop, admin_client):
    Product.objects.filter(pk="P1").update(is_active=False)
    assert asked(admin_client, q="samsung p1") == []
    assert asked(admin_client, sku=["SKU-P1", "SKU-P2", "NOPE"]) == [
        ("SKU-P1", "Samsung P1", "SKU-P1"),
        ("SKU-P2", "Apple P2", "SKU-P2"),
    ]


def test_looking_for_products_costs_three_queries(shop, admin_client, django_assert_num_queries):
    for number in range(30):
        add_product(f"N{number}", brand="Nokia", category=("devices",))
    admin_client.get(PRODUCTS)
    # Session, user and the guard of demonstration accounts beside.
    with django_assert_num_queries(3 + 3):
        assert len(asked(admin_client, q="nokia")) == 20


@pytest.mark.parametrize(("permission", "status"), [("view_product", 403), ("view_rule", 200), ("add_rule", 200)])
def test_products_are_for_those_who_see_rules(shop, user_who, permission, status):
    assert user_who(permission).get(PRODUCTS, {"q": "samsung"}).status_code == status


def test_strangers_find_no_products(shop, client):
    assert client.get(PRODUCTS, {"q": "samsung"}).status_code == 302


def test_the_rules_form_has_the_picker_around_the_box_of_lines(shop, admin_client):
    row = create(**PIN)
    page = admin_client.get(url(Rule, "change", row.pk)).content.decode()
    assert 'src="/static/merchandising/picker.js"' in page
    assert f'data-url="{PRODUCTS}"' in page
    assert '<textarea name="products"' in page
