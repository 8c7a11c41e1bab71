"""Names in an SVG are those that EPUB allows, and what refers to them still does."""

from __future__ import annotations

import pytest

from service.engines.images import svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="20" height="10">'


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('<g id="a b"/><use href="#a b"/>', '<g id="a_b"/><use href="#a_b"/>'),
        ('<g id="a:b"/><use xlink:href="#a:b"/>', '<g id="a_b"/><use xlink:href="#a_b"/>'),
        (
            '<mask id="123456"/><path mask="url(#123456)" fill="#123456"/>',
            '<mask id="_123456"/><path mask="url(#_123456)" fill="#123456"/>',
        ),
        ('<g id="a_b"/><g id="a:b"/>', '<g id="a_b"/><g id="a_b_"/>'),
        ('<g id="a"/><g id="a"/><g id=""/>', '<g id="a"/><g/><g/>'),
        ('<g data-="1" data-1="2" data-Name="3" data-name="4"/>', '<g data-name="4"/>'),
        ('<g id="größe"/>', '<g id="größe"/>'),
    ],
)
def test_names(given: str, expected: str) -> None:
    cleaned = svg.clean(f"{HEAD}{given}</svg>".encode())[0].decode()
    inside = cleaned.partition(">")[2].removesuffix("</svg>")
    assert inside.replace("&#246;&#223;", "öß") == expected
