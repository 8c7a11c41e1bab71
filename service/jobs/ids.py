"""Names of jobs, items and artifacts. They cannot be guessed, and sort by time."""

from __future__ import annotations

import secrets
import time


def new_id(kind: str) -> str:
    """`job_` and 32 hexadecimal digits: 48 bits of milliseconds, 80 random bits."""
    return f"{kind}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
