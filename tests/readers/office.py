"""A document in pandoc's own packages, and one in ours: what the tests of the three readers share."""

from __future__ import annotations

import functools
import io
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

from service.ast import pandoc_ast
from service.containers import packages
from service.engines import Engines
from service.engines.pandoc.process import binary
from service.model.document import Conversion, Document, Source
from service.pipeline import steps

PICTURE = Path(__file__).parents[2] / "examples" / "images" / "colophon.png"
TEXT = """\
## First

Plain *text* with a [link](https://lamps.example/) and a note.[^1]

![A lamp](lamp.png)

- one
- two

| a | b |
|---|---|
| 1 | 2 |

[^1]: The note.
"""
META = {"title": "Lamps at sea", "author": "Ada Vogt", "lang": "en", "subject": "Of light", "keywords": "lamps"}
Recipe = Callable[..., Conversion]


def strangers(target: str) -> bytes:
    """A file that pandoc's command line made, with a picture."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(PICTURE, f"{folder}/lamp.png")
        metadata = [f"--metadata={key}={value}" for key, value in META.items()]
        argv = [binary(), "--from=commonmark_x", f"--to={target}", *metadata, "--output=out"]
        subprocess.run(argv, input=TEXT.encode(), cwd=folder, check=True, capture_output=True)
        return (Path(folder) / "out").read_bytes()


def ours(engines: Engines, conversion: Recipe, target: str) -> bytes:
    article = b"---\ntitle: Lamps\nlang: en\nshelf: {row: 2}\n---\n\nText.\n"
    recipe = conversion(target)
    return steps.write(steps.read(Source("a.md", article), recipe, engines), recipe, target, engines).data


def read(data: bytes, suffix: str, engines: Engines, recipe: Conversion) -> Document:
    return steps.read(Source(f"a.{suffix}", data), recipe, engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def check(engines: Engines, conversion: Recipe, suffix: str, target: str) -> None:
    """Text, structure, picture and title come through; the picture is in what is made of it."""
    document = read(strangers(target), suffix, engines, conversion("epub"))
    assert document.reader == suffix
    assert document.metadata.title == META["title"]
    assert [author.name for author in document.metadata.authors] == [META["author"]]
    for part in ("First", "Plain text with a link", "The note.", "one", "two"):
        assert part in said(document)
    kinds = {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert {"Header", "BulletList", "Table", "Note", "Image", "Link"} <= kinds
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert PICTURE.read_bytes() in packages.unpack(artifact.data).values()


def rezipped(data: bytes, changes: dict[str, bytes] | None = None, method: int = zipfile.ZIP_STORED) -> bytes:
    """The same package with parts changed or added, as an ordinary zip program packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(packed, "w", method) as new:
        parts = {name: old.read(name) for name in old.namelist()} | (changes or {})
        for name in sorted(parts):
            new.writestr(name, parts[name])
    return packed.getvalue()


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


WORD_SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "v": "urn:schemas-microsoft-com:vml",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "wpg": "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    }.items()
)
IMAGE_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"


@functools.cache
def plain(target: str) -> bytes:
    """A small document of pandoc's without metadata, as the frame of a body made by hand."""
    argv = [binary(), "--from=commonmark_x", f"--to={target}", "--output=-"]
    return subprocess.run(argv, input=b"Frame.\n", check=True, capture_output=True).stdout


def word(body: str, changes: dict[str, bytes] | None = None) -> bytes:
    """A DOCX with that body. `p1` and `p2` are pictures in it, `away` is one on a host, `gone` one that is not there."""
    relations = part(plain("docx"), "word/_rels/document.xml.rels")
    for name, target, mode in (
        ("p1", "media/one.png", ""),
        ("p2", "media/two.png", ""),
        ("gone", "media/gone.png", ""),
        ("away", "https://pictures.example/dune.png", ' TargetMode="External"'),
    ):
        relation = f'<Relationship Id="{name}" Type="{IMAGE_RELATION}" Target="{target}"{mode}/>'
        relations = relations.replace("</Relationships>", relation + "</Relationships>")
    picture = PICTURE.read_bytes()
    document = f'<?xml version="1.0"?><w:document {WORD_SPACES}><w:body>{body}</w:body></w:document>'
    parts = {
        "word/document.xml": document.encode(),
        "word/_rels/document.xml.rels": relations.encode(),
        "word/media/one.png": picture,
        "word/media/two.png": picture,
    }
    return rezipped(plain("docx"), parts | (changes or {}))


def open_text(body: str, changes: dict[str, bytes] | None = None) -> bytes:
    """An ODT with that body, and a picture as Pictures/one.png and media/two.png."""
    content = part(plain("odt"), "content.xml")
    start, end = content.index("<office:text>") + len("<office:text>"), content.index("</office:text>")
    picture = PICTURE.read_bytes()
    parts = {"content.xml": (content[:start] + body + content[end:]).encode(), "Pictures/one.png": picture}
    return rezipped(plain("odt"), parts | {"media/two.png": picture} | (changes or {}))


CONTAINER = (
    '<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def book(*pages: str, metadata: str = "", items: str = "", spine: str = "", files: dict[str, bytes] | None = None) -> bytes:
    """An EPUB of those pages (page0.xhtml, page1.xhtml …); `spine` replaces the entries of all pages."""
    own = [f'<item id="p{n}" href="page{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages))]
    spine = spine or "".join(f'<itemref idref="p{number}"/>' for number in range(len(pages)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="u">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">'
        '<dc:identifier id="u">lamp-1</dc:identifier>'
        f"<dc:title>Lamps</dc:title><dc:language>en</dc:language>{metadata}</metadata>"
        f"<manifest>{''.join(own)}{items}</manifest><spine>{spine}</spine></package>"
    )
    parts = {"mimetype": b"application/epub+zip", "META-INF/container.xml": CONTAINER.encode(), "OPS/book.opf": package.encode()}
    spaces = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"'
    for number, page in enumerate(pages):
        parts[f"OPS/page{number}.xhtml"] = f"<html {spaces}><head><title>P</title></head><body>{page}</body></html>".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in (parts | (files or {})).items():
            archive.writestr(name, data)
    return packed.getvalue()
