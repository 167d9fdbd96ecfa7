"""Reading fact files: what is bad is said and skipped, what is missing stops the import with one sentence."""

import pytest

from demo import devices, operator, shops, stock_rooms
from demo.facts_csv import ImportFileError
from inventory import serials as inventory_serials

DEVICE_HEADER = ",".join(sorted(devices.COLUMNS))


def _device_line(**values: str) -> str:
    row = {"brand": "Acme", "name": "One", "kind": "phone", "release": "2024-05", "storage": "64/128 GB", "ram": "6 GB"}
    row |= values
    return ",".join(row.get(column, "") for column in sorted(devices.COLUMNS))


def test_a_missing_column_is_named_and_nothing_is_imported(tmp_path):
    path = tmp_path / "devices.csv"
    path.write_text("brand,name\nAcme,One\n")
    with pytest.raises(ImportFileError, match=r"devices.csv lacks the column .*release"):
        devices.read_devices(path)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(ImportFileError, match=r"devices.csv cannot be read: No such file or directory\."):
        devices.read_devices(tmp_path / "devices.csv")


def test_a_file_that_is_not_text_is_one_sentence(tmp_path):
    path = tmp_path / "devices.csv"
    path.write_bytes(b"\xff\xfe\x00brand")
    with pytest.raises(ImportFileError, match=r"is not UTF-8 text"):
        devices.read_devices(path)


def test_malformed_lines_are_skipped_with_their_number_and_reason(tmp_path):
    path = tmp_path / "devices.csv"
    lines = [
        DEVICE_HEADER,
        _device_line(),
        "Acme,too,short",
        _device_line(name="Two", release="soon"),
        _device_line(name="Three", kind="toaster"),
        _device_line(name="Four") + ",one,too,many",
        _device_line(name="Five", release="2023-02-30"),
        _device_line(name="Six"),
    ]
    path.write_text("\n".join(lines) + "\n")

    imported = devices.read_devices(path)

    assert [device.name for device in imported.rows] == ["Acme One", "Acme Six"]
    assert [line for line, _reason in imported.skipped] == [3, 4, 5, 6, 7]
    reasons = [reason for _line, reason in imported.skipped]
    assert reasons[0] == "only 3 fields"
    assert reasons[1] == "release date 'soon' is not understood"
    assert reasons[2] == "kind 'toaster' is neither phone nor tablet"
    assert "more than the header has" in reasons[3]
    assert reasons[4] == "release date '2023-02-30' does not exist"


def test_names_that_differ_only_in_signs_are_different_products(tmp_path):
    path = tmp_path / "devices.csv"
    lines = [
        DEVICE_HEADER,
        _device_line(name="S10"),
        _device_line(name="S10+"),
        _device_line(name="S(10)", codename="beyond"),
    ]
    path.write_text("\n".join(lines) + "\n")
    assert [device.slug for device in devices.read_devices(path).rows] == [
        "acme-s10",
        "acme-s10-plus",
        "acme-s10-beyond",
    ]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("8/12 GB LPDDR5", [8, 12]),
        ("128 / 256 / 512 GB UFS 3.1", [128, 256, 512]),
        ("32 GB, 64 GB", [32, 64]),
        ("32/64 B", [32, 64]),
        ("256GB", [256]),
        ("1 TB", [1024]),
        ("256/512/1 TB UFS4.0", [256, 512, 1024]),
        ("256/512 TB UFS4.0", [256, 512]),
        ("64/128 GB UFS 2.1 2-LANE", [64, 128]),
        ("", []),
        ("None", []),
    ],
)
def test_sizes_are_read_from_free_text(text, sizes):
    assert devices.gigabytes(text) == sizes


def test_the_shipped_facts_make_the_promised_demonstration():
    made = operator.build()
    products = made.core["products"]
    kinds = [product["product_type"] for product in products]
    variants = [variant for product in products for variant in product["variants"]]
    gtins = [v["metadata"]["gtin"] for v in variants if v["metadata"].get("gtin")]
    serials = [serial for row in made.stock for serial in row.serials]

    assert kinds.count("device") == 682
    assert kinds.count("accessory") >= 120
    assert kinds.count("plan") >= 12
    assert kinds.count("service") == 12 + 7
    assert [shop.country for shop in made.shops].count("US") == 48
    assert [shop.country for shop in made.shops].count("CN") == 12
    assert len({variant["sku"] for variant in variants}) == len(variants)
    assert len(set(gtins)) == len(gtins)
    assert len(set(serials)) == len(serials)
    assert len({product["slug"] for product in products}) == len(products)


def test_some_units_carry_more_numbers_and_some_lie_in_other_rooms():
    stock = operator.build().stock
    further = [number for row in stock for more in row.further.values() for number in more]
    codes = [serial for row in stock for serial in row.serials] + [code for _kind, code in further]
    assert {kind for kind, _code in further} == {"IMEI2", "EID"}
    assert all(inventory_serials.normalise(kind, code) == code for kind, code in further)
    assert len(set(codes)) == len(codes)
    rooms = stock_rooms.elsewhere([row for row in stock if row.store_code == "S1908"])
    assert all(rooms.values())
    held = {row.sku: row for row in stock if row.store_code == "S1908"}
    assert all(
        moved.quantity < held[moved.sku].quantity and set(moved.serials) <= set(held[moved.sku].serials)
        for moves in rooms.values()
        for moved in moves
    )


def test_the_demonstration_is_the_same_at_every_run():
    assert operator.build() == operator.build()


def test_time_zones_follow_the_border_inside_a_state():
    assert shops.time_zone("FL", -80.2) == "America/New_York"
    assert shops.time_zone("FL", -87.2) == "America/Chicago"
    assert shops.time_zone("TN", -90.0) == "America/Chicago"
    assert shops.time_zone("TN", -84.0) == "America/New_York"
    assert shops.time_zone("TX", -106.4) == "America/Denver"
