"""The text of a key: `colophon_<id>_<secret>`. Scanners of leaked secrets know it by its prefix; only a hash of it is kept.

The secret is 256 bits of chance: no one guesses it, so a plain SHA-256 serves, which costs a microsecond at each request.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

FORM = re.compile(r"colophon_([0-9a-f]{12})_([0-9a-f]{64})")
NOBODYS = "0" * 64


def mint() -> tuple[str, str, str]:
    """Id, text and hash of a new key."""
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    return key_id, f"colophon_{key_id}_{secret}", digest(secret)


def parse(text: str) -> tuple[str, str] | None:
    """Id and secret; None for what is not a key."""
    found = FORM.fullmatch(text)
    return None if found is None else (found[1], found[2])


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str | None) -> bool:
    """Compares in constant time; with None, a key that does not exist, as long as with one that does."""
    same = hmac.compare_digest(digest(secret), kept or NOBODYS)
    return same and kept is not None
