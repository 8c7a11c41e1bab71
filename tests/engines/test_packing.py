"""The objects of a PDF are made into bytes once, and the file is none the worse."""

from __future__ import annotations

import io
import zlib
from typing import Any

import pikepdf
import pytest

from service.engines import packing, weasy

HTML = "<html lang=en><body><h1>Title</h1>" + "<p>One paragraph of many.</p>" * 200


def test_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[bytes] = []
    plain = zlib.compress

    def compress(data: bytes, level: int) -> bytes:
        compressed.append(data)
        return plain(data, level)

    monkeypatch.setattr(packing.zlib, "compress", compress)
    printed = weasy.render(HTML, ["@page { size: A6 }"], {}, identifier=b"x")
    long = [data for data in compressed if len(data) > 1_000]
    assert printed.pages > 5 and long and len(long) == len(set(long))


def test_file_is_sound() -> None:
    with pikepdf.open(io.BytesIO(weasy.render(HTML, ["@page { size: A6 }"], {}, identifier=b"x").data)) as file:
        assert file.check_pdf_syntax() == [] if hasattr(file, "check_pdf_syntax") else file.check() == []
        assert len(file.trailer.ID) == 2


def test_what_is_packed_stays_where_it_was() -> None:
    class Pdf:
        objects: list[Any]

    pdf = Pdf()
    stream, dictionary = packing.pydyf.Stream([b"x" * 100], compress=True), packing.pydyf.Dictionary({"A": 1})
    free = packing.pydyf.Object()
    free.free = "f"
    pdf.objects = [free, stream, dictionary]
    for number, each in enumerate(pdf.objects):
        each.number = number
    packing.pack(pdf)
    assert pdf.objects[0] is free
    assert [each.number for each in pdf.objects] == [0, 1, 2]
    assert [each.compressible for each in pdf.objects[1:]] == [False, True]
    assert pdf.objects[2].data == b"<</A 1>>" and b"/FlateDecode" in pdf.objects[1].data
