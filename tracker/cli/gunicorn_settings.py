"""Settings of gunicorn for `tracker serve`."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

worker_class = "gthread"
threads = 4
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


def child_exit(_server: Any, worker: Any) -> None:
    """A worker that is gone no longer counts among the living ones in the metrics."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(_server: Any) -> None:
    shutil.rmtree(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""), ignore_errors=True)
