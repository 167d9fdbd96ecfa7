"""Serials, distance and the arithmetic of promises."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from inventory import atp, geo, serials
from inventory.serials import CodeType

from .goods import iccid, imei


@given(st.text("0123456789", min_size=14, max_size=14))
def test_an_imei_is_known_by_its_check_digit_and_by_no_other(body):
    check = luhn.calc_check_digit(body)
    assert serials.classify(body + check) == serials.Scanned(CodeType.IMEI, body + check)
    for other in set("0123456789") - {check}:
        assert serials.classify(body + other).type != CodeType.IMEI
        with pytest.raises(serials.InvalidSerial):
            serials.normalise("IMEI", body + other)


@given(st.text("0123456789", min_size=16, max_size=17))
def test_an_iccid_begins_with_89_and_has_a_check_digit(tail):
    number = "89" + tail
    number += luhn.calc_check_digit(number)
    assert serials.classify(number) == serials.Scanned(CodeType.ICCID, number)
    assert serials.normalise("ICCID", number) == number
    with pytest.raises(serials.InvalidSerial):
        serials.normalise("ICCID", "88" + number[2:])


@given(st.text(max_size=80))
def test_anything_may_be_scanned(text):
    scanned = serials.classify(text)
    assert scanned.type in CodeType
    for tracking in ("IMEI", "ICCID", "SERIAL"):
        with contextlib.suppress(serials.InvalidSerial):
            assert serials.normalise(tracking, text)


@pytest.mark.parametrize(
    ("code", "type", "value"),
    [
        ("4006381333931", CodeType.GTIN, "4006381333931"),
        ("036000291452", CodeType.GTIN, "036000291452"),
        ("96385074", CodeType.GTIN, "96385074"),
        (" 49-015420-323751-8 ", CodeType.IMEI, "490154203237518"),
        ("8901260123456789015", CodeType.OTHER, "8901260123456789015"),
        ("sn-12/ab", CodeType.OTHER, "SN-12/AB"),
        ("", CodeType.OTHER, ""),
        ("٤٩٠١٥٤٢٠٣٢٣٧٥١٨", CodeType.OTHER, "٤٩٠١٥٤٢٠٣٢٣٧٥١٨"),
    ],
)
def test_codes_by_example(code, type, value):
    assert serials.classify(code) == serials.Scanned(type, value)


def test_the_filler_on_a_card_does_not_matter():
    number = iccid()
    assert serials.normalise("ICCID", f"{number[:4]} {number[4:]}F") == number
    assert serials.classify(number + "f").value == number


def test_a_makers_serial_is_letters_and_digits():
    assert serials.normalise("SERIAL", " c02xk1abcd ") == "C02XK1ABCD"
    for wrong in ("", "ab", "a b c", "x" * 65, "серия1"):
        with pytest.raises(serials.InvalidSerial):
            serials.normalise("SERIAL", wrong)
    assert serials.normalise("SERIAL", imei())


def test_distance_between_cities():
    minneapolis, chicago = geo.Point(44.9778, -93.2650), geo.Point(41.8781, -87.6298)
    assert geo.distance_km(minneapolis, chicago) == pytest.approx(570, abs=3)
    assert geo.distance_km(chicago, minneapolis) == geo.distance_km(minneapolis, chicago)
    assert geo.distance_km(chicago, chicago) == 0
    assert geo.distance_km(geo.Point(0, 179.9), geo.Point(0, -179.9)) == pytest.approx(22.2, abs=0.1)
    assert geo.distance_km(geo.Point(90, 0), geo.Point(-90, 0)) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize("place", [(91, 0), (0, 181), (float("nan"), 0), (0, float("inf"))])
def test_places_off_the_globe_are_refused(place):
    with pytest.raises(ValueError, match="Latitude"):
        geo.Point(*place)


@given(
    on_hand=st.integers(-100, 100),
    unsellable=st.integers(0, 100),
    reserved=st.integers(0, 100),
    safety=st.integers(0, 100),
)
def test_promises_are_never_negative(on_hand, unsellable, reserved, safety):
    row = {"on_hand": on_hand, "unsellable": unsellable, "reserved": reserved}
    promised, free = atp.available_to_promise(**row, safety=safety), atp.free(**row)
    assert 0 <= promised <= max(on_hand - unsellable, 0)
    assert promised == max(free - safety, 0)
    told = atp.core_quantity(on_hand=on_hand, unsellable=unsellable, safety=safety, unknown_holds=reserved)
    assert told == promised
