from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean, imei, luhn

from demo import serials


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_every_imei_has_a_right_check_digit(device, unit):
    assert imei.is_valid(serials.imei(device, unit))


@given(st.integers(0, 99), st.integers(0, 10**10 - 1))
def test_every_iccid_has_a_right_check_digit(kind, unit):
    code = serials.iccid(kind, unit)
    assert (len(code), code[:2], luhn.is_valid(code)) == (19, "89", True)


@given(st.integers(0, 10**10 - 1))
def test_every_gtin_has_a_right_check_digit_and_a_prefix_for_own_use(number):
    assert ean.is_valid(serials.gtin(number))
    assert serials.gtin(number).startswith("20")
