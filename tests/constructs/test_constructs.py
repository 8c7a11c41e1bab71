"""Each construct in PDF, EPUB and DOCX: one file of this folder each, docs/constructs.md is made from them.

A file has the Markdown (`source`) and what is right: `text` of the PDF, XPath into the EPUB's chapter and into
word/document.xml. With `shape` the source is the AST's own shape, in the fenced divisions of pandoc's Markdown.
"""

from __future__ import annotations

import importlib.util
import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import etree

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.blocks import Blocks
from service.model.document import Asset, Conversion, Document, Source
from service.pipeline import steps

FILES = sorted(Path(__file__).parent.glob("*.yaml"))
PICTURE = Path(__file__).parents[2] / "examples" / "images" / "colophon.png"
SPACES: Mapping[str, str] = {
    "h": "http://www.w3.org/1999/xhtml", "m": "http://www.w3.org/1998/Math/MathML", "e": "http://www.idpf.org/2007/ops",
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}  # fmt: skip
CHAPTERS = {"epub": "EPUB/text/ch001.xhtml", "docx": "word/document.xml"}


@pytest.fixture(params=FILES, ids=[file.stem for file in FILES])
def construct(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(request.param.read_text(encoding="utf-8"))
    if found.get("needs") and importlib.util.find_spec(found["needs"]) is None:
        pytest.skip(f"there is no {found['needs']} for this machine")
    return found


@pytest.fixture
def article(construct: dict[str, Any], conversion: Callable[..., Conversion], engines: Engines) -> Document:
    """The construct in an article, read as the product reads it, or in the shape that readers give it."""
    head = f"---\ntitle: A construct\nlang: {construct.get('lang', 'en')}\n---\n\n"
    source = Source("a.md", (head + construct["source"]).encode(), assets=(Asset("colophon.png", PICTURE.read_bytes()),))
    document = steps.read(source, conversion("pdf"), engines)
    if not construct.get("shape"):
        return document
    data, _ = engines.pandoc.read(construct["source"], "markdown-raw_html-yaml_metadata_block")
    return replace(document, blocks=Blocks(pandoc_ast.loads(data)), assets={"colophon.png": source.assets[0]})


def test_each_has_a_picture_in_the_documentation() -> None:
    pictures = Path(__file__).parents[2] / "docs" / "pictures" / "constructs"
    assert {file.stem for file in pictures.glob("*.png")} == {file.stem for file in FILES}


@pytest.mark.parametrize("target", ["epub", "docx"])
def test_markup(
    construct: dict[str, Any], article: Document, target: str, conversion: Callable[..., Conversion], engines: Engines
) -> None:
    artifact = steps.write(article, conversion(target), target, engines)
    with zipfile.ZipFile(io.BytesIO(artifact.data)) as archive:
        top = etree.fromstring(archive.read(CHAPTERS[target]))
    for path in construct[target]["xpath"]:
        assert top.xpath(path, namespaces=SPACES), f"{path} is not in {etree.tostring(top, encoding='unicode')[-6000:]}"


def test_pdf(
    construct: dict[str, Any], article: Document, conversion: Callable[..., Conversion], engines: Engines, tmp_path: Path
) -> None:
    if not shutil.which("pdftotext"):
        pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
    (tmp_path / "a.pdf").write_bytes(steps.write(article, conversion("pdf"), "pdf", engines).data)
    done = subprocess.run(["pdftotext", tmp_path / "a.pdf", "-"], check=True, capture_output=True, text=True)
    shown = " ".join(done.stdout.split())
    for words in construct["pdf"]["text"]:
        assert words in shown
