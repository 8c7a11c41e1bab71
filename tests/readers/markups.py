"""The common parts of the tests of text readers: articles from pandoc's command line, and the expected text."""

from __future__ import annotations

import functools
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

from service.ast import pandoc_ast
from service.engines import Engines
from service.engines.pandoc.process import binary
from service.model.document import Conversion, Document, Source
from service.pipeline import steps
from tests.corpus.text import letters, missing, of_markdown
from tests.readers.office import PICTURE, TEXT

Recipe = Callable[..., Conversion]
ARTICLE = Path(__file__).parents[2] / "examples" / "article.md"
FRONT = """---
title: Lamps at sea
author: [Ada Vogt, Li Wei]
date: 2024-11-21
abstract: Of light, and of dark.
keywords: [lamps, sea]
lang: en
---

"""


@functools.cache
def made(target: str, text: str = FRONT + TEXT) -> bytes:
    """`text`, Markdown, in the format `target` as pandoc's command line writes it."""
    argv = [
        binary(),
        "--standalone",
        "--syntax-highlighting=none",
        "--from=markdown-smart",
        f"--to={target}",
        "--output=-",
        f"--resource-path={PICTURE.parent}:{ARTICLE.parent}",
    ]
    text = text.replace("lamp.png", PICTURE.name)
    return subprocess.run(argv, input=text.encode(), check=True, capture_output=True).stdout


def read(data: str | bytes, name: str, engines: Engines, recipe: Conversion) -> Document:
    return steps.read(Source(name, data.encode() if isinstance(data, str) else data), recipe, engines)


def said(document: Document) -> str:
    return " ".join(pandoc_ast.text(document.blocks).split())


def codes(document: Document) -> set[str]:
    return {each.code for each in document.notices}


def lost(target: str, name: str, engines: Engines, recipe: Conversion) -> str:
    """The letters of the sample article that are not in what was read of it; picture names and addresses are not text."""
    source = ARTICLE.read_text(encoding="utf-8")
    document = read(made(target, source), name, engines, recipe)
    found = letters(document.metadata.title) + letters(pandoc_ast.text(document.blocks))
    source = re.sub(r"\[\^\w+\]:?", "", source)  # labels of notes
    return "".join(missing(of_markdown(source, document.metadata.title), found))


def check_text(engines: Engines, conversion: Recipe, target: str, name: str) -> Document:
    """Text and structure come through."""
    document = read(made(target), name, engines, conversion("epub"))
    for part in ("First", "Plain text with a link", "The note.", "one", "two"):
        assert part in f"{document.metadata.title} {document.metadata.subtitle} {said(document)}"
    kinds = {node["t"] for node in pandoc_ast.query(document.blocks)}
    assert kinds >= {"BulletList", "Table", "Note", "Image", "Link", "Emph"}
    return document
