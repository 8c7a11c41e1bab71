"""Parses requests: waitress's parser, with stricter rules where proxies and servers understand requests differently.

Refusals are errors of `service.model.http_errors`, with a sentence for the caller. The limits of lines are those of common
servers (RFC 9112, section 3, recommends 8,000 bytes for the first line).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

from service.model.errors import ColophonError, Internal, StorageFull, TooLarge
from service.model.http_errors import HeadersTooLarge, MalformedRequest, UnknownTransferCoding, UriTooLong

LONGEST_LINE = 8_190  # bytes: the first line, or one header
LONGEST_HEAD = 65_536
MOST_HEADERS = 100
LONGEST_CHUNK_LINE = 256  # a size in hexadecimal and its extensions
LONGEST_TRAILER = 8_192
BLANKS = b" \t"
BY_STATUS: dict[int, type[ColophonError]] = {
    400: MalformedRequest, 413: TooLarge, 431: HeadersTooLarge, 501: UnknownTransferCoding,
}  # fmt: skip


class Refused(ParsingError):
    """Carries the problem through waitress, which turns a ParsingError into an Error."""

    def __init__(self, problem: ColophonError) -> None:
        super().__init__(problem)


class Parser(HTTPRequestParser):
    """One request. If it is refused, `error` and `completed` are set."""

    version = "1.1"  # of a request whose first line could not be read
    caller = ""  # the address for the limits, after the head has arrived
    allowed = False  # the body may be received

    def received(self, data: bytes) -> int:
        """The number of bytes taken."""
        try:
            taken = int(super().received(data))
        except OSError as error:  # the temporary file of a body
            self._refuse(StorageFull())
            self.cause = error
            return len(data)
        if not self.completed:
            self._check_lines()
        return taken

    def _refuse(self, problem: ColophonError) -> None:
        self.error, self.completed = problem, True

    def _check_lines(self) -> None:
        """Limits lines without an end: each further byte would search and copy all bytes before it."""
        if not self.headers_finished:
            if len(self.header_plus) > LONGEST_LINE and b"\r\n" not in self.header_plus[: LONGEST_LINE + 2]:
                self._refuse(UriTooLong())
        elif self.chunked and len(self.body_rcv.control_line) > LONGEST_CHUNK_LINE:
            self._refuse(MalformedRequest("The size of a chunk is not a number."))
        elif self.chunked and len(self.body_rcv.trailer) > LONGEST_TRAILER:
            self._refuse(HeadersTooLarge())
        elif self.chunked and self.body_bytes_received + self.body_rcv.chunk_remainder > self.adj.max_request_body_size:
            self._refuse(_too_large(self.adj.max_request_body_size - 1))  # the length of a chunk is at its start

    def parse_header(self, header_plus: bytes) -> None:
        """Raises ParsingError, Refused."""
        first, *lines = header_plus.split(b"\r\n")
        if len(first) > LONGEST_LINE:
            raise Refused(UriTooLong())
        lines = [_checked(line) for line in lines if line]
        if len(lines) > MOST_HEADERS:
            raise Refused(HeadersTooLarge(f"The request has more than {MOST_HEADERS} headers."))
        try:
            super().parse_header(b"\r\n".join([first, *lines, b""]))
        except ValueError as error:  # an address that cannot be parsed, a length of thousands of digits
            raise Refused(MalformedRequest("The request line or a length cannot be read.")) from error
        _check_framing(self, [line.partition(b":")[0].lower() for line in lines])


def _checked(line: bytes) -> bytes:
    """The header without blanks around its value, because waitress's pattern would search them again and again."""
    if len(line) > LONGEST_LINE:
        raise Refused(HeadersTooLarge(f"A header is longer than {LONGEST_LINE} bytes."))
    name, colon, value = line.partition(b":")
    if not colon or not name or name.strip(BLANKS) != name:  # folded over lines, or of no form
        raise Refused(MalformedRequest("A header is not `name: value` on one line."))
    return name + b": " + value.strip(BLANKS)


def _check_framing(request: Any, names: Sequence[bytes]) -> None:
    """Refuses requests that two parties could understand differently: the end of the body, and the host.

    `names` are those of all headers, in lower case.
    """
    if request.version not in ("1.0", "1.1"):
        raise Refused(MalformedRequest("Only HTTP/1.0 and HTTP/1.1 are served."))
    if b"transfer-encoding" in names and (b"content-length" in names or request.version != "1.1"):
        raise Refused(
            MalformedRequest("A request must have either a Content-Length or, from HTTP/1.1, a chunked body, not both.")
        )
    if names.count(b"transfer-encoding") > 1:
        raise Refused(MalformedRequest("A request must name its transfer coding once."))
    host = request.headers.get("HOST")
    if (host is None and request.version == "1.1") or "," in (host or ""):
        raise Refused(MalformedRequest("A request must have exactly one Host header."))
    if request.proxy_netloc and request.proxy_netloc != (host or request.proxy_netloc):
        raise Refused(MalformedRequest("The first line and the Host header name different hosts."))


def problem_of(error: Any, max_body: int) -> ColophonError:
    """The problem that a refused request is answered with."""
    if isinstance(error, ColophonError):
        return error
    if isinstance(error, Error) and isinstance(error.body, ColophonError):
        return error.body
    cls = BY_STATUS.get(getattr(error, "code", 500), Internal)
    if cls is TooLarge:
        return _too_large(max_body)
    return cls(_sentence(str(error.body)) if cls is MalformedRequest else None)


def _too_large(most: int) -> TooLarge:
    return TooLarge(f"The request is larger than {most} bytes.", extra={"limit": most})


def _sentence(text: str) -> str:
    """waitress's own words, without the bytes of the request that some of them quote."""
    return text.partition('"')[0].strip(" .") + "."
