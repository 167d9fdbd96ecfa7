"""`make reset`: forget all data of this installation; the downloaded packages stay."""

import fcntl
import shutil
import sys

from demo.machine import Machine
from kernel import postgres


def main() -> int:
    machine = Machine.here()
    if not machine.var.exists():
        print("There is nothing to forget.")
        return 0
    with (machine.var / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("error: The suite runs from this folder. Stop it first (Ctrl-C).", file=sys.stderr)
            return 1
    postgres.stop_server(machine.var / "postgres")
    shutil.rmtree(machine.var)
    print("All data of this installation are gone. `make run` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
