"""The text that other tools find in an artifact."""

from __future__ import annotations

import io
import json
import re
import subprocess
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from service.model.text import labels

BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "br", "pre", "dt", "dd"}
# A placeholder says "[Image: alt]": the word is ours.
WORDS = {labels.word("image", lang) for lang in ("en", "zh", "zh-Hant", "ja", "ko", "it", "fr", "de", "es")}
PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(sorted(WORDS))}):?")


def of_ast(data: bytes) -> str:
    return "".join(_ast(json.loads(data)["blocks"]))


def _ast(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _ast(each)
    elif isinstance(node, dict):
        match node.get("t"):
            case "Str":
                yield node["c"]
            case "Code" | "CodeBlock" | "Math":
                yield node["c"][1]
            case _:
                for each in node.values():
                    yield from _ast(each)


def of_epub(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        chapters = sorted(name for name in archive.namelist() if name.startswith("EPUB/text/"))
        return "\n".join("".join(etree.fromstring(archive.read(name)).find("{*}body").itertext()) for name in chapters)


def of_docx(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = [name for name in ("word/document.xml", "word/footnotes.xml") if name in archive.namelist()]
        trees = [etree.fromstring(archive.read(name)) for name in names]
    return "".join(node.text or "" for tree in trees for node in tree.iter("{*}t"))


def of_pdf(data: bytes) -> str:
    return subprocess.run(["pdftotext", "-raw", "-", "-"], input=data, capture_output=True, check=True).stdout.decode()


TEXT_OF: Mapping[str, Callable[[bytes], str]] = {"ast": of_ast, "epub": of_epub, "docx": of_docx, "pdf": of_pdf}


def text_of(target: str, data: bytes) -> str:
    return PLACEHOLDER.sub("[", TEXT_OF[target](data))
