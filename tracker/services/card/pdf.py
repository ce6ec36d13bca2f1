"""Sets cards as PDF/A-2b in a process of its own, which takes its memory with it when it ends.

As a program it reads the cards as JSON from standard input and writes the PDF to standard output; it loads
nothing of the product besides this file.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LAYOUT = Path(__file__).resolve().parents[2] / "data" / "print" / "cards.typ"
PATIENCE = 120
"""Seconds; two thousand cards take five."""
MASK = 3
"""One of the eight patterns of the standard, all read alike; trying them takes four times as long."""
Cards = dict[str, Any]


class NotSet(RuntimeError):
    """The sheet could not be made: a font is missing, or the layout is wrong."""


def make(sheet: Cards) -> bytes:
    """The PDF of `title`, `on` (a day), `list` and `cards`, whose `address` becomes the picture to scan."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__],
        input=json.dumps(sheet).encode(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise NotSet(done.stderr.decode(errors="replace").strip()[-500:])
    return done.stdout


def compile_sheet(sheet: Cards) -> bytes:
    """The same in this process."""
    import pylopdf_fonts_zh_cn
    import typst

    for card in sheet["cards"]:
        card["qr"] = picture(card["address"])
    fonts = [str(pylopdf_fonts_zh_cn.sans_path().parent)]
    compiler = typst.Compiler(str(LAYOUT), font_paths=fonts, ignore_system_fonts=True)
    made, warnings = compiler.compile_with_warnings(
        format="pdf", pdf_standards=["a-2b"], pdf_tags=False, sys_inputs={"data": json.dumps(sheet)}
    )
    if warnings:
        # A missing font is only warned of, and the page would be full of empty boxes.
        raise NotSet("; ".join(str(getattr(w, "message", w)) for w in warnings))
    if not isinstance(made, bytes):
        raise NotSet("no document")
    return made


def picture(address: str) -> str:
    """The QR code as SVG; a seventh of it may be stained on a medicine box."""
    import segno

    drawn = io.BytesIO()
    segno.make_qr(address, error="m", mask=MASK, encoding="latin1").save(
        drawn, kind="svg", border=0, xmldecl=False
    )
    return drawn.getvalue().decode()


if __name__ == "__main__":
    try:
        content = compile_sheet(json.load(sys.stdin))
    except NotSet as failed:
        sys.exit(str(failed))
    sys.stdout.buffer.write(content)
