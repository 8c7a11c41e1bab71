"""Blanks within an address are encoded; titles, code and text in brackets stay as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service import pandoc_ast
from service.document import Conversion
from service.engines import Engines
from service.readers import markdown
from service.readers.markdown.spaced_addresses import encode


@pytest.mark.parametrize(
    ("given", "encoded"),
    [
        ("[a](/b?c=d e)", "[a](/b?c=d%20e)"),
        ("[a](https://h.example/b c/d e.png)", "[a](https://h.example/b%20c/d%20e.png)"),
        ('[![长城](../great wall.png)](/b c "题目")', '[![长城](../great%20wall.png)](/b%20c "题目")'),
        ('[a](/b "c d")', None),
        ("[a](see there)", None),
        ("[a]( /b )", None),
        ("[a](/b c", None),
        ("`[a](/b c)`", None),
        ("```\n[a](/b c)\n```", None),
        ("~~~\nx\n~~~\n[a](/b c)\n", "~~~\nx\n~~~\n[a](/b%20c)\n"),
        ("[a](/b (c d))", None),
    ],
)
def test_encode(given: str, encoded: str | None) -> None:
    assert encode(given) == (given if encoded is None else encoded)


def test_it_is_a_link(engines: Engines, conversion: Callable[..., Conversion]) -> None:
    blocks = markdown.blocks_of("See [edge devices](/tag.html?tag=edge devices).", conversion("pdf"), engines)
    assert [node["c"][2][0] for node in pandoc_ast.query(list(blocks), {"Link"})] == ["/tag.html?tag=edge%20devices"]
