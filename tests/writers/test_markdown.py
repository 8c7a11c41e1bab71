"""Markdown: front matter that any YAML parser reads, and a body that reads back as the same text."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import yaml

from schemas import metadata
from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion, Document, Source
from service.passes import raw
from service.pipeline import steps
from service.writers import markdown

AWKWARD = {"title": "a: b # c", "no": "no", "time": "12:30", "id": "007", "empty": "", "list": ["x", "- y"], "nested": {"k": 1}}


def test_front_matter_is_strict_yaml(make_document: Callable[..., Document], conversion: Callable[..., Conversion]) -> None:
    document = replace(make_document("Text."), metadata=metadata.load(AWKWARD)[0])
    text = markdown.front_matter(document)
    assert yaml.safe_load(text.strip().strip("-")) == AWKWARD


def test_body_reads_back(torture: Document, conversion: Callable[..., Conversion], engines: Engines) -> None:
    text = markdown.write(torture, conversion("markdown"), engines).data.decode()
    body = text.split("\n---\n", 1)[-1]
    blocks = pandoc_ast.loads(engines.pandoc.read(body, "commonmark_x-smart-yaml_metadata_block", {})[0])
    document = raw.run(replace(torture, blocks=tuple(blocks)), conversion("markdown"))
    wanted, found = (Counter(filter(str.isalnum, pandoc_ast.text(each.blocks))) for each in (torture, document))
    assert not wanted - found


def test_images_travel_along(torture: Document, conversion: Callable[..., Conversion], engines: Engines) -> None:
    assert b"data:image/png;base64," in markdown.write(torture, conversion("markdown"), engines).data


def test_marks_after_a_backslash_stay(
    make_document: Callable[..., Document], conversion: Callable[..., Conversion], engines: Engines
) -> None:
    words = [f"lamp\\{mark}\\\\{mark}" for mark in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~é"]
    blocks = tuple(pandoc_ast.para([pandoc_ast.string(word)]) for word in words)
    document = replace(make_document("Text."), blocks=blocks)
    text = markdown.write(document, conversion("markdown"), engines).data.decode()
    again = pandoc_ast.loads(engines.pandoc.read(text.split("\n---\n", 1)[-1], "commonmark_x-smart-yaml_metadata_block", {})[0])
    assert [pandoc_ast.text([block]) for block in again] == words


MARKS_IN_TABLES = """<table><caption>:::tar</caption><tr><td colspan="2">:::oil {wax}</td></tr>
<tr><td>{{a}}</td><td>b</td></tr></table>

| {b} | c |
|-----|---|
| :::d | {e} |

![{Alt} f](lamp.png "{Cap} :::g")
"""


def written(text: str, conversion: Callable[..., Conversion], engines: Engines) -> str:
    """The Markdown of an article of Markdown, after all passes, with its references decoded."""
    recipe = conversion("markdown")
    document = steps.read(Source("a.md", text.encode()), recipe, engines)
    return html.unescape(steps.write(document, recipe, "markdown", engines).data.decode())


def test_marks_in_tables_and_figures_stay(conversion: Callable[..., Conversion], engines: Engines) -> None:
    text = written(MARKS_IN_TABLES, conversion, engines)
    for words in (":::oil {wax}", "{{a}}", "{b}", ":::d", "{e}", "{Alt} f", "{Cap} :::g", ":::tar"):
        assert words in text


def test_attributes_of_a_table_are_not_printed(conversion: Callable[..., Conversion], engines: Engines) -> None:
    page = '<table width="100%" id="t"><caption>Oil</caption><tr><td>a</td></tr></table>'
    text = written(page, conversion, engines)
    assert "Oil" in text and "{" not in text


def test_bold_within_bold_is_bold(conversion: Callable[..., Conversion], engines: Engines) -> None:
    assert "**Click here now**" in written("<b>Click <b>here</b> now</b>", conversion, engines)
