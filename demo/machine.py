"""One machine that holds the whole suite: its folders, secrets, databases and environment variables.

Everything lives under `var/` (or `SUITE_VAR_DIR`), so that several clones run side by side and `make reset`
forgets it all.
"""

import json
import os
import secrets
import socket
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from kernel import postgres

ROOT = Path(__file__).resolve().parent.parent
CORE_PYTHON = ROOT / ".venv-core" / "bin" / "python"


@dataclass(frozen=True)
class Machine:
    """The addresses and secrets of one installation."""

    var: Path
    port: int

    @classmethod
    def here(cls) -> "Machine":
        var = Path(os.environ.get("SUITE_VAR_DIR", ROOT / "var")).resolve()
        return cls(var=var, port=int(os.environ.get("PORT", "8000")))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Made once, readable by the owner alone."""
        path = self.var / "secrets.json"
        if path.exists():
            return json.loads(path.read_text())
        self.var.mkdir(parents=True, exist_ok=True)
        made = {"secret_key": secrets.token_urlsafe(48), "app_token": secrets.token_urlsafe(32)}
        partial = path.with_suffix(".part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(made, file)
        # A crash must not leave half a file: the name appears only when the content is whole.
        partial.rename(path)
        return made

    @property
    def core_port(self) -> int:
        """Where the embedded core listens; `choose_core_port` decides it at each start."""
        return int((self.var / "core-port").read_text())

    def choose_core_port(self) -> None:
        """Keep the port of the last start while it is free, so that links into the core's admin last."""
        path = self.var / "core-port"
        if not path.exists() or not _is_free(int(path.read_text())):
            self.var.mkdir(parents=True, exist_ok=True)
            path.write_text(str(free_port()))

    @property
    def has_own_core(self) -> bool:
        return not os.environ.get("SALEOR_API_URL")

    @cached_property
    def database_server(self) -> str | None:
        """URL of the embedded PostgreSQL, started when needed; None when DATABASE_URL names another."""
        if os.environ.get("DATABASE_URL"):
            return None
        return postgres.ensure_server(self.var / "postgres")

    def suite_environment(self) -> dict[str, str]:
        """The settings' environment variables for the suite's processes."""
        values = {
            "DJANGO_SETTINGS_MODULE": "storefront_api.settings",
            "SUITE_VAR_DIR": str(self.var),
            "SECRET_KEY": self.secrets["secret_key"],
            "PORT": str(self.port),
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        if self.database_server:
            values["DATABASE_URL"] = postgres.ensure_database(self.database_server, "suite")
        if self.has_own_core:
            origin = f"http://127.0.0.1:{self.core_port}"
            values["SALEOR_API_URL"] = f"{origin}/graphql/"
            values["SALEOR_APP_TOKEN"] = self.secrets["app_token"]
            values["CORE_ADMIN_URL"] = f"{origin}/admin/"
        # What the operator sets wins over what the machine would choose.
        return {**values, **os.environ}

    def core_environment(self) -> dict[str, str]:
        """The environment of the embedded core's process; its database is its own."""
        url = os.environ.get("EMBEDDED_CORE_DATABASE_URL")
        if not url and self.database_server:
            url = postgres.ensure_database(self.database_server, "embedded_core")
        if not url:
            raise RuntimeError("Set EMBEDDED_CORE_DATABASE_URL beside DATABASE_URL, or SALEOR_API_URL for a real core.")
        environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
        return {
            **environment,
            "EMBEDDED_CORE_DATABASE_URL": url,
            "EMBEDDED_CORE_SECRET_KEY": self.secrets["secret_key"] + "-core",
            "EMBEDDED_CORE_PUBLIC_URL": f"http://127.0.0.1:{self.core_port}",
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
