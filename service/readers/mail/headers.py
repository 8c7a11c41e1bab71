"""The headers of a message (RFC 5322) as text, and as metadata."""

from __future__ import annotations

import contextlib
import email.errors
import email.header
import email.utils
from collections.abc import Iterator
from email.message import Message
from typing import Any

from service.readers.shared import text as shared

MOST_HEADER = 20_000  # characters of one header: decoding is not linear
KEPT = {"to": "to", "cc": "cc", "message-id": "message_id", "in-reply-to": "in_reply_to", "organization": "organization"}


def about(message: Message, base: str, said: dict[str, Any]) -> dict[str, Any]:
    """The metadata. A saved page has that of its head, and an address; a message that of its headers."""
    authors = [{"name": name or address, "email": address} for name, address in _people(message, "From") if "@" in address]
    subject, date = header(message, "Subject"), _date(message)
    address = header(message, "Snapshot-Content-Location") or base
    if not authors or address.startswith(("http:", "https:")):
        fetched = {"title": subject, "fetched_at": date, "source_url": address if address.startswith("http") else ""}
        return shared.merged(fetched, said)
    native: dict[str, Any] = {"title": subject, "author": authors, "date": date, "keywords": header(message, "Keywords")}
    native |= {key: header(message, name) for name, key in KEPT.items()}
    return shared.merged(said, {key: value for key, value in native.items() if value})


def _people(message: Message, name: str) -> Iterator[tuple[str, str]]:
    for person, address in email.utils.getaddresses([str(each)[:MOST_HEADER] for each in message.get_all(name, [])]):
        yield decoded(person), address


def _date(message: Message) -> str:
    """The date with its time zone in ISO 8601; as it is if it is of no known form."""
    written = header(message, "Date")
    with contextlib.suppress(ValueError, TypeError, OverflowError):
        return email.utils.parsedate_to_datetime(written).isoformat()
    return written


def header(message: Message, name: str) -> str:
    return decoded(message.get(name) or "")


def decoded(value: Any) -> str:
    """A header with its encoded words (RFC 2047) as text, white space folded."""
    written = value if isinstance(value, email.header.Header) else str(value)[:MOST_HEADER]
    with contextlib.suppress(email.errors.HeaderParseError, ValueError):
        pieces = email.header.decode_header(written)
        return " ".join("".join(_piece(*each) for each in pieces).split())
    return " ".join(str(written).split())


def _piece(text: str | bytes, charset: str | None) -> str:
    if isinstance(text, str):
        return text
    for each in (charset or "ascii", "utf-8"):
        with contextlib.suppress(LookupError, ValueError):
            return text.decode(each)
    return text.decode("latin-1")
