"""Writes commerce/client/ anew from the operations: `python -m commerce.codegen [--check]`, or `make codegen`.

With `--check` nothing is written: the exit code is 1 when the committed client is not what would be made.
The generator lives in .venv-codegen, since it pins libraries that the suite does not want.
"""

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "commerce" / "codegen.toml"
CLIENT = ROOT / "commerce" / "client"
GENERATOR = ROOT / ".venv-codegen" / "bin" / "ariadne-codegen"


def generate(package_folder: Path) -> None:
    """Write the package `client` into the folder; exits with the reason when an operation is invalid."""
    target = 'target_package_path = "commerce"'
    config = CONFIG.read_text()
    if target not in config:
        raise ValueError(f"{CONFIG.name} must hold the line {target}")
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as adapted:
        adapted.write(config.replace(target, f'target_package_path = "{package_folder}"'))
        adapted.flush()
        command = [str(GENERATOR), "--config", adapted.name]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def differences(made: Path) -> list[str]:
    """Names of files that differ between the committed client and the one just made."""
    names = {path.name for folder in (made, CLIENT) for path in folder.glob("*.py")}
    _same, different, missing = filecmp.cmpfiles(made, CLIENT, sorted(names), shallow=False)
    return sorted(different + missing)


def replace(made: Path) -> None:
    """Make the client in use the one just made."""
    for stale in CLIENT.glob("*.py"):
        if not (made / stale.name).exists():
            stale.unlink()
    shutil.copytree(made, CLIENT, dirs_exist_ok=True)


def main() -> int:
    """The command's entry point; returns its exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    only_compare = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        # Beside, and whole, before the client in use is touched: an invalid operation leaves it as it was.
        generate(Path(folder))
        made = Path(folder) / "client"
        found = differences(made)
        if not only_compare:
            replace(made)
            return 0
    if found:
        print("commerce/client/ is stale, run `make codegen`: " + ", ".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
