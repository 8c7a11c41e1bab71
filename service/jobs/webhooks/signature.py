"""Signatures by Standard Webhooks: HMAC-SHA256 over `id.timestamp.body`, one for each secret, so that secrets can be rotated."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a secret, by the specification


def key_of(secret: str) -> bytes:
    """The bytes of a secret `whsec_<base64>`. Raises ValueError with a sentence that is safe to show."""
    if not secret.startswith(PREFIX):
        raise ValueError(f"A secret begins with {PREFIX}, followed by base64.")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"What follows {PREFIX} is not base64.") from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(f"A secret has {SHORTEST} to {LONGEST} bytes; this one has {len(key)}.")
    return key


def headers(secrets: Sequence[str], message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The three headers of a message; without secrets the signature is left out. `timestamp` is in seconds since 1970."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    found = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    if secrets:
        digests = (hmac.new(key_of(secret), signed, hashlib.sha256).digest() for secret in secrets)
        found["webhook-signature"] = " ".join("v1," + base64.b64encode(digest).decode() for digest in digests)
    return found
