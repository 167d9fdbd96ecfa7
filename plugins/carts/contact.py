"""Who buys and where the bill goes: checking and normalising what a person typed."""

import re
from dataclasses import asdict, dataclass, fields
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from kernel.errors import INVALID, REQUIRED, ApiError
from plugins.carts import errors

_NAME_LENGTH = 120
_ADDRESS_LENGTH = 256
_check_email = EmailValidator()


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in the contract's parts; `country` is ISO 3166 alpha-2."""

    street_address_1: str
    city: str
    country: str
    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_2: str = ""
    city_area: str = ""
    postal_code: str = ""
    country_area: str = ""
    phone: str = ""

    def as_json(self) -> dict[str, str]:
        """As a cart keeps it."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class ContactChange:
    """What is to change; None leaves a value as it is, an empty string removes it."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    billing_address: Address | None = None


def changes(contact: ContactChange, *, region: str) -> dict[str, Any]:
    """The normalised column values that a contact changes. `region` is where a number without country code belongs.

    Errors: INVALID_EMAIL, INVALID_PHONE, REQUIRED, INVALID.
    """
    found: dict[str, Any] = {}
    for name in ("first_name", "last_name"):
        value = getattr(contact, name)
        if value is not None:
            found[name] = clean_text(value, field=f"contact.{_camel(name)}", length=_NAME_LENGTH)
    if contact.email is not None:
        found["email"] = normal_email(contact.email)
    if contact.phone is not None:
        found["phone"] = normal_phone(contact.phone, region=region, field="contact.phone")
    if contact.billing_address is not None:
        found["billing_address"] = _checked_address(contact.billing_address).as_json()
    return found


def normal_email(text: str) -> str:
    """The address without surrounding blanks, its domain in lower case; empty stays empty. Errors: INVALID_EMAIL."""
    email = text.strip()
    if not email:
        return ""
    try:
        _check_email(email)
    except ValidationError:
        raise _invalid_email() from None
    if len(email) > 254:
        raise _invalid_email()
    local, _at, domain = email.rpartition("@")
    return f"{local}@{domain.lower()}"


def normal_phone(text: str, *, region: str, field: str) -> str:
    """The number in E.164; empty stays empty. Errors: INVALID_PHONE."""
    if not text.strip():
        return ""
    number = _parsed_phone(text, region)
    if number is None:
        message = _("This telephone number is not complete. Give it with its area code.")
        raise ApiError(errors.INVALID_PHONE, message, field=field)
    return number


def same_contact(given: str, *, email: str, phone: str, region: str) -> bool:
    """Whether somebody's e-mail or number, however written, is the one on record."""
    text = given.strip()
    if "@" in text:
        return bool(email) and text.casefold() == email.casefold()
    return bool(phone) and _parsed_phone(text, region) == phone


def clean_text(text: str, *, field: str, length: int) -> str:
    """Text in one line without control characters. Errors: INVALID when it is too long."""
    cleaned = re.sub(r"[\s\x00-\x1f\x7f]+", " ", text).strip()
    if len(cleaned) > length:
        message = _("This text is too long: at most %(length)s characters.")
        raise ApiError(INVALID, message, field=field, params={"length": length})
    return cleaned


def _parsed_phone(text: str, region: str) -> str | None:
    try:
        number = phonenumbers.parse(text[:40], region)
    except phonenumbers.NumberParseException:
        return None
    # "Possible" and not "valid": numbering plans grow faster than any table of them.
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _checked_address(address: Address) -> Address:
    values = {
        item.name: clean_text(getattr(address, item.name), field=_address_field(item.name), length=_ADDRESS_LENGTH)
        for item in fields(Address)
    }
    for name in ("street_address_1", "city", "country"):
        if not values[name]:
            raise ApiError(REQUIRED, _("The address is not complete."), field=_address_field(name))
    values["country"] = values["country"].upper()
    if not re.fullmatch("[A-Z]{2}", values["country"]):
        message = _("Give the country as two letters, such as US.")
        raise ApiError(INVALID, message, field=_address_field("country"))
    if values["phone"]:
        values["phone"] = normal_phone(values["phone"], region=values["country"], field=_address_field("phone"))
    return Address(**values)


def _address_field(name: str) -> str:
    return f"contact.billingAddress.{_camel(name)}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def _invalid_email() -> ApiError:
    return ApiError(
        errors.INVALID_EMAIL,
        _("This e-mail address is not complete. It looks like name@example.com."),
        field="contact.email",
    )
