"""Settings from the environment; nothing else reads it. A secret has no default."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

INSTANCE = Path(os.environ.get("TRACKER_INSTANCE", Path(__file__).resolve().parent / "instance"))
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Settings:
    """What one process runs with. `production` is set by `tracker serve` alone."""

    database_url: str = ""
    secret_key: str = ""
    data_key_file: Path = INSTANCE / "data-keys.json"
    timezone: str = "Asia/Shanghai"
    locale: str = "zh_Hans_CN"
    base_url: str = "http://127.0.0.1:8000"
    instance: Path = field(default=INSTANCE)

    @property
    def secure(self) -> bool:
        """Whether browsers reach the product by https, so that cookies must be Secure."""
        return self.base_url.startswith("https://")


def from_environment() -> Settings:
    """Settings of this process; an empty database address means the embedded SQLite file."""
    read = os.environ.get
    url = read("TRACKER_DATABASE_URL", "")
    if not url:
        INSTANCE.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{INSTANCE / 'tracker.db'}"
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    return Settings(
        database_url=url,
        secret_key=read("TRACKER_SECRET_KEY", ""),
        data_key_file=Path(read("TRACKER_DATA_KEY_FILE", str(INSTANCE / "data-keys.json"))),
        timezone=read("TRACKER_TIMEZONE", "Asia/Shanghai"),
        locale=read("TRACKER_LOCALE", "zh_Hans_CN"),
        base_url=read("TRACKER_BASE_URL", "http://127.0.0.1:8000"),
    )


def console_locale() -> str:
    """The language of the command line: the one set here, else the terminal's if that is English."""
    names = ("TRACKER_LOCALE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next(filter(None, map(os.environ.get, names)), "")
    return "en" if said.startswith("en") else Settings.locale


def refuse_weak_secret(settings: Settings) -> None:
    """Raise ValueError unless the secret is long and not one repeated character."""
    secret = settings.secret_key
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < 8:
        raise ValueError(
            f"TRACKER_SECRET_KEY is missing or weak: set at least {SHORTEST_SECRET} random characters, "
            'for example from `python3 -c "import secrets; print(secrets.token_hex(32))"`'
        )
