"""Names of jobs, items and artifacts: no one guesses them, and they sort by the time at which they were given."""

from __future__ import annotations

import secrets
import time


def new_id(kind: str) -> str:
    """`job_` and 32 hexadecimal digits: 48 bits of milliseconds, 80 bits of chance."""
    return f"{kind}_{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"
