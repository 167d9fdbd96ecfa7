"""Addresses as Saleor takes them: fields in snake_case, the United States checked as Google's address data say."""

import re
from typing import Any

from embedded_core.errors import PermissionDenied, Problem, Refused
from embedded_core.requestor import Requestor

Address = dict[str, str]
FIELDS = (
    "first_name",
    "last_name",
    "company_name",
    "street_address_1",
    "street_address_2",
    "city",
    "city_area",
    "postal_code",
    "country",
    "country_area",
    "phone",
)
_US_STATES = (
    "AL Alabama,AK Alaska,AZ Arizona,AR Arkansas,CA California,CO Colorado,CT Connecticut,DE Delaware,"
    "DC District of Columbia,FL Florida,GA Georgia,HI Hawaii,ID Idaho,IL Illinois,IN Indiana,IA Iowa,KS Kansas,"
    "KY Kentucky,LA Louisiana,ME Maine,MD Maryland,MA Massachusetts,MI Michigan,MN Minnesota,MS Mississippi,"
    "MO Missouri,MT Montana,NE Nebraska,NV Nevada,NH New Hampshire,NJ New Jersey,NM New Mexico,NY New York,"
    "NC North Carolina,ND North Dakota,OH Ohio,OK Oklahoma,OR Oregon,PA Pennsylvania,RI Rhode Island,"
    "SC South Carolina,SD South Dakota,TN Tennessee,TX Texas,UT Utah,VT Vermont,VA Virginia,WA Washington,"
    "WV West Virginia,WI Wisconsin,WY Wyoming,PR Puerto Rico,GU Guam,VI Virgin Islands,AS American Samoa,"
    "MP Northern Mariana Islands"
)
US_STATES = {name.upper(): code for code, name in (entry.split(" ", 1) for entry in _US_STATES.split(","))}
_US_ZIP = re.compile(r"^\d{5}(-\d{4})?$")
_PHONE = re.compile(r"^\+?\d{7,15}$")
_CAMEL = {"street_address_1": "streetAddress1", "street_address_2": "streetAddress2"}


def from_input(data: dict[str, Any] | None, *, by: Requestor) -> Address | None:
    """The address of an AddressInput, checked; refuses with REQUIRED and INVALID per field.

    `skip_validation` is for apps with HANDLE_CHECKOUTS alone.
    """
    if data is None:
        return None
    address = {name: str(data.get(name) or "").strip() for name in FIELDS}
    if data.get("skip_validation"):
        if by.app is None or not by.has("HANDLE_CHECKOUTS"):
            raise PermissionDenied(
                message="To skip address validation, you need one of the following permissions: HANDLE_CHECKOUTS"
            )
        return address
    return check(address)


def check(address: Address) -> Address:
    """The address in its normal form; refuses with every field that is missing or wrong."""
    required = ["country", "street_address_1", "city"]
    if address["country"] == "US":
        required += ["postal_code", "country_area"]
    problems = [Problem("REQUIRED", "This field is required.", _camel(name)) for name in required if not address[name]]
    if address["country"] == "US":
        problems += _check_us(address)
    if address["phone"] and not _PHONE.match(re.sub(r"[\s().-]", "", address["phone"])):
        problems.append(Problem("INVALID", f"'{address['phone']}' is not a valid phone number.", "phone"))
    if problems:
        raise Refused(*problems)
    return address


def _check_us(address: Address) -> list[Problem]:
    problems = []
    if address["postal_code"] and not _US_ZIP.match(address["postal_code"]):
        problems.append(Problem("INVALID", "This value is not valid for the address.", "postalCode"))
    if address["country_area"]:
        area = address["country_area"].upper()
        code = US_STATES.get(area, area)
        if code in US_STATES.values():
            address["country_area"] = code
        else:
            problems.append(Problem("INVALID", "This value is not valid for the address.", "countryArea"))
    return problems


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return _CAMEL.get(name) or head + "".join(word.capitalize() for word in rest)
