"""Server-Sent Events as the WHATWG describes them: lines in, events out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from colophon_client.records import Event


def parse(lines: Iterable[str]) -> Iterator[Event]:
    """Events of a stream, without comments and without an incomplete event at its end."""
    fields: dict[str, str] = {}
    for line in lines:
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "data" and "data" in fields:
                value = fields["data"] + "\n" + value
            fields[name] = value
        elif "data" in fields:
            yield Event(fields.get("id", ""), fields.get("event", "message"), json.loads(fields["data"]))
            fields = {}
        else:
            fields = {}


def lines(chunks: Iterable[bytes]) -> Iterator[str]:
    """Whole lines; the server ends them with a line feed."""
    left = b""
    for chunk in chunks:
        *whole, left = (left + chunk).split(b"\n")
        yield from (line.rstrip(b"\r").decode() for line in whole)
