"""A browser that costs next to nothing: one connection a request to 127.0.0.1, and how long each took."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.server import HOST

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: which page, when it ended, how long it took, and what went wrong."""

    page: str
    at: float
    seconds: float
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        packed = self.headers.get("content-encoding") == "gzip"
        return (zlib.decompress(self.body, 31) if packed else self.body).decode()


class Wrong(Exception):
    """An answer that a doctor would have to stop at."""


@dataclass(slots=True)
class Visitor:
    """Signed in by its cookie; every request is noted in `asked`, which all visitors share."""

    port: int
    cookie: str
    asked: list[Asked] = field(default_factory=list)

    async def get(self, page: str, path: str) -> Reply:
        return await self._note(page, f"GET {path}", b"", 200)

    async def post(self, page: str, path: str, form: Mapping[str, object]) -> str:
        """Send a form; the path that the answer leads to."""
        sent = urlencode(form, doseq=True).encode()
        return (await self._note(page, f"POST {path}", sent, 302)).headers["location"]

    async def _note(self, page: str, line: str, sent: bytes, expected: int) -> Reply:
        began, wrong = time.perf_counter(), ""
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._exchange(line, sent)
            if reply.status != expected or "/login" in reply.headers.get("location", ""):
                raise Wrong(f"{line}: {reply.status}\n{reply.text[:2000]}")
        except Exception as failed:  # whatever it is, it was no answer
            wrong = repr(failed)
            raise Wrong(wrong) from failed
        finally:
            now = time.perf_counter()
            self.asked.append(Asked(page, now, now - began, wrong))
        return reply

    async def _exchange(self, line: str, sent: bytes) -> Reply:
        lines = [f"{line} HTTP/1.1", f"Host: {HOST}:{self.port}", f"Cookie: session={self.cookie}"]
        lines += ["Accept-Encoding: gzip", "Accept-Language: zh-CN", "Connection: close"]
        if line.startswith("POST"):
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(sent)}"]
        reader, writer = await asyncio.open_connection(HOST, self.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
            return read(await reader.read())
        finally:
            writer.close()


def read(answer: bytes) -> Reply:
    """An answer as it came until the connection was closed; ValueError where that was too early."""
    head, end, body = answer.partition(b"\r\n\r\n")
    if not end:
        raise ValueError(f"no answer: {answer[:200]!r}")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    if headers.get("transfer-encoding") == "chunked":
        body = _joined(body)
    elif len(body) != int(headers.get("content-length", len(body))):
        raise ValueError(f"cut off after {len(body)} of {headers['content-length']} bytes")
    return Reply(int(first.split()[1]), headers, body)


def _joined(body: bytes) -> bytes:
    parts: list[bytes] = []
    while True:
        length, _, body = body.partition(b"\r\n")
        size = int(length, 16)
        if size == 0:
            return b"".join(parts)
        parts.append(body[:size])
        body = body[size + 2 :]
