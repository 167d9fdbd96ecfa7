"""Picking dimensions and values in the forms of rules and precedence."""

import pytest

from plugins.catalogue.models import Product
from plugins.merchandising import choices, services
from plugins.merchandising.models import DimensionSetup, PrecedenceRule, Rule

from .conftest import add_product
from .test_admin import url
from .test_services import LIVE, create

CHOICES = "/admin/merchandising/revision/choices/"


def asked(client, language="en", **query):
    answer = client.get(CHOICES, query, headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.json()["choices"]


def labels(client, language="en", **query):
    return {one["value"]: one["label"] for one in asked(client, language, **query)}


def test_all_dimensions_are_offered_by_name_with_their_kind(shop, admin_client):
    found = asked(admin_client)
    kinds = {one["value"]: one["kind"] for one in found}
    assert {
        name: kinds[name] for name in ("category", "brand", "price", "in_store", "at_address", "monthly_price")
    } == {
        "category": "HIERARCHY",
        "brand": "TERMS",
        "price": "RANGE",
        "in_store": "BOOLEAN",
        "at_address": "BOOLEAN",
        "monthly_price": "RANGE",
    }
    assert {"storage", "network", "colour"} <= kinds.keys()
    names = [one["label"] for one in found]
    assert names == sorted(names, key=str.casefold)
    assert labels(admin_client, "zh-hans")["monthly_price"] == "月费"


def test_what_is_never_shown_is_marked_for_nobody_chooses_in_it(shop, admin_client):
    services.update(row=DimensionSetup.objects.get(name="storage"), values={"is_shown": False}, actor="admin:1")
    hidden = {one["value"]: one["is_hidden"] for one in asked(admin_client)}
    assert (hidden["storage"], hidden["brand"]) == (True, False)


def test_the_values_of_each_kind(shop, admin_client):
    add_product("P3", brand="Apple", category=("devices", "phones"), storage="64 GB")
    assert list(labels(admin_client, dimension="storage")) == ["64 GB", "128 GB", "256 GB"]
    assert labels(admin_client, dimension="brand") == {"Apple": "Apple", "Samsung": "Samsung"}
    assert labels(admin_client, dimension="category")["cases"] == "Cases"
    assert labels(admin_client, dimension="kind")["PLAN"] == "Plans"
    assert labels(admin_client, "zh-hans", dimension="kind")["PLAN"] == "套餐"
    assert labels(admin_client, dimension="in_store") == {
        "true": "In stock now in the store that the searcher chose, or near"
    }
    assert labels(admin_client, dimension="at_address") == {"true": "Can be had at the searcher's address"}
    services.update(row=DimensionSetup.objects.get(name="price"), values={"bounds": ["0", "100"]}, actor="admin:1")
    assert labels(admin_client, dimension="price") == {"0..100": "0 – 100", "100..": "100 –"}
    for nothing in ("monthly_price", "smell", "\0", "x" * 5000):
        assert labels(admin_client, dimension=nothing) == {}


def test_what_is_offered_can_be_saved(shop, admin_client):
    """The form takes every value that it offers."""
    for dimension in labels(admin_client):
        values = list(labels(admin_client, dimension=dimension))
        if values:
            row = create(**LIVE | {"code": f"r-{dimension}", "refinements": {dimension: values}})
            assert row.refinements == {dimension: values}


def test_many_values_are_cut(shop, admin_client, monkeypatch):
    monkeypatch.setattr(choices, "LISTED", 2)
    assert len(asked(admin_client, dimension="kind")) == 2


def test_the_list_costs_few_queries_however_much_there_is(shop, admin_client, django_assert_num_queries):
    for number in range(20):
        add_product(f"N{number}", brand=f"Brand {number}", category=("devices",), storage=f"{number} GB")
    asked(admin_client)
    # Session, user and the guard of demonstration accounts beside: dimensions and values; or dimensions and brands.
    with django_assert_num_queries(3 + 2):
        asked(admin_client)
    with django_assert_num_queries(3 + 2):
        assert len(asked(admin_client, dimension="brand")) == 22


@pytest.mark.parametrize(
    ("permission", "status"),
    [
        ("view_product", 403),
        ("view_rule", 200),
        ("add_rule", 200),
        ("change_precedencerule", 200),
        ("view_synonyms", 403),
    ],
)
def test_choices_are_for_those_who_see_rules(shop, user_who, permission, status):
    assert user_who(permission).get(CHOICES).status_code == status


def test_strangers_are_sent_to_sign_in(shop, client):
    assert client.get(CHOICES).status_code == 302


def test_the_forms_have_the_picker_around_the_box_of_lines(shop, admin_client):
    row = create(**LIVE)
    page = admin_client.get(url(Rule, "change", row.pk)).content.decode()
    assert page.count('src="/static/merchandising/choices.js"') == 1
    assert page.count("data-choices") == 2
    assert page.count("data-bounds") == 1
    assert '<textarea name="conditions"' in page
    assert "monthly_price: ..40" in page
    other = admin_client.get(url(PrecedenceRule, "add")).content.decode()
    assert (other.count("data-choices"), other.count("data-bounds")) == (1, 0)


def translate(pk: str, path: list[str], **attributes: str) -> None:
    texts = {"category_path": path, "attributes": {name: {"values": [value]} for name, value in attributes.items()}}
    Product.objects.filter(pk=pk).update(translations={"zh-hans": texts})


def test_categories_and_values_are_called_as_their_reader_calls_them(shop, admin_client):
    Product.objects.filter(pk="P1").update(
        attributes=[{"name": "brand", "label": "Brand", "values": ["Samsung"]}], category_path=["Devices", "Phones"]
    )
    translate("P1", ["手机和平板", "手机"], brand="三星")
    translate("C1", ["配件", "手机壳"], colour="黑色")
    chinese = labels(admin_client, "zh-hans", dimension="category")
    assert chinese == {"devices": "手机和平板", "phones": "手机", "accessories": "配件", "cases": "手机壳"}
    # What has no other name keeps its own, and what a line holds stays what the core calls it.
    assert labels(admin_client, "zh-hans", dimension="brand") == {"Apple": "Apple", "Samsung": "三星"}
    assert labels(admin_client, "zh-hans", dimension="colour") == {"Black": "黑色"}
    assert labels(admin_client, dimension="category")["cases"] == "Cases"
    assert labels(admin_client, dimension="colour") == {"Black": "Black"}
    form = admin_client.get(url(Rule, "add"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "手机壳" in form
    assert "Cases" not in form
    triggers = admin_client.get(url(PrecedenceRule, "add"), headers={"accept-language": "zh-hans"}).content.decode()
    assert "品牌 (brand)" in triggers


def test_names_in_another_language_cost_one_query_more(shop, admin_client, django_assert_num_queries):
    asked(admin_client, "zh-hans")
    for dimension in ("category", "colour"):
        with django_assert_num_queries(3 + 3):
            asked(admin_client, "zh-hans", dimension=dimension)
