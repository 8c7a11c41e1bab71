"""Covers: drawn, or an image of the document, in every format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from service.engines import Engines
from service.model.document import Asset, Conversion, Document, Metadata
from service.style import cover_drawing, ornaments
from service.style.cover_drawing import Words
from service.writers import WRITERS
from tests.writers.test_pdf_variants import failures

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
METADATA = Metadata(title="湖边的灯塔 & <others>", lang="zh-Hans", source_name="纸墨之间")


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def write(make_document: Make, conversion: Convert, engines: Engines) -> Callable[..., bytes]:
    def make(target: str, cover: str, size: tuple[int, int] | None = None, **options: str) -> bytes:
        document = make_document("Text.\n\n![x](colophon.png)", METADATA)
        if size:
            asset = Asset("c.png", png(*size), "image/png", *size)
            document = replace(document, assets={**document.assets, "c.png": asset})
        return WRITERS[target].write(document, conversion(target, cover=cover, **options), engines).data

    return make


def epub_cover(data: bytes) -> Image.Image | None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in archive.namelist() if name.startswith("EPUB/media/cover.")]
        return Image.open(io.BytesIO(archive.read(names[0]))) if names else None


def test_epub_drawn(write: Callable[..., bytes], epubcheck: Callable[..., dict[str, list[str]]], tmp_path: Path) -> None:
    made = write("epub", "drawn")
    cover = epub_cover(made)
    assert cover is not None and cover.size == (1200, 1800)
    assert len(cover.convert("RGB").getcolors(10_000_000) or ()) > 50, "nothing but one colour"
    assert made == write("epub", "drawn")
    (tmp_path / "a.epub").write_bytes(made)
    assert epubcheck([tmp_path / "a.epub"]) == {str(tmp_path / "a.epub"): []}


@pytest.mark.parametrize(
    ("asked", "size", "expected"),
    [
        ("", None, None),
        ("none", None, None),
        ("auto", None, (1200, 1800)),
        ("c.png", (30, 40), (30, 40)),
        ("first", None, (1200, 675)),
    ],
)
def test_epub_chosen(
    asked: str, size: tuple[int, int] | None, expected: tuple[int, int] | None, write: Callable[..., bytes]
) -> None:
    cover = epub_cover(write("epub", asked, size))
    assert (cover.size if cover else None) == expected


def test_missing_image_is_reported(make_document: Make, conversion: Convert, engines: Engines) -> None:
    for target in ("pdf", "epub", "docx"):
        written = WRITERS[target].write(make_document("x", METADATA), conversion(target, cover="no.png"), engines)
        assert "image-missing" in [each.code for each in written.notices]


@pytest.mark.parametrize(("asked", "size"), [("drawn", None), ("c.png", (300, 500)), ("c.png", (500, 300))])
def test_pdf_has_a_page_more(asked: str, size: tuple[int, int] | None, write: Callable[..., bytes], tmp_path: Path) -> None:
    counts = []
    for cover in ("none", asked):
        (tmp_path / "a.pdf").write_bytes(write("pdf", cover, size, paper="a5"))
        with pikepdf.open(tmp_path / "a.pdf") as file:
            counts.append(len(file.pages))
    assert counts[1] == counts[0] + 1


@pytest.mark.parametrize(("variant", "profile"), [("", "ua1"), ("pdf/a-2b", "2b"), ("pdf/a-3a", "3a")])
def test_variants_hold(variant: str, profile: str, write: Callable[..., bytes], tmp_path: Path) -> None:
    for asked in ("drawn", "first"):
        path = tmp_path / f"{asked}.pdf"
        path.write_bytes(write("pdf", asked, pdf_variant=variant))
        assert failures([f"{profile}={path}"]) == {f"{profile}={path}": []}


def test_docx(write: Callable[..., bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(write("docx", "drawn"))) as archive:
        body = etree.fromstring(archive.read("word/document.xml"))
        assert Image.open(io.BytesIO(archive.read("word/media/cover.png"))).width == 1200
    first = body[0][0]
    assert first.find(".//{*}anchor") is not None
    assert body[0].find(".//{*}pageBreakBefore") is not None


@given(st.text(max_size=120), st.floats(3, 20))
def test_lines_lose_nothing(text: str, room: float) -> None:
    lines = cover_drawing.broken(text, room)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cover_drawing.width(line) <= room or len(line) == 1 for line in lines)


@pytest.mark.parametrize("kind", range(len(ornaments.KINDS)))
@given(title=st.text(max_size=500), author=st.text(max_size=200))
def test_drawings_are_well_formed(kind: int, title: str, author: str) -> None:
    drawn = cover_drawing.draw(Words(title, author=author, source=str(kind)), 900)
    assert etree.fromstring(drawn.encode()).tag.endswith("svg")
    assert drawn == cover_drawing.draw(Words(title, author=author, source=str(kind)), 900)
