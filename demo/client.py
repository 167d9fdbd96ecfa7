"""A small HTTP client of the storefront API, as the journey and the tests of the whole chain use it."""

import time
import uuid
from typing import Any

import httpx

TRIES = 5


class JourneyError(Exception):
    """The suite answered otherwise than it should."""


class Api:
    """Speaks GraphQL over HTTP; a refusal in a payload raises unless it is asked for."""

    def __init__(self, url: str, token: str | None = None, language: str = "en") -> None:
        headers = {"Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self.http = httpx.Client(base_url=url, headers=headers, timeout=60)

    def signed_in(self, token: str) -> "Api":
        return Api(str(self.http.base_url), token, self.http.headers["Accept-Language"])

    def speaking(self, language: str) -> "Api":
        """The same API, asked by somebody who reads another language."""
        return Api(str(self.http.base_url), language=language)

    def raw(self, document: str, variables: dict[str, Any] | None = None, key: str | None = None) -> dict[str, Any]:
        """The whole response body."""
        headers = {"Idempotency-Key": key} if key else {}
        response = self.http.post("/graphql/", json={"query": document, "variables": variables or {}}, headers=headers)
        if response.status_code != 200:
            raise JourneyError(f"HTTP {response.status_code}: {response.text[:300]}")
        body: dict[str, Any] = response.json()
        return body

    def query(self, document: str, **variables: Any) -> Any:
        """The value of the one root field; raises for a top-level error."""
        body = self.raw(document, variables)
        if body.get("errors"):
            raise JourneyError(str(body["errors"]))
        return next(iter(body["data"].values()))

    def mutate(self, document: str, key: str | None = None, **variables: Any) -> Any:
        """The payload of the one mutation; raises when it refuses. What a busy machine puts off is sent again."""
        key = key or str(uuid.uuid4())
        for _try in range(TRIES):
            body = self.raw(document, variables, key)
            if body.get("errors"):
                raise JourneyError(str(body["errors"]))
            payload = next(iter(body["data"].values()))
            if not payload["errors"]:
                return payload
            if payload["errors"][0]["code"] != "TRY_AGAIN":
                break
            time.sleep(1)
        raise JourneyError(str(payload["errors"]))

    def refused(self, document: str, **variables: Any) -> str:
        """The code of the refusal that must come; raises when there is none."""
        body = self.raw(document, variables, str(uuid.uuid4()))
        if body.get("errors"):
            return str(body["errors"][0]["extensions"]["code"])
        payload = next(iter(body["data"].values()))
        if isinstance(payload, dict) and payload.get("errors"):
            return str(payload["errors"][0]["code"])
        raise JourneyError(f"accepted, although it should be refused: {payload}")
