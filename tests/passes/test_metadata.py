"""The metadata pass: request over front matter over what the text says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from schemas.metadata import load
from service.ast import pandoc_ast
from service.model.document import Conversion, Document, Source
from service.model.errors import ValidationFailed
from service.passes import metadata

Make = Callable[..., Conversion]


def document(data: dict[str, Any], *blocks: dict[str, Any], name: str = "a.md") -> Document:
    record, notices = load(data)
    return Document(record, blocks, Source(name, b""), notices=notices)


def heading(text: str, level: int = 2) -> dict[str, Any]:
    return pandoc_ast.header(level, pandoc_ast.words(text))


def codes(found: Document) -> list[str]:
    return [reported.code for reported in found.notices]


def test_the_request_wins(conversion: Make) -> None:
    found = metadata.run(document({"title": "a", "lang": "fr"}), conversion("pdf", metadata={"title": "b", "k": 1}, lang="zh_CN"))
    assert (found.metadata.title, found.metadata.lang, found.metadata.custom) == ("b", "zh-CN", {"k": 1})
    assert codes(found) == []


def test_nothing_to_do(conversion: Make) -> None:
    before = document({"title": "a", "lang": "en"}, heading("x"))
    assert metadata.run(before, conversion("pdf")) == before


@pytest.mark.parametrize(
    ("blocks", "name", "title"),
    [([heading("First words"), heading("Second", 3)], "a.md", "First words"), ([], "a.md", "a"),
     ([heading("")], "dir/b.c.md", "b.c"),
     ([], "C:\\x\\报告.md", "报告"), ([], "", "Untitled"), ([], ".md", ".md"), ([], "..", "Untitled")],
)  # fmt: skip
def test_a_missing_title(conversion: Make, blocks: list[dict[str, Any]], name: str, title: str) -> None:
    found = metadata.run(document({"lang": "en"}, *blocks, name=name), conversion("pdf"))
    assert found.metadata.title == title
    assert codes(found) == ["title-missing"]


@pytest.mark.parametrize(
    ("text", "lang"),
    [("日本のセキュリティは大きく変わりました。", "ja"),
     ("The state of the art in this field and its history.", "en"), ("Kubernetes", "en"),
     ("12345", "und"), ("网络安全", "zh-Hans")],
)  # fmt: skip
def test_the_language_is_detected(conversion: Make, text: str, lang: str) -> None:
    found = metadata.run(document({"title": "1"}, pandoc_ast.para(pandoc_ast.words(text))), conversion("pdf"))
    assert found.metadata.lang == lang
    assert codes(found) == ["lang-detected"]
    assert metadata.run(found, conversion("pdf")) == found


def test_addresses_are_in_no_language(conversion: Make) -> None:
    addresses = "https://a.example/the-name-of-the-article-and-what-it-is-about www.example.org/another-one-of-them"
    found = metadata.run(document({"title": "今日推荐"}, pandoc_ast.para(pandoc_ast.words(addresses))), conversion("pdf"))
    assert found.metadata.lang == "zh-Hans"


def test_bad_requests_are_refused(conversion: Make) -> None:
    wrong = {
        "/lang": {"lang": "klingon"},
        "/metadata/date": {"metadata": {"date": "soon"}},
        "/metadata_defaults/date": {"metadata_defaults": {"date": "soon"}},
    }
    for pointer, options in wrong.items():
        with pytest.raises(ValidationFailed) as caught:
            metadata.run(document({}), conversion("pdf", **options))
        assert caught.value.places[0].pointer == pointer


def test_defaults_fill_only_what_the_article_does_not_set(conversion: Make) -> None:
    given = {"title": "d", "publisher": "p", "rights": "d", "own": 1, "k": 2}
    asked = conversion("pdf", metadata_defaults=given, metadata={"rights": "r", "own": None})
    found = metadata.run(document({"title": "a", "lang": "fr", "k": 1}), asked).metadata
    assert (found.title, found.publisher, found.rights, found.custom) == ("a", "p", "r", {"k": 1})
