"""The catalogue in a second language: what is stored of it, and what is answered to whom."""

from dataclasses import replace

import pytest
from pytest_django import DjangoAssertNumQueries

from commerce.records import CoreAttribute, CoreAttributeValue, CoreCategory, CoreProduct
from plugins.catalogue import selectors, services
from plugins.catalogue.localised import with_brand
from plugins.catalogue.models import Channel, Product, Variant

from .fake_core import CN, US, FakeCore, product, repriced, variant
from .test_schema import ask

PHONES = CoreCategory("C1", "phones", "Phones", ("devices", "phones"), ("Devices", "Phones"), ("", "手机"))
COLOUR = CoreAttribute(
    "colour",
    "Colour",
    "MULTISELECT",
    (CoreAttributeValue("black", "Black", None, None, "黑色"), CoreAttributeValue("teal", "Teal", None, None)),
    "颜色",
)
BRAND = CoreAttribute("brand", "Brand", "DROPDOWN", (CoreAttributeValue("acme", "Acme", None, None, "极致"),))
ESIM = CoreAttribute("esim", "eSIM", "BOOLEAN", (CoreAttributeValue("1", "eSIM: Yes", None, True),))


def translated(id: str = "B") -> CoreProduct:
    """A phone whose merchant has translated most of it."""
    sold = replace(variant(f"SKU-{id}"), translated_name="128 GB 版", attributes=(COLOUR,))
    return product(
        id,
        sold,
        name="Acme One",
        category=PHONES,
        attributes=(BRAND, COLOUR, ESIM),
        translated_name="极致 One",
        translated_description="一部手机。",
    )


@pytest.fixture
def in_chinese(fake_core: FakeCore) -> FakeCore:
    """A core whose product B is translated and whose others are not."""
    fake_core.put(translated())
    services.sync_everything()
    return fake_core


def test_translations_are_stored_whole_by_language(in_chinese: FakeCore) -> None:
    colour = {"label": "颜色", "values": ["黑色", "Teal"]}
    assert Product.objects.get(pk="B").translations == {
        "zh-hans": {
            "name": "极致 One",
            "description": "一部手机。",
            "category_path": ["Devices", "手机"],
            "attributes": {
                # Without a translation of the merchant's, the suite's own word; the brand is called as it is.
                "brand": {"label": "品牌", "values": ["极致"]},
                "colour": colour,
                "esim": {"label": "eSIM", "values": ["是"]},
            },
        }
    }
    assert Variant.objects.get(pk="V-SKU-B").translations == {
        "zh-hans": {"name": "128 GB 版", "attributes": {"colour": colour}}
    }
    assert Product.objects.get(pk="A").translations == {}


def test_a_new_translation_is_one_change(in_chinese: FakeCore) -> None:
    assert services.sync_everything()["us"].changed == 0
    in_chinese.put(replace(translated(), translated_name="极致一号"))
    assert services.sync_everything()["us"].changed == 1
    assert Product.objects.get(pk="B").translations["zh-hans"]["name"] == "极致一号"


PRODUCT = """{ product(context: {channel: "us"}, id: "%s") {
  name brand description categoryPath attributes { name label values } variants { name attributes { label values } }
} }"""


def test_products_read_in_the_language_of_the_request(
    in_chinese: FakeCore, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        chinese = ask(PRODUCT % "B", language="zh-hans").data["product"]
    assert (chinese["name"], chinese["brand"], chinese["description"]) == ("极致 One", "极致", "一部手机。")
    assert chinese["categoryPath"] == ["Devices", "手机"]
    assert {"name": "colour", "label": "颜色", "values": ["黑色", "Teal"]} in chinese["attributes"]
    assert chinese["variants"] == [{"name": "128 GB 版", "attributes": [{"label": "颜色", "values": ["黑色", "Teal"]}]}]
    english = ask(PRODUCT % "B", language="en").data["product"]
    assert (english["name"], english["brand"], english["categoryPath"]) == ("Acme One", "Acme", ["Devices", "Phones"])
    assert {"name": "colour", "label": "Colour", "values": ["Black", "Teal"]} in english["attributes"]


def test_what_is_not_translated_reads_as_the_core_has_it(in_chinese: FakeCore) -> None:
    found = ask(PRODUCT % "A", language="zh-hans").data["product"]
    assert (found["name"], found["brand"], found["categoryPath"]) == ("Phone A", "Acme", ["Devices", "Phones"])
    assert {"name": "network", "label": "网络", "values": ["4G", "5G"]} in found["attributes"]


def test_a_variant_for_sale_carries_both_names(in_chinese: FakeCore) -> None:
    found = selectors.variant_by_sku("SKU-B", Channel.objects.get())
    assert found is not None
    assert found.full_name_in("en") == found.full_name == "Acme One, 128 GB"
    assert found.full_name_in("zh-hans") == "极致 One, 128 GB 版"
    assert found.translations == Variant.objects.get(pk="V-SKU-B").translations


def test_both_channels_share_the_texts(in_chinese: FakeCore) -> None:
    in_chinese.all_channels = [CN, US]
    in_chinese.listed["cn"] = [repriced(translated(), "3000")]
    reports = services.sync_everything()
    assert (reports["cn"].changed, reports["us"].changed) == (1, 0)
    answer = ask(PRODUCT.replace('"us"', '"cn"') % "B", language="zh-hans")
    assert answer.data["product"]["name"] == "极致 One"
    assert Channel.objects.get(pk="cn").language == "zh-hans"
    assert Channel.objects.get(pk="us").language == "en"


@pytest.mark.parametrize(
    ("name", "brand", "expected"),
    [
        ("华为 P20", "华为", "华为 P20"),
        ("华为P20", "华为", "华为P20"),
        ("P20", "华为", "华为 P20"),
        ("LG V30", "lg", "LG V30"),
        ("Bulgari", "LG", "LG Bulgari"),
        ("One", "", "One"),
    ],
)
def test_the_brand_is_said_once(name: str, brand: str, expected: str) -> None:
    assert with_brand(name, brand) == expected
