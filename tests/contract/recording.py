"""Exchanges with a core, kept as data: written beside a running Saleor, replayed where there is none.

A record holds, in their order, what was asked (operation and variables) and what was answered. It holds no header
and thus no key; passwords and tokens in variables and replies are blanked out.
"""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

FOLDER = Path(__file__).resolve().parent / "recorded"
SECRET_NAMES = {"password", "token", "refreshToken", "csrfToken"}
BLANK = "(left out)"

Json = dict[str, Any]


def scrubbed(value: Any) -> Any:
    """The value without what must not be kept."""
    if isinstance(value, dict):
        return {key: BLANK if key in SECRET_NAMES and item else scrubbed(item) for key, item in value.items()}
    return [scrubbed(item) for item in value] if isinstance(value, list) else value


class Recorder(httpx.BaseTransport):
    """Passes requests on and notes them with their replies."""

    def __init__(self) -> None:
        self._network = httpx.HTTPTransport()
        self._lock = threading.Lock()
        self.exchanges: list[Json] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = self._network.handle_request(request)
        body = response.read()
        asked = json.loads(request.content)
        with self._lock:
            self.exchanges.append(
                {
                    "operation": asked["operationName"],
                    "variables": scrubbed(asked["variables"]),
                    "status": response.status_code,
                    "reply": scrubbed(_without_costs(json.loads(body))),
                }
            )
        # The body is read and decoded: its encoding is not the caller's matter any more.
        return httpx.Response(response.status_code, content=body, headers={"content-type": "application/json"})

    def close(self) -> None:
        self._network.close()

    def write(self, name: str, *, version: str) -> None:
        """Keep the exchanges as `name`.json with the day and the core's version."""
        save(name, {"saleor": version, "recorded": datetime.now(UTC).date().isoformat(), "exchanges": self.exchanges})


class Replay(httpx.BaseTransport):
    """Answers from a record; a request that is not the next of its operation there is an AssertionError."""

    def __init__(self, name: str) -> None:
        self._lock = threading.Lock()
        self._left: list[Json] = load(name)["exchanges"]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        asked = json.loads(request.content)
        operation, variables = asked["operationName"], scrubbed(asked["variables"])
        with self._lock:
            known = next((item for item in self._left if item["operation"] == operation), None)
            assert known is not None, f"The record has no further {operation}: record it anew."
            assert known["variables"] == variables, f"{operation} is asked otherwise than recorded: record it anew."
            self._left.remove(known)
        return httpx.Response(known["status"], json=known["reply"])

    @property
    def unused(self) -> list[str]:
        """Operations of the record that were not asked for."""
        return [item["operation"] for item in self._left]


def _without_costs(reply: Json) -> Json:
    return {key: value for key, value in reply.items() if key != "extensions"}


def save(name: str, data: Json) -> None:
    """Write a record or the shop's own data."""
    (FOLDER / f"{name}.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def load(name: str) -> Json:
    """Read what `save` wrote."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text()))


def exists(name: str) -> bool:
    return (FOLDER / f"{name}.json").exists()
