"""What the demonstration's Chinese channel sells, at which prices and under which names."""

import pytest

from demo import chinese, operator, prices
from demo.devices import read_devices


@pytest.fixture(scope="module")
def made() -> operator.Operator:
    return operator.build()


def test_every_device_is_sold_in_both_channels_and_has_a_chinese_name(made):
    devices = [product for product in made.core["products"] if product["product_type"] == "device"]
    names = {product["slug"]: product["translations"]["zh-hans"]["name"] for product in devices}
    assert names["xiaomi-redmi-note-10-lite"] == "小米 Redmi Note 10 Lite"
    assert names["huawei-p20-pro"] == "华为 P20 Pro"
    assert {channel for product in devices for variant in product["variants"] for channel in variant["listings"]} == {
        "us",
        "cn",
    }
    assert made.product_count("cn") > len(devices)


def test_plans_belong_to_one_country(made):
    plans = [product for product in made.core["products"] if product["product_type"] == "plan"]
    sold = {product["slug"]: list(product["variants"][0]["listings"]) for product in plans}
    assert all(len(channels) == 1 for channels in sold.values())
    assert sold["plan-cn-enjoy-99"] == ["cn"]
    classes = {product["slug"]: product["tax_class"] for product in made.core["products"]}
    assert (classes["plan-cn-enjoy-99"], classes["service-cn-voice"]) == ("telecom-data", "telecom-calls")
    assert (classes["plan-start-3"], classes["cn-sim"]) == ("exempt", "standard")


def test_what_a_store_holds_is_sold_in_its_country(made):
    sold = {
        variant["sku"]: set(variant["listings"]) for product in made.core["products"] for variant in product["variants"]
    }
    channel_of = {shop.code: shop.country.lower() for shop in made.shops}
    assert all(channel_of[row.store_code] in sold[row.sku] for row in made.stock)
    units = [serial for row in made.stock if row.store_code == "C1001" for serial in row.serials]
    assert len(units) > 50


@pytest.mark.parametrize(
    ("dollars", "yuan"), [(0, "0.00"), (1, "9.00"), (19, "129.00"), (119, "829.00"), (429, "2999.00")]
)
def test_prices_end_as_chinese_prices_do(dollars, yuan):
    assert prices.yuan(dollars) == yuan


@pytest.mark.parametrize(
    ("attribute", "text", "expected"),
    [
        ("cameras", "50 MP (ultrawide)", "5000 万像素 (超广角)"),
        ("cameras", "1.3 MP", "130 万像素"),
        ("colour", "Black", "黑色"),
        ("processor", "Qualcomm SM8350-AC Snapdragon 888+", "高通 SM8350-AC 骁龙 888+"),
        ("minutes", "500", "500 分钟"),
        ("network", "5G", "5G"),
    ],
)
def test_values_are_called_as_the_chinese_call_them(attribute, text, expected):
    assert chinese.value(attribute, text) == expected


def test_a_description_is_made_of_the_facts():
    device = next(d for d in read_devices(operator.DATA / "devices.csv").rows if d.slug == "oneplus-5t")
    assert chinese.device_description(device) == (
        "一加 2017 年推出的手机。6.01 英寸 Optic AMOLED 屏幕，分辨率 1080x2160。电池容量 3300 毫安时。"
        "摄像头：2000 万像素、1600 万像素、1600 万像素。处理器：高通 MSM8998 骁龙 835。"
    )
