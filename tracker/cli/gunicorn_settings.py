"""Settings of gunicorn for `tracker serve`.

The application is loaded once, before the workers are made, and its objects are set aside from the garbage
collector: workers start in an instant and share its memory instead of each having a copy.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path
from typing import Any

worker_class = "gthread"
threads = 4  # the pools of tracker/database.py are made for as many
preload_app = True
timeout = 60
graceful_timeout = 20
keepalive = 5
max_requests = 20_000
max_requests_jitter = 2_000
limit_request_line = 4_094
limit_request_fields = 60
limit_request_field_size = 8_190
forwarded_allow_ips = "127.0.0.1,::1"
chdir = pythonpath = str(Path(__file__).resolve().parents[2])
loglevel = "warning"

gc.disable()  # nothing that is loaded becomes garbage; `when_ready` switches it on again


def when_ready(_server: Any) -> None:
    """Touching an object copies its page: what is loaded is not looked through again."""
    gc.freeze()
    gc.enable()


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that is gone no longer counts among the living ones in the metrics."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)
