"""XML of strangers is looked at before an engine parses it."""

from __future__ import annotations

import pytest

from service.containers import markup
from service.model.errors import ColophonError, InvalidDocument, TooComplex


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"<a>" * 300 + b"</a>" * 300, TooComplex),
        (b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', InvalidDocument),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', InvalidDocument),
        (b'<!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/">%b;]><a/>', InvalidDocument),
        (b"<a><b></a>", InvalidDocument),
        (b"\xff\xfe\xff<a/>", InvalidDocument),
        (b'<?xml version="1.0" encoding="MTF-8"?><a/>', InvalidDocument),
    ],
)
def test_refused(data: bytes, error: type[ColophonError]) -> None:
    with pytest.raises(error):
        markup.refuse_bombs({"word/document.xml": data})


def test_sound_documents_pass() -> None:
    nested = b"<a>" * 150 + b"</a>" * 150
    markup.refuse_bombs({"word/document.xml": nested, "word/media/a.png": b"\x89PNG", "a.xml": b""})
