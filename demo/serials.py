"""Identifiers with right check digits, of ranges that no real unit has: IMEI, EID, ICCID and GTIN."""

from stdnum import ean, luhn
from stdnum.iso7064 import mod_97_10


def imei(device: int, unit: int) -> str:
    """15 digits: a made-up type allocation code (test range 00), the unit's number, a Luhn check digit."""
    body = f"00{device:06d}{unit:06d}"
    return body + luhn.calc_check_digit(body)


def second_imei(device: int, unit: int) -> str:
    """The IMEI of the unit's second SIM: in the upper half of the range, which no first one reaches."""
    return imei(device, 500_000 + unit)


def eid(device: int, unit: int) -> str:
    """32 digits after GSMA SGP.02: 89, country 001, issuer 999, the chip's number, two check digits."""
    body = f"89001999{device:011d}{unit:011d}"
    return body + str(mod_97_10.calc_check_digits(body))


def iccid(kind: int, unit: int) -> str:
    """19 digits after ITU-T E.118: 89, country 1, issuer 999, the card's number, a Luhn check digit."""
    body = f"891999{kind:02d}{unit:010d}"
    return body + luhn.calc_check_digit(body)


def gtin(number: int) -> str:
    """GTIN-13 of the prefix 20, which GS1 leaves to shops for their own use."""
    body = f"20{number:010d}"
    return body + ean.calc_check_digit(body)
