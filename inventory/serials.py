"""What a scanner read, and whether a serial may name a unit. Pure; check digits by python-stdnum."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from stdnum import ean, imei, luhn
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_97_10

from kernel.errors import Message

_SEPARATORS = re.compile(r"[\s\-]+")
_SERIAL = re.compile(r"[A-Z0-9][A-Z0-9./_:+-]{2,63}")
_ICCID_LENGTHS = {19, 20}
_GTIN_LENGTHS = {8, 12, 13, 14}


class CodeType(StrEnum):
    """What a code says about itself by its form and check digit."""

    IMEI = "IMEI"
    ICCID = "ICCID"
    EID = "EID"
    GTIN = "GTIN"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class Scanned:
    """A code without separators, and its type."""

    type: CodeType
    value: str


class InvalidSerial(ValueError):
    """The text cannot be an identifier of that type; `message` is a sentence about %(serial)s."""

    def __init__(self, code: str, message: Message) -> None:
        super().__init__(code)
        self.code, self.message = code, message

    def __str__(self) -> str:
        return str(self.message) % {"serial": self.code}


def classify(code: str) -> Scanned:
    """Recognise an IMEI, ICCID, EID or GTIN by length, prefix and check digit; anything else is OTHER, upper-cased."""
    digits = _compact(code)
    if _is_imei(digits):
        return Scanned(CodeType.IMEI, digits)
    if _is_iccid(_without_padding(digits)):
        return Scanned(CodeType.ICCID, _without_padding(digits))
    if _is_eid(digits):
        return Scanned(CodeType.EID, digits)
    if len(digits) in _GTIN_LENGTHS and ean.is_valid(digits):
        return Scanned(CodeType.GTIN, digits)
    return Scanned(CodeType.OTHER, code.strip().upper())


def normalise(kind: str, code: str) -> str:
    """The number as stored, of an identifier of the type IMEI, IMEI2, ICCID, EID or SERIAL.

    Raises InvalidSerial when it cannot be one.
    """
    if kind in ("IMEI", "IMEI2"):
        value = _compact(code)
        if not _is_imei(value):
            raise InvalidSerial(code, _("%(serial)s is not an IMEI: 15 digits with a right check digit are expected."))
        return value
    if kind == "ICCID":
        value = _without_padding(_compact(code))
        if not _is_iccid(value):
            raise InvalidSerial(
                code,
                _(
                    "%(serial)s is not an ICCID: 19 or 20 digits that begin with 89, with a right check digit, are "
                    "expected."
                ),
            )
        return value
    if kind == "EID":
        value = _compact(code)
        if not _is_eid(value):
            raise InvalidSerial(
                code,
                _("%(serial)s is not an EID: 32 digits that begin with 89, with right check digits, are expected."),
            )
        return value
    value = code.strip().upper()
    if not _SERIAL.fullmatch(value):
        raise InvalidSerial(
            code, _("%(serial)s is not a serial number: 3 to 64 letters, digits or . / _ : + - are expected.")
        )
    return value


def readings(code: str) -> set[str]:
    """How the numbers that this code may be are stored: without separators and filler, and as it is."""
    return {classify(code).value, code.strip().upper()}


def _compact(code: str) -> str:
    return _SEPARATORS.sub("", code).upper()


def _without_padding(value: str) -> str:
    # Cards are printed with a filler F where the number has 19 digits.
    return value[:-1] if len(value) == 20 and value.endswith("F") else value


def _is_imei(value: str) -> bool:
    return len(value) == 15 and value.isascii() and imei.is_valid(value)


def _is_iccid(value: str) -> bool:
    return len(value) in _ICCID_LENGTHS and value.startswith("89") and value.isascii() and luhn.is_valid(value)


def _is_eid(value: str) -> bool:
    # GSMA SGP.02: the two last digits are check digits after ISO 7064, mod 97-10.
    if not (len(value) == 32 and value.isascii() and value.isdigit() and value.startswith("89")):
        return False
    try:
        mod_97_10.validate(value)
    except ValidationError:
        return False
    return True
