"""How a log entry is written: one line of text, or one JSON object, with the work it belongs to.

Of the work only ids are told. What a caller of the logger adds as `extra` is left out: nobody can log a token that way.
"""

import datetime as dt
import json
import logging
from typing import Any

from kernel import tracing, work


def _context() -> dict[str, str]:
    """Of the work under way what is known."""
    found = work.current()
    if found is None:
        return {}
    known = {
        "request_id": found.request_id,
        "operation": found.operation,
        "store": found.store,
        "actor": found.actor,
        "trace_id": tracing.trace_id(),
    }
    return {name: value for name, value in known.items() if value}


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, what is known of the work, the exception."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
            **_context(),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        if record.stack_info:
            entry["stack"] = self.formatStack(record.stack_info)
        return json.dumps(entry, ensure_ascii=False)


class TextFormatter(logging.Formatter):
    """A line for a person; the request's id at its end."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        line = super().formatMessage(record)
        found = work.current()
        return f"{line} (request {found.request_id})" if found else line
