"""GeoJSON of any length, feature by feature: never more than one of them is held."""

import json
from collections.abc import Iterator
from typing import IO, Any

from django.utils.translation import gettext as _

from kernel.errors import INVALID, ApiError

_CHUNK = 1 << 16
# A footprint of 20,000 vertices is well below.
MAX_FEATURE = 4_000_000
_decoder = json.JSONDecoder()


def features(file: IO[bytes]) -> Iterator[dict[str, Any]]:
    """The features of a FeatureCollection, or of one feature a line. Raises INVALID for anything else."""
    text = _Text(file)
    text.fill(1024)
    head = text.buffer.lstrip()
    if not head.startswith("{"):
        raise _invalid()
    # A line each, or the members of the collection's list.
    if '"FeatureCollection"' in head[:1024] or '"features"' in head[:1024]:
        text.skip_to('"features"')
        text.skip_to("[")
    while (feature := text.next()) is not None:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise _invalid()
        yield feature


class _Text:
    """Decodes a file piece by piece."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._rest = b""
        self.buffer = ""

    def fill(self, length: int) -> bool:
        """Read until there is so much, or the end; whether anything came."""
        grown = False
        while len(self.buffer) < length and (chunk := self._file.read(_CHUNK)):
            data = self._rest + chunk
            try:
                text, self._rest = data.decode("utf-8"), b""
            except UnicodeDecodeError as error:
                if error.start < len(data) - 4:
                    raise _invalid() from error
                text, self._rest = data[: error.start].decode("utf-8"), data[error.start :]
            self.buffer += text.removeprefix("\ufeff")
            grown = True
        return grown

    def skip_to(self, words: str) -> None:
        """Drop everything up to and with these words, which stand near."""
        at = self.buffer.find(words)
        if at < 0:
            raise _invalid()
        self.buffer = self.buffer[at + len(words) :]

    def next(self) -> Any:
        """The next value; None at the end of the list or the file."""
        while True:
            self.buffer = self.buffer.lstrip(" \t\r\n,\x1e")
            if self.buffer.startswith("]"):
                return None
            try:
                value, end = _decoder.raw_decode(self.buffer)
            except (json.JSONDecodeError, RecursionError) as error:
                if len(self.buffer) > MAX_FEATURE:
                    raise _invalid() from error
                if not self.fill(len(self.buffer) + _CHUNK):
                    if not self.buffer:
                        return None
                    raise _invalid() from error
                continue
            self.buffer = self.buffer[end:]
            return value


def _invalid() -> ApiError:
    return ApiError(INVALID, _("The file is not a GeoJSON FeatureCollection."), field="file")
