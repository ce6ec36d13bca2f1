"""Uploaded rosters and what was found in them, sealed on disk until they are applied or a week old."""

from __future__ import annotations

import base64
import json
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from uuid import UUID

from tracker.domain.finding import Finding, Result
from tracker.domain.reasons import Reason
from tracker.models.sealed import keys

BIGGEST = 20 * 1024 * 1024
"""Bytes of a file that is looked at."""
KEPT_FOR = timedelta(days=7)
LABEL = "roster"
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Folder:
    """Files of mode 0600 that only this installation's keys open."""

    path: Path

    def keep(self, key: UUID, content: bytes) -> None:
        """Store an uploaded file."""
        self._write(f"{key}.file", keys().seal(base64.b64encode(content).decode(), f"{LABEL}.{key}"))

    def has(self, key: UUID) -> bool:
        return (self.path / f"{key}.file").exists()

    @contextmanager
    def opened(self, key: UUID, name: str) -> Iterator[Path]:
        """The file under its own name for as long as it is read; its bytes are in memory only."""
        memory = os.memfd_create(LABEL)
        try:
            self._unseal(key, memory)
            with tempfile.TemporaryDirectory(prefix="roster-") as folder:
                link = Path(folder) / plain_name(name)
                link.symlink_to(f"/proc/{os.getpid()}/fd/{memory}")
                yield link
        finally:
            os.close(memory)

    def _unseal(self, key: UUID, memory: int) -> None:
        """In a function of its own, so that no copy stays while the file is read."""
        sealed = (self.path / f"{key}.file").read_bytes()
        with os.fdopen(os.dup(memory), "wb") as out:
            out.write(base64.b64decode(keys().open(sealed, f"{LABEL}.{key}")))

    def keep_findings(self, key: UUID, findings: Iterable[Finding]) -> None:
        """Store what was found while it is being found; an earlier list is replaced at the end."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.path / f"{key}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            for found in findings:
                line = json.dumps(asdict(found), ensure_ascii=False)
                out.write(base64.b64encode(keys().seal(line, f"{LABEL}.{key}")) + b"\n")
        part.replace(self.path / f"{key}.findings")

    def findings(self, key: UUID) -> Iterator[Finding]:
        path = self.path / f"{key}.findings"
        if not path.exists():
            return
        with path.open("rb") as lines:
            for line in lines:
                told = json.loads(keys().open(base64.b64decode(line), f"{LABEL}.{key}"))
                yield Finding(**{**told, "result": Result(told["result"]), "reason": Reason(told["reason"])})

    def drop(self, key: UUID) -> None:
        """The file is applied: only the list of findings stays for a while."""
        (self.path / f"{key}.file").unlink(missing_ok=True)

    def drop_old(self, at: datetime) -> int:
        """Delete what has lain here for a week; how many files."""
        limit = (at - KEPT_FOR).timestamp()
        old = [f for f in self.path.glob("*") if f.stat().st_mtime < limit] if self.path.is_dir() else []
        for file in old:
            file.unlink(missing_ok=True)
        return len(old)

    def _write(self, name: str, content: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.path / f"{name}.part"
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(content)
        part.replace(self.path / name)


def plain_name(name: str) -> str:
    """A file's own name, without folders or anything that does not print, short enough for every disk."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable()).strip(". ") or "roster"
    path = PurePosixPath(kept)
    return path.stem[:LONGEST_NAME] + path.suffix[:8]
