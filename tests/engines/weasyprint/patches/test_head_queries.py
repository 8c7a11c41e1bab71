"""A search in the head finds the same as one in the document."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import Comment, fromstring

import pytest
from cssselect2 import ElementWrapper

from service.engines.weasyprint import patches

NAMES = ("title", "link")
HEAD = "<head><title>A</title><meta/><link/></head>"


def found(root: Any, query: Any, *selectors: str) -> list[Any]:
    return [each.etree_element for each in query(ElementWrapper.from_html_root(root), *selectors)]


@pytest.mark.parametrize(
    "html",
    [
        f"<html>{HEAD}<body><p>Text</p></body></html>",
        f"<html>{HEAD}<body><p>Text <link/></p></body></html>",
        f"<html>{HEAD}<body><svg xmlns='http://www.w3.org/2000/svg'><title>B</title></svg></body></html>",
        f"<html>{HEAD}{HEAD}<body/></html>",
        f"<html>{HEAD}<body><TITLE/></body></html>",
        "<html><body><title>C</title></body></html>",
        "<link><head><title/></head></link>",
    ],
)
def test_the_same_is_found(html: str) -> None:
    patches.install()
    root, query = fromstring(html), ElementWrapper.query_all
    for selectors in (NAMES, ("head",), ("head > link",), ("p",)):
        assert found(root, query, *selectors) == found(root, query.plain, *selectors)
    root.append(Comment("no name"))
    assert found(root, query, *NAMES) == found(root, query.plain, *NAMES)


def test_the_body_is_not_wrapped(monkeypatch: pytest.MonkeyPatch) -> None:
    patches.install()
    root = fromstring(f"<html>{HEAD}<body>{'<p/>' * 90}</body></html>")
    wrapper, made = ElementWrapper.from_html_root(root), []
    plain = ElementWrapper.__init__
    monkeypatch.setattr(ElementWrapper, "__init__", lambda one, *given, **named: made.append(one) or plain(one, *given, **named))
    assert len(list(wrapper.query_all(*NAMES))) == 2
    assert len(made) < 9
