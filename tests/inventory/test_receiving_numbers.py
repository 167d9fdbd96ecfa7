"""The other numbers of a piece, told as it comes in: checked, the piece's alone, each refusal in its own field."""

import pytest

from inventory import errors, proof, selectors
from inventory.models import Movement, ShippingNotice, Unit, UnitIdentifier
from inventory.services import Counted, Numbers, receiving
from kernel.errors import IDEMPOTENCY_MISMATCH, INVALID, ApiError

from .goods import imei, stock
from .test_identifiers import eid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_books_add_up(db):
    yield
    assert proof.differences() == []


def deliver(store, *lines, number="LS-1"):
    return receiving.receive_unannounced(
        supplier="Acme", number=number, store_id=store.pk, lines=lines, source_key=number, actor="staff:7"
    )


def refused(store, *lines, number="LS-9"):
    before = (Unit.objects.count(), UnitIdentifier.objects.count(), Movement.objects.count())
    with pytest.raises(ApiError) as caught:
        deliver(store, *lines, number=number)
    assert (Unit.objects.count(), UnitIdentifier.objects.count(), Movement.objects.count()) == before
    assert not ShippingNotice.objects.filter(number=number).exists()
    return caught.value.code, caught.value.field


def numbers_of(serial):
    return dict(UnitIdentifier.objects.filter(unit__identifier=serial).values_list("type", "value"))


def test_each_number_is_kept_and_finds_the_piece(store, phone, cable):
    first, second, chip = imei(), imei(), eid()
    bare, broken, maker = imei(), imei(), "acm-77"
    lines = [
        Counted(cable.sku, 1),
        Counted(
            phone.sku,
            2,
            [first, bare],
            damaged=1,
            damaged_serials=[broken],
            further=[
                Numbers(f"{first[:8]}-{first[8:]}", imei2=f" {second[:4]} {second[4:]}", eid=chip),
                Numbers(broken, serial_number=maker),
            ],
        ),
    ]
    assert deliver(store, *lines) == deliver(store, *lines)
    assert numbers_of(first) == {"IMEI": first, "IMEI2": second, "EID": chip}
    assert numbers_of(bare) == {"IMEI": bare}
    assert numbers_of(broken) == {"IMEI": broken, "SERIAL": "ACM-77"}
    assert {selectors.find_unit(code).identifier for code in (second, chip)} == {first}
    assert selectors.find_unit(maker).identifier == broken


def test_a_piece_that_was_announced_gets_them_too(store, phone):
    serial, second = imei(), imei()
    notice = receiving.announce(
        supplier="Acme", number="LS-2", store_id=store.pk, lines=[(phone.sku, 1, [serial])], actor="import"
    )
    lines = [Counted(phone.sku, 1, [serial], further=[Numbers(serial, imei2=second)])]
    receiving.receive(notice_id=notice.pk, lines=lines, source_key="r", actor="staff:7")
    assert numbers_of(serial) == {"IMEI": serial, "IMEI2": second}


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"imei2": "490154203237519"}, "imei2"),
        ({"imei2": "4901542032"}, "imei2"),
        ({"eid": "89001012012341234012345678901225"}, "eid"),
        ({"serial_number": "a b c"}, "serialNumber"),
    ],
)
def test_what_is_no_such_number_is_refused_in_its_field(store, phone, cable, numbers, field):
    one, other = imei(), imei()
    further = [Numbers(other, eid=eid()), Numbers(one, **numbers)]
    code = refused(store, Counted(cable.sku, 1), Counted(phone.sku, 2, [one, other], further=further))
    assert code == (errors.SERIAL_INVALID, f"lines.1.further.1.{field}")


def test_a_number_belongs_to_one_piece(store, phone):
    one, other, chip, second = imei(), imei(), eid(), imei()
    (known,) = stock(store, phone, 1)
    deliver(store, Counted(phone.sku, 1, [one], further=[Numbers(one, imei2=second, eid=chip, serial_number="M11")]))

    def line(*further):
        return Counted(phone.sku, 1, [other], further=further)

    for numbers, field in (
        (Numbers(other, imei2=known), "imei2"),
        (Numbers(other, imei2=second), "imei2"),
        (Numbers(other, eid=chip), "eid"),
        (Numbers(other, serial_number="m11"), "serialNumber"),
    ):
        assert refused(store, line(numbers)) == (errors.SERIAL_IN_STOCK, f"lines.0.further.0.{field}")
    assert refused(store, line(Numbers(other, imei2=other))) == (errors.SERIAL_TWICE, "lines.0.further.0.imei2")
    assert refused(store, line(Numbers(one, eid=eid()))) == (INVALID, "lines.0.further.0.serial")
    assert refused(store, line(Numbers(other), Numbers(other))) == (INVALID, "lines.0.further.1.serial")


def test_two_pieces_of_a_delivery_do_not_share_one(store, phone):
    one, other, chip = imei(), imei(), eid()
    both = [Numbers(one, eid=chip), Numbers(other, eid=chip)]
    told = Counted(phone.sku, 1, [one], damaged=1, damaged_serials=[other], further=both)
    assert refused(store, told) == (errors.SERIAL_TWICE, "lines.0.further.1.eid")
    swapped = Counted(phone.sku, 2, [one, other], further=[Numbers(one, imei2=other)])
    assert refused(store, swapped) == (errors.SERIAL_TWICE, "lines.0.further.0.imei2")


def test_the_books_know_the_piece_by_another_number(store, phone):
    serial, second = imei(), imei()
    deliver(store, Counted(phone.sku, 1, [serial], further=[Numbers(serial, imei2=second)]))
    Unit.objects.update(state="MISSING")
    with pytest.raises(ApiError) as caught:
        deliver(store, Counted(phone.sku, 1, [serial], further=[Numbers(serial, imei2=imei())]), number="LS-2")
    assert (caught.value.code, caught.value.field) == (errors.SERIAL_IN_STOCK, "lines.0.further.0.imei2")
    assert caught.value.params["known"] == second
    Unit.objects.update(state="IN_STOCK")


def test_the_same_delivery_with_other_numbers_is_another(store, phone):
    serial = imei()
    deliver(store, Counted(phone.sku, 1, [serial]))
    with pytest.raises(ApiError) as caught:
        receiving.receive_unannounced(
            supplier="Acme",
            number="LS-1",
            store_id=store.pk,
            lines=[Counted(phone.sku, 1, [serial], further=[Numbers(serial, imei2=imei())])],
            source_key="LS-1",
            actor="staff:7",
        )
    assert caught.value.code == IDEMPOTENCY_MISMATCH
