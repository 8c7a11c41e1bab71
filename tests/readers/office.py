"""A document in pandoc's own packages, and one in ours: what the tests of the three readers share."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from service import packages, pandoc_ast, pipeline
from service.document import Conversion, Document, Source
from service.engines import Engines
from service.engines.pandoc import binary

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
    return pipeline.write(pipeline.read(Source("a.md", article), recipe, engines), recipe, target, engines).data


def read(data: bytes, suffix: str, engines: Engines, recipe: Conversion) -> Document:
    return pipeline.read(Source(f"a.{suffix}", data), recipe, engines)


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
    artifact = pipeline.write(document, conversion("epub"), "epub", engines)
    assert PICTURE.read_bytes() in packages.unpack(artifact.data).values()
