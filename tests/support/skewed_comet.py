"""CometBFT with a wrong clock: the pinned release, compiled with another `Now`.

Go asks the kernel for the time without libc, so that libfaketime cannot lie to it. `COMET_SKEW` in the
environment says by how much it errs, in Go's notation ("30s", "-5m").
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from ganglion.node.engines.comet.process import find_binary

MODULE = "github.com/cometbft/cometbft"
BUILT = Path(__file__).resolve().parents[2] / ".venvs" / "cometbft-skewed"
CHANGES = {
    "types/time/time.go": (
        ("import (\n", 'import (\n\t"os"\n'),
        (
            "return Canonical(time.Now())",
            'by, _ := time.ParseDuration(os.Getenv("COMET_SKEW"))\n\treturn Canonical(time.Now().Add(by))',
        ),
    ),
    "state/validation.go": (
        ("time.Now()", "cmttime.Now()"),
        (f'"{MODULE}/types"\n', f'"{MODULE}/types"\n\tcmttime "{MODULE}/types/time"\n'),
    ),
}


def skewed_cometbft(scratch: Path) -> Path:
    """The program, compiled if it is not there yet. Skips the test without Go."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not here, so there is no CometBFT with a wrong clock")
    told = subprocess.check_output([go, "version", "-m", find_binary(None)], text=True)
    version = next(line.split()[2] for line in told.splitlines() if line.split()[:2] == ["mod", MODULE])
    program = BUILT.with_name(f"{BUILT.name}-{version}")
    if program.exists():
        return program
    found = subprocess.check_output([go, "mod", "download", "-json", f"{MODULE}@{version}"], text=True)
    source = scratch / "source"
    shutil.copytree(json.loads(found)["Dir"], source, copy_function=shutil.copyfile)
    for name, changes in CHANGES.items():
        text = (source / name).read_text()
        for old, new in changes:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        (source / name).chmod(0o644)
        (source / name).write_text(text)
    program.parent.mkdir(exist_ok=True)
    unfinished = scratch / "cometbft"
    subprocess.run([go, "build", "-o", str(unfinished), "./cmd/cometbft"], cwd=source, check=True)
    shutil.move(unfinished, program)
    return program
