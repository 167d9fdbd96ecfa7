"""Identifiers with right check digits, of ranges that no real unit has: IMEI, ICCID and GTIN."""

from stdnum import ean, luhn


def imei(device: int, unit: int) -> str:
    """15 digits: a made-up type allocation code (test range 00), the unit's number, a Luhn check digit."""
    body = f"00{device:06d}{unit:06d}"
    return body + luhn.calc_check_digit(body)


def iccid(kind: int, unit: int) -> str:
    """19 digits after ITU-T E.118: 89, country 1, issuer 999, the card's number, a Luhn check digit."""
    body = f"891999{kind:02d}{unit:010d}"
    return body + luhn.calc_check_digit(body)


def gtin(number: int) -> str:
    """GTIN-13 of the prefix 20, which GS1 leaves to shops for their own use."""
    body = f"20{number:010d}"
    return body + ean.calc_check_digit(body)
