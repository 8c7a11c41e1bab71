"""Page breaks in every spelling become one shape; what only looks like one stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast.pandoc_ast import Node, attr, div, para, string, words
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import page_breaks

Recipe = Callable[..., Conversion]


def run(block: Node, conversion: Recipe) -> list[Node]:
    return list(page_breaks.run(Document(Metadata(), (block,), Source("a.md", b"")), conversion("pdf")).blocks)


@pytest.mark.parametrize(
    "block",
    [
        para([string("\\newpage")]),
        para([string("\\pagebreak")]),
        para(words("{{< pagebreak >}}")),
        *(
            {"t": "RawBlock", "c": ["html", raw]}
            for raw in (
                '<div style="page-break-after: always"></div>',
                "<div style='break-before:page; height:0'>&nbsp;</div>\n",
                '<p style="page-break-before:always"></p>',
                '<div class="page-break"></div>',
                '<hr class="pagebreak">',
                "<!-- pagebreak -->",
                "<!--NEWPAGE-->",
            )
        ),
        {"t": "RawBlock", "c": ["tex", "\\newpage"]},
        para(
            [
                {"t": "RawInline", "c": ["html", '<div style="page-break-after:always">']},
                {"t": "RawInline", "c": ["html", "</div>"]},
            ]
        ),
    ],
    ids=str,
)
def test_one_shape(conversion: Recipe, block: Node) -> None:
    assert run(block, conversion) == [div([], attr(classes=["page-break"]))]


@pytest.mark.parametrize(
    "block",
    [
        para(words("Write \\newpage here.")),
        para([{"t": "Code", "c": [attr(), "\\newpage"]}]),
        {"t": "CodeBlock", "c": [attr(), "\\newpage"]},
        {"t": "RawBlock", "c": ["html", '<div style="page-break-after: avoid"></div>']},
        {"t": "RawBlock", "c": ["html", '<div style="page-break-after: always">Words</div>']},
        {"t": "RawBlock", "c": ["html", "<!-- a break -->"]},
    ],
    ids=str,
)
def test_what_is_no_break_stays(conversion: Recipe, block: Node) -> None:
    assert run(block, conversion) == [block]
