"""Forms are taken apart as Werkzeug takes them apart, whatever is between and around their parts."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from werkzeug import formparser
from werkzeug.sansio.multipart import Data, Epilogue, MultipartDecoder, NeedData

from service.web import multipart

PIECES = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b"\t", b"-", b"--", b"--b", b"--b--", b"x", b"\r\n\r\n", b"b.b"]))
HEAD = b'Content-Disposition: form-data; name="a"\r\n\r\n'
BROKEN = (ValueError, AttributeError)  # the latter where a part has no line end behind its headers: Werkzeug's own


@settings(max_examples=1000, deadline=None)
@given(PIECES, st.integers(0, 20), st.sampled_from([b"b", b"b.b", b"--", b"-b-"]))
@example([b"\r", b"\n", b"--b", b"\r\n"], 1, b"b")
def test_lines_are_found_as_by_the_patterns(pieces: list[bytes], start: int, boundary: bytes) -> None:
    plain, ours, data = MultipartDecoder(boundary), multipart.Decoder(boundary), bytearray(b"".join(pieces))
    for name in ("preamble_re", "boundary_re"):
        pattern, line = getattr(plain, name), getattr(ours, name)
        assert isinstance(pattern, re.Pattern) and isinstance(line, multipart.Line)
        expected, found = pattern.search(data, start), line.search(data, start)
        assert (found is None) == (expected is None)
        if found is not None and expected is not None:
            assert (found.start(), found.end(), found.group(1)) == (expected.start(), expected.end(), expected.group(1))


def events(decoder: MultipartDecoder, chunks: list[bytes]) -> list[Any]:
    """What comes out, the data of a part in one piece; the error's type where it is broken."""
    out: list[Any] = []
    try:
        for chunk in [*chunks, None]:
            decoder.receive_data(chunk)
            while not isinstance(event := decoder.next_event(), (Epilogue, NeedData)):
                if isinstance(event, Data) and out and isinstance(out[-1], bytes):
                    out[-1] += event.data
                else:
                    out.append(event.data if isinstance(event, Data) else repr(event))
    except BROKEN as error:
        out.append(type(error))
    return out


@settings(max_examples=500, deadline=None)
@given(st.lists(PIECES, max_size=4), st.integers(1, 60))
def test_forms_are_taken_apart_as_by_werkzeug(parts: list[list[bytes]], size: int) -> None:
    body = b"--b\r\n" + b"\r\n--b\r\n".join(HEAD + b"".join(part) for part in parts) + b"\r\n--b--\r\n"
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    assert events(multipart.Decoder(b"b"), chunks) == events(MultipartDecoder(b"b"), chunks)


def test_limits_hold_and_no_pattern_is_compiled_anew() -> None:
    multipart.install()
    assert formparser.MultipartDecoder is multipart.Decoder
    decoder = multipart.Decoder(b"never seen before", 100, max_parts=3)
    assert (decoder.max_form_memory_size, decoder.max_parts, decoder.boundary) == (100, 3, b"never seen before")
