"""Why a whole file is not read."""

from __future__ import annotations

from collections.abc import Mapping

from tracker.domain.finding import NOTHING, finding_text
from tracker.domain.reasons import Reason


class WorkbookRefused(Exception):
    """A file that nothing can be read from; `text` says it in one sentence."""

    def __init__(self, reason: Reason, params: Mapping[str, str] = NOTHING) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.params = params

    def text(self, locale: str) -> str:
        return finding_text(self.reason, self.params, locale)
