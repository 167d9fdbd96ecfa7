"""A stand-in for the core at its only port, HTTP: canned replies, its keys, and its failures.

    with FakeCore() as fake:
        fake.answer("Order", {"order": {...}})           # for good, or until answered anew
        fake.fail("Order", status=503)                   # the next call only; `times` for more
        fake.fail("Order", status=429, headers={"Retry-After": "30"})
        fake.lose_reply("CheckoutComplete")              # the call is noted, then the connection is cut
        fake.stall("Order", seconds=1.0)                 # answers late
        fake.calls("Order")                              # the variables of each call

It signs like Saleor: `fake.sign(body)` for a webhook, `fake.token(...)` for a shopper.
"""

import json
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, ClassVar

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

Json = dict[str, Any]
_DENIED = {
    "errors": [
        {
            "message": "To access this path, you need one of ...",
            "extensions": {"exception": {"code": "PermissionDenied"}},
        }
    ],
    "data": None,
}
Answer = Json | Callable[[Json], Json]


class FakeCore:
    """An HTTP server on a free port of loopback; `url` is its GraphQL address."""

    _private: ClassVar[dict[str, rsa.RSAPrivateKey]] = {}

    def __init__(self) -> None:
        self.kid = "1"
        self.keys_status = 200
        self.keys_headers: dict[str, str] = {}
        self.keys_read = 0
        self._answers: dict[str, Answer] = {}
        self._faults: dict[str, deque[Callable[[_Handler], bool]]] = defaultdict(deque)
        self._calls: dict[str, list[Json]] = defaultdict(list)
        self.authorizations: list[str] = []
        self.forwarded: list[str | None] = []  # X-Forwarded-For of each call
        self.known_tokens: set[str] | None = None  # None: every token is good
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": self}))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def domain(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        return f"http://{self.domain}/graphql/"

    def __enter__(self) -> "FakeCore":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    # What it answers

    def answer(self, operation: str, data: Answer) -> None:
        """The `data` of the reply, or a function of the variables that gives it."""
        self._answers[operation] = data

    def refuse(self, operation: str, field: str, *errors: Json) -> None:
        """A payload with Saleor's `errors` and nothing else set."""
        self.answer(operation, {field: {"errors": list(errors)}})

    def calls(self, operation: str) -> list[Json]:
        """The variables of every call so far, those that failed on purpose too."""
        return self._calls[operation]

    # How it fails

    def fail(
        self,
        operation: str,
        *,
        status: int = 503,
        body: str = "down",
        times: int = 1,
        headers: dict[str, str] | None = None,
    ) -> None:
        def strike(handler: "_Handler") -> bool:
            handler.reply(status, body.encode(), "text/plain", headers)
            return True

        self._faults[operation].extend([strike] * times)

    def recover(self, operation: str) -> None:
        """No more faults."""
        self._faults[operation].clear()

    def lose_reply(self, operation: str, *, times: int = 1) -> None:
        def strike(handler: "_Handler") -> bool:
            handler.close_connection = True
            return True

        self._faults[operation].extend([strike] * times)

    def stall(self, operation: str, *, seconds: float, times: int = 1) -> None:
        def strike(_handler: "_Handler") -> bool:
            time.sleep(seconds)
            return False

        self._faults[operation].extend([strike] * times)

    # What it signs

    def key(self) -> rsa.RSAPrivateKey:
        if self.kid not in self._private:
            self._private[self.kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        return self._private[self.kid]

    def sign(self, body: bytes) -> str:
        """Saleor-Signature: a detached JWS, `header..signature`."""
        headers = {"kid": self.kid, "crit": ["b64"], "b64": False}
        return jwt.api_jws.encode(body, self.key(), algorithm="RS256", headers=headers, is_payload_detached=True)

    def token(self, **claims: Any) -> str:
        """A shopper's access token; `claims` replace those of a usual one, None leaves one out."""
        usual = {
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "owner": "saleor",
            "iss": self.url,
            "token": "abc",
            "email": "ada@example.com",
            "type": "access",
            "user_id": "VXNlcjox",
            "is_staff": False,
        }
        wanted = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(wanted, self.key(), algorithm="RS256", headers={"kid": self.kid})

    def staff_token(self, app_id: str, **claims: Any) -> str:
        """The token of a member of staff that the dashboard gives to the App in its frame."""
        usual = {
            "type": "thirdparty",
            "app": app_id,
            "is_staff": True,
            "permissions": ["MANAGE_PRODUCTS"],
            "user_permissions": ["MANAGE_PRODUCTS"],
        }
        return self.token(**(usual | claims))

    # For the handler

    def handle_graphql(self, handler: "_Handler", request: Json) -> None:
        operation = request["operationName"]
        self._calls[operation].append(request["variables"])
        self.forwarded.append(handler.headers.get("X-Forwarded-For"))
        self.authorizations.append(handler.headers.get("Authorization", ""))
        token = self.authorizations[-1].removeprefix("Bearer ")
        if self.known_tokens is not None and token not in self.known_tokens:
            handler.reply(200, json.dumps(_DENIED).encode(), "application/json")
            return
        faults = self._faults[operation]
        if faults and faults.popleft()(handler):
            return
        answer = self._answers.get(operation)
        if answer is None:
            reply: Json = {"errors": [{"message": f"No answer is set for {operation}."}]}
        else:
            reply = {"data": answer(request["variables"]) if callable(answer) else answer}
            if "errors" in reply["data"]:
                reply = reply["data"]
        handler.reply(200, json.dumps(reply).encode(), "application/json")

    def handle_keys(self, handler: "_Handler") -> None:
        self.keys_read += 1
        public = RSAAlgorithm.to_jwk(self.key().public_key(), as_dict=True)
        keys = [public | {"use": "sig", "alg": "RS256", "kid": self.kid}]
        handler.reply(self.keys_status, json.dumps({"keys": keys}).encode(), "application/json", self.keys_headers)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    fake: FakeCore

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.fake.handle_graphql(self, json.loads(body))

    def do_GET(self) -> None:
        self.fake.handle_keys(self)

    def reply(self, status: int, body: bytes, kind: str, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller gave up waiting, as it should

    def log_message(self, format: str, *args: Any) -> None:
        """Tests are quiet."""
