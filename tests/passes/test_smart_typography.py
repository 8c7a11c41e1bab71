"""Quotes and dashes by language: in prose alone, by what the author typed elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from service.ast import pandoc_ast
from service.ast.pandoc_ast import Node, attr, div, header, link, para, span, string, words
from service.model.document import Conversion, Document, Metadata, Source
from service.passes import smart_typography

Recipe = Callable[..., Conversion]


def run(conversion: Conversion, *blocks: Node, lang: str = "en", title: str = "") -> Document:
    return smart_typography.run(Document(Metadata(title=title, lang=lang), blocks, Source("a.md", b"")), conversion)


def test_marks_pair_across_inlines(conversion: Recipe) -> None:
    inlines = [string('"One'), {"t": "Space"}, {"t": "Emph", "c": [string('two"')]}, {"t": "SoftBreak"}, string("it's")]
    (after,) = run(conversion("pdf"), para(inlines)).blocks
    assert after == para(
        [string("“One"), {"t": "Space"}, {"t": "Emph", "c": [string("two”")]}, {"t": "SoftBreak"}, string("it’s")]
    )


@pytest.mark.parametrize("kept", [
    {"t": "Code", "c": [attr(), 'a "b" -- c']}, {"t": "Math", "c": [{"t": "InlineMath"}, "f''"]},
    link([string('"http://a.org/?q=\'b\'"')], "http://a.org"), string("~/a'b"), string("me@example.org'"),
    span([string('"x"')], attr("", ["kbd"])), span([string('"x"')], attr(pairs={"lang": "de"})),
    {"t": "Image", "c": [attr(), [string('"alt"')], ["a.png", 'a "title"']]},
])  # fmt: skip
def test_what_is_no_prose_stays(kept: Node, conversion: Recipe) -> None:
    block = para([kept, {"t": "Space"}, string("it's")])
    (after,) = run(conversion("epub"), block).blocks
    assert after == para([kept, {"t": "Space"}, string("it’s")])


def test_code_blocks_stay_and_headings_notes_and_cells_do_not(conversion: Recipe) -> None:
    code = {"t": "CodeBlock", "c": [attr(), 'print("a")']}
    note = {"t": "Note", "c": [para(words('In a "note".'))]}
    before = [code, header(2, words('A "heading"')), para([string('"a"'), note]), {"t": "BlockQuote", "c": [para(words('"b"'))]}]
    after = run(conversion("docx"), *before).blocks
    assert after[0] is code or after[0] == code
    assert pandoc_ast.text(after[1:]).replace("In", " In").split() == ["A", "“heading”", "“a”", "In", "a", "“note”.", "“b”"]


@pytest.mark.parametrize(("typography", "text", "shown"), [
    ("auto", '"a" -- it\'s', "“a” – it’s"),
    ("auto", "“a” \"b\" it's -- c", "“a” \"b\" it’s – c"),
    ("auto", "it’s \"b\" isn't", "it’s “b” isn't"),
    ("auto", "a – b -- c", "a – b -- c"),
    ("smart", "“a” \"b\" – c -- it's", "“a” “b” – c – it’s"),
    ("as-is", '"a" -- it\'s', '"a" -- it\'s'),
])  # fmt: skip
def test_auto_leaves_the_kinds_of_marks_that_the_author_set(typography: str, text: str, shown: str, conversion: Recipe) -> None:
    (after,) = run(conversion("pdf", typography=typography), para(words(text))).blocks
    assert pandoc_ast.text([after]).strip() == shown


@pytest.mark.parametrize("target", ["markdown", "ast"])
def test_what_is_read_on_stays(target: str, conversion: Recipe) -> None:
    assert pandoc_ast.text(run(conversion(target), para(words('"a"'))).blocks).strip() == '"a"'


@pytest.mark.parametrize("lang", ["zh-Hans", "ja", "he", "ar", "th", ""])
def test_other_languages_stay(lang: str, conversion: Recipe) -> None:
    assert pandoc_ast.text(run(conversion("pdf", typography="smart"), para(words('"a"')), lang=lang).blocks).strip() == '"a"'


def test_a_division_has_the_marks_of_its_language(conversion: Recipe) -> None:
    inside = div([para(words('"b"'))], attr(pairs={"lang": "de"}))
    after = run(conversion("pdf"), para(words('"a"')), inside).blocks
    assert pandoc_ast.text(after).split() == ["“a”", "„b“"]


def test_blanks_of_french_are_one_with_their_mark(conversion: Recipe) -> None:
    (after,) = run(conversion("pdf"), para(words('"Vrai ?" dit-il.')), lang="fr").blocks
    assert pandoc_ast.text([after]).strip() == "«\u202fVrai\u202f?\u202f» dit-il."


def test_the_title_is_shown_so_and_kept_as_it_is(conversion: Recipe) -> None:
    after = run(conversion("pdf"), para(words("a")), title='Miller\'s "Weir"')
    assert (after.metadata.title, after.shown_title) == ('Miller\'s "Weir"', "Miller’s “Weir”")


@pytest.mark.parametrize("cited", [
    para([span([string("(Marsh 2007, 31–44)")], attr("", ["citation"])), string("and")]),
    div([para([string("“Reading Speed”…")])], attr("refs", ["references"])),
    para([{"t": "Cite", "c": [[], [string("[@marsh, 31–44]")]]}]),
])  # fmt: skip
def test_a_citation_is_not_typed_by_the_author(cited: Node, conversion: Recipe) -> None:
    prose = para([string('"Advice"'), {"t": "Space"}, string("---"), {"t": "Space"}, string("it")])
    after = run(conversion("pdf"), cited, prose).blocks
    assert after[0] == cited
    assert "".join(one.get("c", " ") for one in after[1]["c"]) == "“Advice” — it"
