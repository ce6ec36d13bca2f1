"""The phone's own modules as one file, for pages on which tests call them."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.county import ROOT

FRONTEND = ROOT / "tracker" / "frontend"
MODULE = "/static/parts.js"


def bundled(folder: Path) -> Path:
    """The phone's modules as one file, made as the pages' scripts are."""
    made = folder / "parts.js"
    esbuild = FRONTEND / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--format=esm", "--target=chrome80,safari15", f"--outfile={made}"]
    source = ROOT / "tests" / "browser" / "parts.js"
    env = {"NODE_PATH": str(FRONTEND / "node_modules"), "PATH": "/usr/bin:/bin"}
    subprocess.run([esbuild, str(source), *options], cwd=FRONTEND, check=True, capture_output=True, env=env)
    return made
