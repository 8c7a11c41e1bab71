"""Notebooks: cells, outputs, pictures, metadata."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.containers import packages
from service.engines import Engines
from service.model.errors import EmptyDocument
from service.pipeline import steps
from tests.corpus.text import letters
from tests.readers import markups, office

PNG = base64.b64encode(office.PICTURE.read_bytes()).decode()


def notebook(*cells: dict[str, Any], **metadata: Any) -> bytes:
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}).encode()


def code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": list(outputs), "metadata": {}}


def shown(**data: Any) -> dict[str, Any]:
    return {"output_type": "display_data", "data": {key.replace("_", "/"): value for key, value in data.items()}}


BOOK = notebook(
    {
        "cell_type": "markdown",
        "source": ["# Lamps\n", "Costs $5 and *more*. ![a](attachment:a.png)"],
        "attachments": {"a.png": {"image/png": PNG}},
    },
    code(
        "print(1)\n2", {"output_type": "stream", "name": "stdout", "text": ["1\n"]}, shown(image_png=PNG, text_plain="<Figure>")
    ),
    code("df", shown(text_html="<table><tr><th>a</th></tr><tr><td>1</td></tr></table>", text_plain="a 1")),
    code(
        "1/0",
        {
            "output_type": "error",
            "ename": "ZeroDivisionError",
            "evalue": "x",
            "traceback": ["\x1b[31mZeroDivisionError\x1b[0m: x"],
        },
    ),
    code("w", shown(**{"application/javascript": "alert(1)"})),
    {"cell_type": "raw", "source": "as it is"},
    title="Lamps at sea",
    authors=[{"name": "Ada Vogt"}],
    kernelspec={"display_name": "Python 3", "language": "python", "name": "python3"},
    shelf=3,
)


def test_metadata(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK, "a", engines, conversion("pdf"))
    assert (document.reader, document.metadata.title) == ("ipynb", "Lamps at sea")
    assert [author.name for author in document.metadata.authors] == ["Ada Vogt"]
    assert document.metadata.custom == {"shelf": 3, "kernel": "Python 3", "kernel_language": "python"}


def test_cells_and_outputs(engines: Engines, conversion: markups.Recipe) -> None:
    document = markups.read(BOOK, "a.ipynb", engines, conversion("epub"))
    codes = [node["c"] for node in pandoc_ast.query(document.blocks) if node["t"] == "CodeBlock"]
    assert [(attributes[1], text) for attributes, text in codes] == [
        (["python"], "print(1)\n2"),
        (["output"], "1"),
        (["python"], "df"),
        (["python"], "1/0"),
        (["output"], "ZeroDivisionError: x"),
        (["python"], "w"),
        ([], "as it is"),
    ]
    kinds = [node["t"] for node in pandoc_ast.query(document.blocks)]
    assert kinds.count("Table") == 1 and kinds.count("Image") == 2 and "Math" not in kinds
    assert [each.data["dropped"] for each in document.notices if each.code == "output-dropped"] == [["application/javascript"]]
    artifact = steps.write(document, conversion("epub"), "epub", engines)
    assert office.PICTURE.read_bytes() in packages.unpack(artifact.data).values()


def test_old_notebooks(engines: Engines, conversion: markups.Recipe) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Head"},
        {"cell_type": "code", "input": "x", "outputs": [{"output_type": "pyout", "text": ["42"], "png": PNG}]},
    ]
    data = json.dumps({"nbformat": 3, "metadata": {"name": "old"}, "worksheets": [{"cells": cells}]}).encode()
    kinds = [node["t"] for node in markups.read(data, "a.ipynb", engines, conversion("pdf", clean="none")).blocks]
    assert kinds == ["CodeBlock", "Para"]  # the only heading is the title


def test_pandocs_own(engines: Engines, conversion: markups.Recipe) -> None:
    """pandoc puts the note at the end, so each paragraph is looked for separately."""
    article = markups.ARTICLE.read_text(encoding="utf-8").partition("\n---\n")[2]
    document = markups.read(markups.made("ipynb", article), "a.ipynb", engines, conversion("pdf"))
    found = letters(document.metadata.title + markups.said(document))
    for line in re.split(r"\n\n|\[\^page\]:?", article):
        if not re.search(r"[|\[`]|^\d\.", line):
            assert letters(line) in found


def test_empty(engines: Engines, conversion: markups.Recipe) -> None:
    with pytest.raises(EmptyDocument):
        markups.read(notebook(), "a.ipynb", engines, conversion("pdf"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m oil", "red oil"),
        ("\x1b[38;5;4mblue\x1b[K", "blue"),
        ("\x1b]8;;https://o.example\x1b\\oil\x1b]8;;\x1b\\ tar", "oil tar"),
        ("10%\r50%\r100%\ndone\r\n", "100%\ndone"),
    ],
)
def test_marks_of_a_terminal_are_not_printed(text: str, expected: str, engines: Engines, conversion: markups.Recipe) -> None:
    stream = {"output_type": "stream", "name": "stdout", "text": text}
    document = markups.read(notebook(code("run()", stream)), "a.ipynb", engines, conversion("pdf"))
    assert [node["c"][1] for node in pandoc_ast.query(document.blocks, {"CodeBlock"})] == ["run()", expected]
