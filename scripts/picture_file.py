"""Makes a picture of a page small: at most 256 colours, one byte for each point (PNG, ISO/IEC 15948)."""

from __future__ import annotations

import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS, EXACT = 256, 96
"""How many there may be, and how many of the commonest stay as they are."""
RGB = 3


def shrink(path: Path) -> None:
    """Rewrite a screenshot (8-bit RGB) with a palette; large areas keep their exact colour."""
    found = dict(_chunks(path.read_bytes()))
    width, height, depth, kind = struct.unpack(">IIBB", found[b"IHDR"][:10])
    if (depth, kind) != (8, 2):
        return
    points = [
        row[at : at + RGB] for row in _rows(found[b"IDAT"], width * RGB) for at in range(0, len(row), RGB)
    ]
    palette, number = _palette(Counter(points))
    body = bytes(number[point] for point in points)
    lines = b"".join(b"\0" + body[at : at + width] for at in range(0, len(body), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = (b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b"")
    path.write_bytes(SIGNATURE + b"".join(_chunk(*part) for part in parts))


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Every chunk once; those of the image joined, as if they were one."""
    at, image = len(SIGNATURE), b""
    while at < len(content):
        (length,) = struct.unpack(">I", content[at : at + 4])
        name, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        at += length + 12
        if name == b"IDAT":
            image += body
        else:
            yield name, body
    yield b"IDAT", zlib.decompress(image)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _rows(image: bytes, length: int) -> Iterator[bytes]:
    """The lines of the image with their filters undone."""
    above = bytearray(length)
    for at in range(0, len(image), length + 1):
        line = bytearray(image[at + 1 : at + 1 + length])
        _undo(image[at], line, above)
        yield bytes(line)
        above = line


def _undo(kind: int, line: bytearray, above: bytearray) -> None:
    left = corner = 0
    for at in range(len(line) if kind else 0):
        if at >= RGB:
            left, corner = line[at - RGB], above[at - RGB]
        up = above[at]
        guess = (0, left, up, (left + up) >> 1)[kind] if kind < 4 else _paeth(left, up, corner)
        line[at] = (line[at] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    """Whichever neighbour is nearest to left + up - corner; ties go in this order."""
    estimate = left + up - corner
    return min((left, up, corner), key=lambda near: abs(estimate - near))


def _palette(counted: Counter[bytes]) -> tuple[bytes, dict[bytes, int]]:
    """The colours to keep and the place of each seen colour among them: alike ones share the commonest."""
    for coarse in range(8):
        kept: dict[tuple[int, ...], int] = {}
        colours: list[bytes] = []
        number: dict[bytes, int] = {}
        for rank, (colour, _times) in enumerate(counted.most_common()):
            alike = tuple(part >> coarse for part in colour)
            if rank < EXACT or alike not in kept:
                number[colour] = len(colours)
                kept.setdefault(alike, len(colours))
                colours.append(colour)
            else:
                number[colour] = kept[alike]
        if len(colours) <= COLOURS:
            return b"".join(colours), number
    raise ValueError("too many colours")
