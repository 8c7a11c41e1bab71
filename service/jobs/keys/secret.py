"""The text of a key: `colophon_<id>_<secret>`. Scanners for leaked secrets find it by its prefix. Only its hash is stored.

The secret has 256 random bits and cannot be guessed, so a plain SHA-256 is enough. It costs a microsecond per request.
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
    """Id and secret; None if the text is not a key."""
    found = FORM.fullmatch(text)
    return None if found is None else (found[1], found[2])


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str | None) -> bool:
    """Compares in constant time. None, for a key that does not exist, takes the same time."""
    same = hmac.compare_digest(digest(secret), kept or NOBODYS)
    return same and kept is not None
