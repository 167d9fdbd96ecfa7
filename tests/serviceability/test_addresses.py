"""Addresses in one spelling, and what somebody typed in parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.serviceability.addresses import Street, parse_us, read_us, street_of, unit_value
from plugins.serviceability.chinese_addresses import parse_cn, plain, read_cn


@pytest.mark.parametrize(
    ("words", "street"),
    [
        ("NORTH MAIN STREET", Street("MAIN", "N", "ST")),
        ("N MAIN ST", Street("MAIN", "N", "ST")),
        ("MAIN AVENUE WEST", Street("MAIN", "", "AVE", "W")),
        ("NORTH STREET", Street("NORTH", "", "ST")),
        ("FIRST AVE", Street("1ST", "", "AVE")),
        ("AVENUE B", Street("AVE B")),
        ("HIGHWAY 71", Street("HWY 71")),
        ("SAINT JOHN RD", Street("SAINT JOHN", "", "RD")),
        ("ST JOHN ROAD", Street("SAINT JOHN", "", "RD")),
        ("BROADWAY", Street("BROADWAY")),
    ],
)
def test_streets_have_one_spelling(words: str, street: Street) -> None:
    assert street_of(words.split()) == street


@pytest.mark.parametrize(
    ("unit", "value"),
    [("APT 4B", "4B"), ("Unit 4b", "4B"), ("# 4B", "4B"), ("Apt. 04", "4"), ("BLDG 3 APT 12", "3-12"),
     ("PENTHOUSE", "PH"), ("3号楼2单元501室", "3-2-501"), ("", "")],
)  # fmt: skip
def test_units_are_told_apart_by_their_value(unit: str, value: str) -> None:
    assert unit_value(unit) == value


@pytest.mark.parametrize(
    ("text", "number", "unit", "postal_code", "area", "words"),
    [
        ("100 North Main Street, Apartment 4b, Austin, TX 78701", 100, "4B", "78701", "TX", "NORTH MAIN STREET AUSTIN"),
        ("Austin TX 78701, 100 N Main St #4B", 100, "4B", "78701", "TX", "AUSTIN N MAIN ST"),
        ("100 N. Main st austin texas", 100, "", "", "TX", "N MAIN ST AUSTIN"),
        (
            "12345 Research Blvd Bldg 3 Apt 12 Austin TX 78759-1234",
            12345,
            "3-12",
            "78759",
            "TX",
            "RESEARCH BLVD AUSTIN",
        ),
        ("Maple St 123, Austin", 123, "", "", "", "MAPLE ST AUSTIN"),
        ("500 Main St 4B Austin TX", 500, "4B", "", "TX", "MAIN ST AUSTIN"),
        ("123 1/2 W Hwy 71 Bee Cave TX", 123, "", "", "TX", "W HWY 71 BEE CAVE"),
        ("5 Oak St, Miami, FL 33101", 5, "", "33101", "FL", "OAK ST MIAMI"),
    ],
)
def test_free_text_is_taken_apart(text: str, number: int, unit: str, postal_code: str, area: str, words: str) -> None:
    typed = read_us(text)
    assert (typed.number, typed.unit, typed.postal_code, typed.area) == (number, unit, postal_code, area)
    assert " ".join(typed.words) == words


def test_an_address_in_fields_is_the_same_however_it_is_written() -> None:
    one = parse_us(street="100 North Main Street Apt 4b", city="St. Louis", area="Missouri", postal_code="63101-0001")
    other = parse_us(street="100 N MAIN ST", unit="#4B", city="SAINT LOUIS", area="MO", postal_code="63101")
    assert one.key == other.key
    assert one.label == "100 N MAIN ST APT 4B, SAINT LOUIS, MO 63101"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"street": "Main Street"}, "number"), ({"street": "100"}, "street"), ({"city": " "}, "city"),
     ({"area": "Bavaria"}, "area"), ({"postal_code": "7870"}, "postal_code")],
)  # fmt: skip
def test_what_is_missing_is_named(change: dict[str, str], field: str) -> None:
    whole = {"street": "100 Main St", "city": "Austin", "area": "TX", "postal_code": "78701"}
    with pytest.raises(ValueError, match=f"^{field}$"):
        parse_us(**whole | change)


PLACES = {
    "areas": {"上海市": "上海市", "上海": "上海市"},
    "cities": {"上海市": "上海市", "上海": "上海市"},
    "districts": {"静安区": "静安区", "静安": "静安区"},
}


@pytest.mark.parametrize(
    ("text", "road", "number", "unit", "city"),
    [
        ("上海市静安区南京西路一百二十号3号楼2单元501室", "南京西路", 120, "3-2-501", "上海市"),
        ("上海 静安区 南京西路１２０号", "南京西路", 120, "", "上海"),
        ("南京西路120号，上海市静安区", "南京西路", 120, "", "上海市"),
        ("静安区南京西路120", "南京西路", 120, "", ""),
    ],
)
def test_chinese_text_is_taken_apart(text: str, road: str, number: int, unit: str, city: str) -> None:
    typed = read_cn(text, **PLACES)
    assert (typed.words, typed.number, typed.unit, typed.city) == ((road,), number, unit, city)


@pytest.mark.parametrize(
    ("numeral", "digits"), [("十号", "10号"), ("二十三号", "23号"), ("一百零五号", "105号"), ("三百二十号", "320号")]
)
def test_chinese_numerals_of_numbers_are_digits(numeral: str, digits: str) -> None:
    assert plain(numeral) == digits


def test_a_chinese_address_in_fields() -> None:
    made = parse_cn(street="南京西路120号", unit="2单元501室", city="上海市", area="上海市", district="静安区")
    assert made.label == "上海市静安区南京西路120号2单元501室"
    with pytest.raises(ValueError, match="district"):
        parse_cn(street="南京西路120号", city="上海市", area="上海市", district="")


@given(st.text(max_size=300))
def test_no_text_breaks_the_reading(text: str) -> None:
    read_us(text)
    read_cn(text, **PLACES)
    unit_value(text)
