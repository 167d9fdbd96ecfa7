"""`make run`: starts the whole suite on one machine and keeps it running until Ctrl-C.

Order: database, embedded core, tables, demonstration data (once), then the suite's server and its worker.
Every child dies with this process, even if this one is killed; committed data are PostgreSQL's business.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from demo import load
from demo.facts_csv import ImportFileError
from demo.machine import CORE_PYTHON, ROOT, Machine
from kernel import postgres

READY_SECONDS = 180
STOP_SECONDS = 8
RESTARTS_ALLOWED = 5
# The events of the core that the suite acts on.
EVENTS = ("product_updated", "product_variant_updated", "order_cancelled")


class StartError(Exception):
    """Why the suite cannot start, in one sentence."""


@dataclass
class Child:
    """A process that is kept alive: restarted when it ends by itself, given up after it ends too often."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    ends: list[float] = field(default_factory=list)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent,
            )

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> None:
        """Start it again; raises StartError when it keeps ending."""
        self.ends = [at for at in self.ends if at > time.monotonic() - 60] + [time.monotonic()]
        if len(self.ends) > RESTARTS_ALLOWED:
            raise StartError(f"{self.name} keeps ending. See {self.log} for the reason.")
        say(f"{self.name} ended and is started again (see {self.log})")
        self.start()

    def stop(self) -> None:
        if not self.is_running or self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _die_with_parent() -> None:
    pr_set_pdeathsig = 1
    # At once and for good: every piece of work is a row that the next start finds.
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def main() -> int:
    machine = Machine.here()
    children: list[Child] = []
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with _only_one(machine.var):
            _start(machine, children)
            _keep_running(children)
    except KeyboardInterrupt:
        say("stopping")
    except (StartError, ImportFileError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    finally:
        # An impatient second Ctrl-C must not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for child in reversed(children):
            child.stop()
        if not os.environ.get("DATABASE_URL"):
            postgres.stop_server(machine.var / "postgres")
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


class _only_one:
    """Refuses a second `make run` in the same folder: two supervisors would fight for the same database."""

    def __init__(self, var: Path) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.path = var / "run.lock"
        self.file: IO[str] | None = None

    def __enter__(self) -> None:
        self.file = self.path.open("w")
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StartError("The suite already runs from this folder. Stop it first (Ctrl-C).") from None

    def __exit__(self, *_exception: object) -> None:
        if self.file:
            self.file.close()


def _start(machine: Machine, children: list[Child]) -> None:
    say("database: starting")
    if machine.has_own_core:
        machine.choose_core_port()
    suite = machine.suite_environment()
    say("suite and core: preparing tables and files")
    with ThreadPoolExecutor() as side_by_side:
        core = side_by_side.submit(_prepare_core, machine) if machine.has_own_core else None
        _step([sys.executable, "-m", "demo.prepare"], suite, "the suite's tables and files")
    if core:
        # Children are started by this thread alone: they die with the thread that started them.
        children.append(_core_child(machine, core.result()))
        children[0].start()
        _wait_for(f"http://127.0.0.1:{machine.core_port}/health/", children[0])
        _load_demonstration([str(CORE_PYTHON), "-m", "embedded_core.manage", "load_catalogue"], core.result(), suite)
    elif os.environ.get("DEMO_IN_CORE"):
        _load_demonstration([sys.executable, "-m", "demo.saleor_shop"], suite, suite)
    server, *workers = _suite_children(machine, suite)
    children.append(server)
    server.start()
    _wait_for(f"{machine.url}/health/", server)
    for worker in workers:
        children.append(worker)
        worker.start()
    _welcome(machine, suite)


def _prepare_core(machine: Machine) -> dict[str, str]:
    core = machine.core_environment()
    _step([str(CORE_PYTHON), "-m", "embedded_core.manage", "migrate", "-v0"], core, "the core's tables")
    _install_app(machine, core)
    return core


def _load_demonstration(into_core: list[str], core: dict[str, str], suite: dict[str, str]) -> None:
    demonstration = load.prepare()
    if demonstration is None:
        return
    _show([*into_core, str(demonstration)], core, "the core's catalogue")
    _show([sys.executable, "-m", "demo.load"], suite, "the demonstration data")


def _install_app(machine: Machine, core: dict[str, str]) -> None:
    token_file = machine.var / "app-token"
    token_file.touch(mode=0o600)
    token_file.write_text(machine.secrets["app_token"])
    command = [str(CORE_PYTHON), "-m", "embedded_core.manage", "install_app", "--name", "suite"]
    arguments = ["--token-file", str(token_file), "--webhook-url", f"{machine.url}/webhooks/saleor/"]
    for event in EVENTS:
        arguments += ["--event", event]
    _step([*command, *arguments], core, "the suite's installation in the core")


def _core_child(machine: Machine, environment: dict[str, str]) -> Child:
    command = [str(CORE_PYTHON), "-m", "uvicorn", "embedded_core.asgi:application", "--host", "127.0.0.1"]
    command += ["--port", str(machine.core_port), "--log-level", "warning"]
    return Child("core", command, environment, machine.var / "log" / "core.log")


def _suite_children(machine: Machine, environment: dict[str, str]) -> list[Child]:
    server = [sys.executable, "-m", "uvicorn", "storefront_api.asgi:application", "--host", "127.0.0.1"]
    server += ["--port", str(machine.port), "--log-level", "warning", "--no-access-log", "--no-server-header"]
    server += ["--timeout-graceful-shutdown", "3"]
    celery = [sys.executable, "-m", "celery", "-A", "storefront_api"]
    worker = [*celery, "worker", "--pool", "threads", "-c", "4", "--loglevel", "warning"]
    beat = [*celery, "beat", "-s", str(machine.var / "celerybeat"), "--pidfile", "", "--loglevel", "warning"]
    log = machine.var / "log"
    return [
        Child("suite", server, environment, log / "suite.log"),
        Child("worker", worker, environment, log / "worker.log"),
        Child("beat", beat, environment, log / "beat.log"),
    ]


def _step(command: list[str], environment: dict[str, str], what: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StartError(f"Could not prepare {what}.\n{(done.stderr or done.stdout)[-3000:]}")


def _show(command: list[str], environment: dict[str, str], what: str) -> None:
    """As `_step`, for work that shows its own progress."""
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise StartError(f"Could not load {what}; the lines above say why.")


def _wait_for(url: str, child: Child) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if not child.is_running:
            raise StartError(f"{child.name} ended while starting:\n{_tail(child.log)}")
        if _answers(url):
            return
        time.sleep(0.2)
    raise StartError(f"{child.name} did not answer within {READY_SECONDS} s:\n{_tail(child.log)}")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _tail(path: Path) -> str:
    return path.read_text(errors="replace")[-2000:] if path.exists() else "(no log)"


def _keep_running(children: list[Child]) -> None:
    while True:
        time.sleep(1)
        for child in children:
            if not child.is_running:
                child.revive()


def _welcome(machine: Machine, suite: dict[str, str]) -> None:
    lines = [
        "",
        f"  Shop            {machine.url}/",
        f"  Point of sale   {machine.url}/pos/      (`make demo-facts` prints register tokens and PINs)",
        f"  Merchandiser    {machine.url}/admin/",
        f"  GraphQL         {machine.url}/graphql/",
    ]
    if machine.has_own_core:
        lines.append(f"  Commerce core   {suite['CORE_ADMIN_URL']}")
    print(
        "\n".join([*lines, "", "  Ctrl-C stops everything; the data stay until `make reset`.", ""]),
        flush=True,
    )
    say("ready")


STARTED = time.monotonic()


def say(message: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f} s] {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
