"""The objects of a PDF are made into bytes once, and the file is the same."""

from __future__ import annotations

import io
import re
import zlib
from typing import Any

import pikepdf
import pydyf
import pytest

from service.engines.weasyprint import rendering
from service.engines.weasyprint.pdf import serialization

HTML = "<html lang=en><body><h1>Title</h1>" + "".join(f"<p>Paragraph {number} of many.</p>" for number in range(200))


def test_compressed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    compressed: list[bytes] = []
    plain = zlib.compress

    def compress(data: bytes, level: int) -> bytes:
        compressed.append(data)
        return plain(data, level)

    monkeypatch.setattr(serialization.zlib, "compress", compress)
    printed = rendering.render(HTML, ["@page { size: A6 }"], {}, identifier=b"x")
    long = [data for data in compressed if len(data) > 1_000]
    assert printed.pages > 5 and long and len(long) == len(set(long))


def test_file_is_sound() -> None:
    with pikepdf.open(io.BytesIO(rendering.render(HTML, ["@page { size: A6 }"], {}, identifier=b"x").data)) as file:
        assert file.check_pdf_syntax() == [] if hasattr(file, "check_pdf_syntax") else file.check() == []
        assert len(file.trailer.ID) == 2


def streams_of_objects(data: bytes) -> list[bytes]:
    return [data[match.end() :] for match in re.finditer(rb"/Type /ObjStm[^>]*>>\nstream\n", data)]


def test_structure_of_a_long_document_stands_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def render() -> bytes:
        return rendering.render(HTML, ["@page { size: A6 }"], {}, identifier=b"x").data

    together = render()
    monkeypatch.setattr(serialization, "APART", 100)
    apart = render()
    assert len(streams_of_objects(together)) == 1
    first, second = (zlib.decompressobj().decompress(each) for each in streams_of_objects(apart))
    assert b"/Type /Page/" in first and b"/Type /Catalog" in first and b"/StructElem" not in first
    assert second.count(b"<</Type /StructElem") > 200 and b"/Type /Page/" not in second
    with pikepdf.open(io.BytesIO(together)) as one, pikepdf.open(io.BytesIO(apart)) as other:
        assert other.check_pdf_syntax() == []
        ours, theirs = (
            {each.objgen: each.unparse() for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/Type" in each}
            for file in (one, other)
        )
        assert ours == theirs and len(ours) > 200


def pdf_of(info: bool) -> Any:
    pdf = pydyf.PDF()
    stream = pydyf.Stream([b"BT", "(text) Tj" * 90, b"ET"], {"A": 1}, compress=True)
    pdf.add_object(stream)
    pdf.add_object(pydyf.Stream([b"as it is"]))
    pdf.add_page(pydyf.Dictionary({"Type": "/Page", "Parent": pdf.pages.reference, "Contents": stream.reference}))
    if info:
        pdf.info["Title"] = pydyf.String("标题 (one)")
    return pdf


@pytest.mark.parametrize("info", [True, False])
@pytest.mark.parametrize("identifier", [b"a(b)", "text", True, False, None])
@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("more", [(None, True), (b"2.0", True), (b"1.4", True), (b"1.7", False)])
def test_file_is_that_of_pydyf(info: bool, identifier: Any, packed: bool, more: tuple[bytes | None, bool]) -> None:
    ours, theirs, pdf = io.BytesIO(), io.BytesIO(), pdf_of(info)
    if packed:
        serialization.pack(pdf)
    pdf.write(ours, more[0], identifier, more[1])
    pydyf.PDF.write.plain(pdf_of(info), theirs, more[0], identifier, more[1])
    assert ours.getvalue() == theirs.getvalue()
    with pikepdf.open(ours) as file:
        assert len(file.pages) == 1


def test_what_is_packed_stays_where_it_was() -> None:
    class Pdf:
        objects: list[Any]

    pdf = Pdf()
    stream, dictionary = pydyf.Stream([b"x" * 100], compress=True), pydyf.Dictionary({"A": 1})
    free = pydyf.Object()
    free.free = "f"
    pdf.objects = [free, stream, dictionary]
    for number, each in enumerate(pdf.objects):
        each.number = number
    serialization.pack(pdf)
    assert pdf.objects[0] is free
    assert [each.number for each in pdf.objects] == [0, 1, 2]
    assert [each.compressible for each in pdf.objects[1:]] == [False, True]
    assert pdf.objects[2].data == b"<</A 1>>" and b"/FlateDecode" in pdf.objects[1].data
