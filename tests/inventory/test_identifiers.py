"""A piece carries several numbers; each is checked, unique in its space, and finds it."""

import uuid

import pytest
from stdnum.iso7064 import mod_97_10

from inventory import errors, proof, selectors, serials, services
from inventory.models import Unit, UnitIdentifier
from kernel.errors import ApiError

from .goods import iccid, imei, make_item, make_store, stock

pytestmark = pytest.mark.django_db


def eid():
    body = f"8904{uuid.uuid4().int % 10**26:026d}"
    return body + mod_97_10.calc_check_digits(body)


def receive(store, item, serial_numbers, further=None, **more):
    return services.receive(
        **{
            "store_id": store.pk,
            "sku": item.sku,
            "quantity": len(serial_numbers),
            "serials": serial_numbers,
            "further": further,
            "source_key": f"receipt-{uuid.uuid4()}",
            "actor": "staff:7",
        }
        | more
    )


def refused(call):
    with pytest.raises(ApiError) as caught:
        call()
    return caught.value.code


def test_any_number_finds_the_unit(store, phone):
    first, second, chip = imei(), imei(), eid()
    numbers = {first: [("IMEI2", second), ("EID", chip), ("SERIAL", " f17x-9 "), ("ICCID", iccid())]}
    receive(store, phone, [first], numbers)
    unit = Unit.objects.get()
    assert unit.identifier == first
    assert {row.type for row in unit.identifiers.all()} == {"IMEI", "IMEI2", "EID", "SERIAL", "ICCID"}
    for code in (first, f"{second[:2]}-{second[2:]}", chip, "F17X-9"):
        assert selectors.find_unit(code) == unit
    assert proof.differences() == []


@pytest.mark.parametrize("scanned", ["IMEI2", "EID", "SERIAL"])
def test_any_number_sells_the_unit_and_takes_it_back(store, phone, scanned):
    first, numbers = imei(), {"IMEI2": imei(), "EID": eid(), "SERIAL": "F17X9"}
    receive(store, phone, [first], {first: list(numbers.items())})
    lines = [(phone.sku, 1, [numbers[scanned]])]
    call = {"store_id": store.pk, "actor": "staff:7"}
    services.sell(lines=lines, source_key="sale:1", **call)
    assert Unit.objects.get().state == "SOLD"
    assert refused(lambda: receive(store, phone, [first])) == errors.SERIAL_IN_STOCK
    services.take_back(lines=lines, source_key="return:1", **call)
    assert Unit.objects.get().state == "IN_STOCK"
    assert proof.differences() == []


def test_both_numbers_of_a_phone_are_one_piece(store, phone):
    first, second = imei(), imei()
    receive(store, phone, [first], {first: [("IMEI2", second)]})
    stock(store, phone, 1)
    sale = {"store_id": store.pk, "lines": [(phone.sku, 2, [first, second])], "source_key": "s", "actor": "a"}
    assert refused(lambda: services.sell(**sale)) == errors.SERIAL_REQUIRED
    assert Unit.objects.filter(state="SOLD").count() == 0


def test_numbers_are_unique_in_their_space(store, phone):
    first, second, chip = imei(), imei(), eid()
    receive(store, phone, [first], {first: [("IMEI2", second), ("EID", chip), ("SERIAL", "ABC1")]})
    other, third = make_item("IMEI"), imei()
    for number in (("IMEI2", first), ("IMEI2", second), ("EID", chip)):
        assert refused(lambda number=number: receive(store, other, [third], {third: [number]})) in (
            errors.SERIAL_IN_STOCK,
        )
    assert refused(lambda: receive(store, phone, [third], {third: [("SERIAL", "abc1")]})) == errors.SERIAL_IN_STOCK
    assert refused(lambda: receive(store, phone, [second])) == errors.SERIAL_IN_STOCK
    assert refused(lambda: receive(store, other, [second])) == errors.SERIAL_WRONG_ITEM
    assert (Unit.objects.count(), UnitIdentifier.objects.count()) == (1, 4)
    # A maker's serial number says nothing of another article.
    receive(store, other, [third], {third: [("SERIAL", "ABC1")]})
    assert selectors.find_unit("ABC1") is None
    assert selectors.find_unit("ABC1", sku=other.sku).identifier == third


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("IMEI2", "123456789012345"),
        ("EID", "89049032000000000000000000000000"),
        ("EID", "8904"),
        ("ICCID", "8901260000000000000"),
        ("SERIAL", "?"),
    ],
)
def test_numbers_are_checked(store, phone, kind, code):
    serial = imei()
    assert refused(lambda: receive(store, phone, [serial], {serial: [(kind, code)]})) == errors.SERIAL_INVALID
    assert not Unit.objects.exists()


def test_the_example_of_the_specification_is_an_eid():
    """GSMA's own, of SGP.22; with any other check digits it is none."""
    example = "89049032 12345123 45123456 78901235"
    assert serials.classify(example) == serials.Scanned(serials.CodeType.EID, example.replace(" ", ""))
    assert serials.classify(example[:-1] + "6").type == serials.CodeType.OTHER


def test_opening_stock_brings_all_numbers(store, phone):
    first, second = imei(), imei()
    row = services.OpeningRow(store.pk, phone.sku, 1, (first,), {first: [("IMEI2", second)]})
    assert services.receive_opening([row]) == 1
    assert selectors.find_unit(second).identifier == first
    clash = imei()
    twice = services.OpeningRow(make_store().pk, phone.sku, 1, (clash,), {clash: [("IMEI2", second)]})
    assert refused(lambda: services.receive_opening([twice])) == errors.SERIAL_IN_STOCK
    assert Unit.objects.count() == 1
    assert proof.differences() == []


def test_the_proof_names_a_unit_without_its_number(store, phone):
    stock(store, phone, 1)
    UnitIdentifier.objects.all().delete()
    assert [found.fact.name for found in proof.differences()] == ["IDENTIFIER"]
