"""How the core's scalars cross the wire. The generated client imports this module."""

from datetime import UTC, datetime


def parse_datetime(value: object) -> datetime:
    """An ISO 8601 time of the core as an aware datetime; a time without an offset is UTC."""
    if not isinstance(value, str):
        raise ValueError(f"A time must be a string, not {type(value).__name__}.")
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def serialize_datetime(value: datetime) -> str:
    """An aware datetime as ISO 8601 in UTC."""
    if value.tzinfo is None:
        raise ValueError("A time sent to the core must be aware.")
    return value.astimezone(UTC).isoformat()
