"""The parts of a MIME message (RFC 2046, 2387, 2557): which are its text, and by which addresses a page names the others."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import unquote, urljoin

from service.model.document import Asset
from service.readers.mail import headers


@dataclass
class Parts:
    """A message taken apart: `texts` in order, `others` by the addresses that a page may name them by."""

    texts: list[Message] = field(default_factory=list)
    others: list[Message] = field(default_factory=list)
    by_address: dict[str, Message] = field(default_factory=dict)
    used: dict[int, Asset] = field(default_factory=dict)
    shown: set[int] = field(default_factory=set)

    def add(self, part: Message) -> None:
        self.others.append(part)
        for address in _addresses(part):
            self.by_address.setdefault(address, part)

    def found(self, address: str, base: str) -> Message | None:
        """The part that an address on a page means."""
        address = address.strip()
        if address.lower().startswith("cid:"):
            return self.by_address.get("cid:" + unquote(address[4:]))
        return self.by_address.get(address) or self.by_address.get(_joined(base, address))

    def asset(self, part: Message) -> Asset:
        """The picture of a part, under a name of its own."""
        if id(part) not in self.used:
            self.used[id(part)] = Asset(f"part/{len(self.used) + 1}", content(part), part.get_content_type())
        return self.used[id(part)]


def take_apart(part: Message, parts: Parts) -> None:
    """Of alternatives the richest is a text; of related parts the root. Attachments are others."""
    children = [each for each in part.get_payload() if isinstance(each, Message)] if part.is_multipart() else []
    kind = part.get_content_type()
    if kind == "multipart/alternative" and children:
        chosen = next((each for each in reversed(children) if _is_text(each, "text/html")), None)
        take_apart(chosen or next((each for each in children if _is_text(each, "text/plain")), children[-1]), parts)
        for each in children:
            if each is not chosen and each.get_content_maintype() != "text" and not each.is_multipart():
                parts.add(each)
    elif kind == "multipart/related" and children:
        root = _root(part, children)
        take_apart(root, parts)
        for each in children:
            if each is not root:
                parts.add(each)
    elif children:
        for each in children:
            if kind.startswith("message/"):
                parts.texts.append(_head_of(each))
            take_apart(each, parts)
    elif kind in ("text/html", "text/plain", "application/xhtml+xml") and not is_attachment(part):
        parts.texts.append(part)
    else:
        parts.add(part)


def _root(part: Message, children: Sequence[Message]) -> Message:
    """The part that `start` names, else the first (RFC 2387, 3.2)."""
    start = str(part.get_param("start") or "").strip("<> ")
    return next((each for each in children if start and _identifier(each) == start), children[0])


def _is_text(part: Message, kind: str) -> bool:
    """Whether a part is of that kind or has a root that is."""
    return part.get_content_type() == kind or (
        part.is_multipart() and any(each.get_content_type() == kind for each in part.walk())
    )


def _head_of(message: Message) -> Message:
    """A page with the subject, sender and date of a message inside a message."""
    said = [headers.header(message, name) for name in ("From", "Date")]
    line = " · ".join(html.escape(each) for each in said if each)
    head = Message()
    head["Content-Type"] = "text/html; charset=utf-8"
    heading = html.escape(headers.header(message, "Subject"))
    head.set_payload(f"<h2>{heading}</h2>" * bool(heading) + f"<p>{line}</p>" * bool(line), "utf-8")
    return head


def content(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _addresses(part: Message) -> Iterator[str]:
    if identifier := _identifier(part):
        yield f"cid:{identifier}"
    if address := location(part):
        yield address


def _identifier(part: Message) -> str:
    return headers.header(part, "Content-ID").strip("<> ")


def location(part: Message) -> str:
    return "".join(headers.header(part, "Content-Location").split())


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # not an address
        return address


def is_attachment(part: Message) -> bool:
    return part.get_content_disposition() == "attachment"
