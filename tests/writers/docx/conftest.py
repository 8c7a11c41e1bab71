"""A DOCX made of Markdown as pandoc reads it, opened as trees."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Metadata
from service.writers import docx

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Parts = dict[str, bytes]

SPACES = {
    "w": W, "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
    "adec": "http://schemas.microsoft.com/office/drawing/2017/decorative",
}  # fmt: skip


class Opened:
    """The parts of a DOCX, and XPath with the prefixes that Word itself uses."""

    SPACES = SPACES

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.parts = self.read(data)
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.notes = etree.fromstring(self.parts["word/footnotes.xml"])

    @staticmethod
    def read(data: bytes) -> Parts:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def find(self, path: str, top: etree._Element | None = None) -> list[etree._Element]:
        found = (self.body if top is None else top).xpath(path, namespaces=self.SPACES)
        assert isinstance(found, list)
        return found  # type: ignore[return-value]

    def texts(self, path: str) -> list[str]:
        return ["".join(map(str, each.xpath(".//w:t/text()", namespaces=self.SPACES))) for each in self.find(path)]  # type: ignore[union-attr]

    def styles(self) -> list[str]:
        """The style of each paragraph of the body, in order; empty for the default one."""
        return [self.style(each) for each in self.find("//w:p")]

    def style(self, paragraph: etree._Element) -> str:
        return str(paragraph.xpath("string(w:pPr/w:pStyle/@w:val)", namespaces=self.SPACES))


@pytest.fixture
def opened(
    make_document: Callable[..., Document], conversion: Callable[..., Conversion], engines: Engines
) -> Callable[..., Opened]:
    """`opened(text, lang="ar", toc=True)`: the DOCX of a text in that language."""

    def make(text: str, lang: str = "en", **options: object) -> Opened:
        document = make_document(text, Metadata(title="A title", lang=lang, source_name="A paper"))
        written = docx.write(document, conversion("docx", **options), engines)
        assert not [each for each in written.notices if each.code != "image-without-description"]
        return Opened(written.data)

    return make
