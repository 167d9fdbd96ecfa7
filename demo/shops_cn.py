"""The operator's shops in China: real cities and districts, addresses that could be, made-up telephone numbers."""

import re
from pathlib import Path

from demo import chance, shop_hours
from demo.facts_csv import Imported, RowError, read
from demo.shops import Shop

COLUMNS = {"id", "name", "address", "city", "state", "zip", "latitude", "longitude", "area_code", "hours"}


def read_shops(path: Path) -> Imported[Shop]:
    """All usable shops of the file; raises ImportFileError."""
    return read(path, COLUMNS, _shop)


def _shop(row: dict[str, str]) -> Shop:
    if not re.fullmatch(r"\d{6}", row["zip"]):
        raise RowError(f"postal code {row['zip']!r} has not six digits")
    try:
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        hours = shop_hours.parse(row["hours"])
    except ValueError as error:
        raise RowError(str(error)) from None
    if not (18 <= latitude <= 54 and 73 <= longitude <= 135):
        raise RowError(f"the position {latitude}, {longitude} is not in the country")
    code = f"C{row['id']}"
    return Shop(
        code=code,
        name=row["name"],
        street=row["address"],
        city=row["city"],
        state=row["state"],
        postal_code=row["zip"],
        latitude=latitude,
        longitude=longitude,
        timezone="Asia/Shanghai",
        hours=hours,
        country="CN",
        phone=_phone(code, row["area_code"]),
    )


def _phone(code: str, area_code: str) -> str:
    """A number that nobody can have: within China, none begins with a nought after its area code."""
    return f"+86 {area_code} 0000 01{chance.number(2, 'phone', code)}"
