"""What the Makefile starts with a bare Python."""

import subprocess
import sys

from demo.machine import ROOT


def test_the_makefile_s_first_command_needs_nothing_and_is_shadowed_by_nothing():
    """Without site packages nothing of the standard library is loaded yet: `operator` must not be ours."""
    makefile = (ROOT / "Makefile").read_text()
    assert "BOOT = $(PYTHON) -m demo.bootstrap\n" in makefile
    told = subprocess.run([sys.executable, "-S", "-m", "demo.bootstrap", "--help"], cwd=ROOT, capture_output=True)
    assert (told.returncode, told.stderr) == (0, b"")
