"""Links around several paragraphs become one for each; everything else stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from service.ast import pandoc_ast
from service.engines import Engines
from service.model.document import Conversion
from service.readers import markdown
from service.readers.markdown import split_links
from service.readers.markdown.changes import Text
from service.readers.markdown.dialects import AUTO
from service.readers.markdown.gone import Gone
from service.readers.markdown.masks import Masks
from service.readers.markdown.parser import parse


def divide(text: str) -> str:
    parsed = parse(text, AUTO)
    draft = Text(text, parsed.bare, parsed.prose, Masks(text), Gone(), 1)
    split_links.divide(draft)
    assert draft.text.count("\n") == text.count("\n")
    return draft.text


@pytest.mark.parametrize(
    ("given", "divided"),
    [
        ("[标题\n\n摘要](/a)后文", "[标题](/a)\n\n[摘要](/a)后文"),
        ("[\n\n标题\n\n](/a)\n\n后文", "\n\n[标题](/a)\n\n\n\n后文"),
        ("* [Head\n\n  Says what](b.html)\n* c", "* [Head](b.html)\n\n  [Says what](b.html)\n* c"),
        ('[![图](i)\n\n## 题\n两\n行](<b> "t")', '[![图](i)](<b> "t")\n\n## [题](<b> "t")\n[两\n行](<b> "t")'),
        ("[\n- a\n- b\n](x_(y))", "\n- [a](x_(y))\n- [b](x_(y))\n"),
        ("[a\n\n[b](c)\n\n| d |](e)", "[a](e)\n\n[b](c)\n\n| d |"),
        ("![一行\n\n二行](i.png)", "![一行 二行](i.png)\n\n"),
        ("[![一\n\n二](i.png)](/a)", "[![一 二](i.png)](/a)\n\n"),
        ("[\n\n](c)", "[](c)\n\n"),
        ("[![]()\n\na](c)", "![]()\n\n[a](c)"),
        ("[a\n\nb](c)[d\n\ne](f)", "[a](c)\n\n[b](c)[d](f)\n\n[e](f)"),
        ("[a\nb](c)", None),
        ("[a] b\n\nc](d)", None),
        ("\\[a\n\nb](c)", None),
        ("`[`a\n\nb](c)", None),
        ("[a\n\n```\nb](c)\n```\n", None),
        ("```\n[a\n\nb](c)\n```\n", None),
        ("f[0\n\n" + "x" * 5000 + "](c)", None),
    ],
)  # fmt: skip
def test_divide(given: str, divided: str | None) -> None:
    assert divide(given) == (given if divided is None else divided)
    assert divide(divide(given)) == divide(given)


def test_each_piece_leads_where_the_link_led(engines: Engines, conversion: Callable[..., Conversion]) -> None:
    text = "* [新闻\n\n  今天的事](https://e.example/a_b_c)\n\n[\n\n## 标题\n\n](d)"
    blocks: Any = markdown.blocks_of(text, conversion("pdf"), engines)
    links = [(pandoc_ast.text(node["c"][1]), node["c"][2][0]) for node in pandoc_ast.query(blocks, {"Link"})]
    assert links == [("新闻", "https://e.example/a_b_c"), ("今天的事", "https://e.example/a_b_c"), ("标题", "d")]
    assert "](" not in pandoc_ast.text(blocks)
