"""Callouts, code, page breaks, alignment, ruby and marks: each in Word's own form."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document
from service.writers import docx as writer
from service.writers.docx.constructs import NAMESPACE
from tests.writers.docx.conftest import Opened

Make = Callable[..., Opened]
CODE = "```sh\nfirst\n```\n\n```sh\nsecond\n```\n\n```\nthird\n```\n"


def test_each_block_of_code_is_a_box_of_its_own(opened: Make) -> None:
    made = opened(CODE)
    styles = [style for style in made.styles() if style in ("SourceCode", "BoxGap")]
    assert styles == ["SourceCode", "BoxGap", "SourceCode", "BoxGap", "SourceCode"]
    assert [each.text for each in docx.Document(io.BytesIO(made.data)).paragraphs if each.text in CODE.split()] == [
        "first", "second", "third",
    ]  # fmt: skip


def test_a_block_of_code_has_its_title_above(opened: Make) -> None:
    made = opened('``` {.js title="src/app.js"}\nlet x = 1;\n```')
    title, code = made.find("//w:p[w:pPr/w:pStyle/@w:val='CodeTitle' or w:pPr/w:pStyle/@w:val='SourceCode']")
    assert made.style(title) == "CodeTitle" and "".join(map(str, title.itertext())) == "src/app.js"
    assert code.getprevious() is title


def test_a_page_break_is_words_own_and_none_stands_at_the_end(opened: Make) -> None:
    made = opened("One.\n\n::: page-break\n:::\n\nTwo.\n\n::: page-break\n:::")
    (found,) = made.find("//w:br[@w:type='page']")
    paragraph = next(found.iterancestors("{*}p"))
    assert "".join(map(str, paragraph.getprevious().itertext())) == "One."  # type: ignore[union-attr]


CALLOUT = """
::: {.warning .callout}
::: title
Mind the gap
:::
Body.

- one
    - deeper

```sh
run
```
:::

::: {.warning .callout}
::: title
Warning
:::
Again.
:::

After.
"""


@pytest.mark.parametrize(("lang", "title"), [("en", "Warning"), ("fr", "Avertissement"), ("zh-Hant", "警告"), ("eo", "Warning")])
def test_a_callout_is_a_box_under_its_title(opened: Make, lang: str, title: str) -> None:
    made = opened(CALLOUT, lang)
    assert made.texts("//w:p[w:pPr/w:pStyle/@w:val='CalloutWarningTitle']") == ["Mind the gap", title]
    assert made.texts("//w:p[w:pPr/w:pStyle/@w:val='CalloutWarning']") == ["Body.", "Again."]
    listed = made.find("//w:p[w:pPr/w:numPr] | //w:p[w:pPr/w:pStyle/@w:val='SourceCode']")
    colours = {made.find("w:pPr/w:pBdr/w:left", each)[0].get(f"{{{made.SPACES['w']}}}color") for each in listed}
    assert colours == {"8A5A0B"}  # the bar continues next to lists and code
    (gap,) = made.find("//w:p[w:pPr/w:pStyle/@w:val='BoxGap']")  # or the two callouts were one box
    assert made.style(gap.getnext()) == "CalloutWarningTitle"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lang", "align", "value"),
    [
        ("en", "center", "center"),
        ("en", "right", "right"),
        ("en", "justify", "both"),
        ("ar", "left", "right"),
        ("ar", "end", "right"),
    ],
)
def test_alignment_is_kept(opened: Make, lang: str, align: str, value: str) -> None:
    made = opened(f"::: {{align={align}}}\nHere\n\n# There\n:::", lang)
    aligned = made.find("//w:p[.//w:t='Here' or .//w:t='There']/w:pPr/w:jc")
    assert [each.get(f"{{{made.SPACES['w']}}}val") for each in aligned] == [value, value]


def test_a_heading_by_itself_is_aligned(opened: Make) -> None:
    made = opened("Before\n\n# There {align=center}\n\nBehind", "en")
    aligned = made.find("//w:p[w:pPr/w:jc[@w:val='center']]//w:t")
    assert [each.text for each in aligned] == ["There"]


def test_ruby_is_set_above(opened: Make) -> None:
    made = opened("[[漢]{.rb}字[(]{.rp}[かんじ]{.rt}[)]{.rp}]{.ruby}と[東[とう]{.rt}京[きょう]{.rt}]{.ruby}。", "ja")
    assert made.texts("//w:ruby/w:rubyBase") == ["漢字", "東", "京"]
    assert made.texts("//w:ruby/w:rt") == ["かんじ", "とう", "きょう"]
    assert made.texts("//w:p[.//w:ruby]") == ["かんじ漢字ととう東きょう京。"]  # no parentheses: they are for what shows no ruby


def test_marks_have_their_look(opened: Make) -> None:
    made = opened("[a]{.mark} [b]{.ins} [c]{.kbd} `d`{.kbd} [e]{.abbr title=x} [f]{.small} ~~g~~ H~2~O x^2^")
    assert made.texts("//w:r[w:rPr/w:highlight]") == ["a"]
    assert made.texts("//w:r[w:rPr/w:u]") == ["b"]
    assert made.texts("//w:r[w:rPr/w:rStyle/@w:val='Keyboard']") == ["c", "d"]
    assert made.texts("//w:r[w:rPr/w:rStyle/@w:val='Abbreviation']") == ["e"]
    assert made.texts("//w:r[w:rPr/w:rStyle/@w:val='Small']") == ["f"]
    assert made.texts("//w:r[w:rPr/w:strike]") == ["g"]
    assert made.texts("//w:r[w:rPr/w:vertAlign]") == ["2", "2"]


@pytest.mark.parametrize("text", [CALLOUT, "| a |\n|---|\n| [x[y]{.rt}]{.ruby} |\n", "- ::: {align=center}\n  x\n  :::"])
def test_no_mark_of_ours_is_left(opened: Make, text: str) -> None:
    made = opened(text + "\n\nA note.[^1]\n\n[^1]: With [x[y]{.rt}]{.ruby}.")
    assert not [name for name, data in made.parts.items() if NAMESPACE.encode() in data]


NUMBERS = "5. five\n6. six\n\nBetween.\n\n7. seven\n8. eight\n\nThen.\n\nc) see\nd) dee\n\nThen.\n\n1. again\n"


def test_lists_are_numbered_as_they_were(opened: Make) -> None:
    made = opened(NUMBERS)
    numbering = etree.fromstring(made.parts["word/numbering.xml"])
    starts = {}
    for each in made.find("w:num", numbering):
        value = each.xpath("string(w:lvlOverride[@w:ilvl='0']/w:startOverride/@w:val)", namespaces=made.SPACES)
        starts[each.get(f"{{{made.SPACES['w']}}}numId")] = str(value)
    used = [each.get(f"{{{made.SPACES['w']}}}val") for each in made.find("//w:numPr/w:numId")]
    assert [starts[each] for each in dict.fromkeys(used)] == ["5", "7", "3", "1"]


def test_a_formula_that_cannot_be_set_is_code(
    make_document: Callable[..., Document], conversion: Callable[..., Conversion], engines: Engines
) -> None:
    document = make_document("Here $x^2$ and $\\undefinedcommand{x}$.")
    written = writer.write(document, conversion("docx"), engines)
    assert [each.code for each in written.notices] == ["math-unreadable"]
    made = Opened(written.data)
    assert made.texts("//w:r[w:rPr/w:rStyle/@w:val='VerbatimChar']") == ["\\undefinedcommand{x}"]
    assert len(list(made.body.iter("{*}oMath"))) == 1


def test_the_abstract_is_in_words_style_and_no_section(opened: Make) -> None:
    made = opened("::: abstract\n# Abstract\n\nIn short.\n:::\n\n# One\n\nText.")
    assert [style for style in made.styles() if "Abstract" in style or "Heading" in style] == [
        "AbstractTitle",
        "Abstract",
        "Heading1",
    ]


def test_a_quotation_in_another_stands_further_in(opened: Make) -> None:
    made = opened("> Outer\n>\n> > Inner\n> >\n> > > Innermost")
    quoted = made.find("//w:p[w:pPr/w:pStyle/@w:val='BlockText']")
    assert [each.xpath("string(w:pPr/w:ind/@w:left)", namespaces=Opened.SPACES) for each in quoted] == ["", "794", "1248"]


def test_the_last_line_under_the_title_has_the_rule_of_the_profile(opened: Make) -> None:
    (ruled,) = opened("Text.").find("//w:body/w:p[w:pPr/w:pBdr/w:bottom]")
    assert ruled.xpath("string(w:pPr/w:pStyle/@w:val)", namespaces=Opened.SPACES) == "ArticleSource"
    assert not opened("Text.", profile="book").find("//w:body/w:p[w:pPr/w:pBdr/w:bottom]")


def test_a_callout_of_text_has_air_above_and_below_and_one_with_a_list_has_none(opened: Make) -> None:
    text = "::: {{.note .callout}}\n::: title\nMind\n:::\nText.\n{0}\n:::\n"
    borders = "//w:p[starts-with(w:pPr/w:pStyle/@w:val, 'Callout')]/w:pPr/w:pBdr/w:bottom/@w:val"
    assert opened(text.format("")).find(borders) == []
    assert set(opened(text.format("\n- one")).find(borders)) == {"nil"}


def test_chinese_and_japanese_have_straight_edges_and_compressed_marks(opened: Make) -> None:
    straight = b'<w:characterSpacingControl w:val="compressPunctuation"/>'
    for lang, expected in (("ja", True), ("zh-Hant", True), ("ko", False), ("en", False)):
        made = opened("文。", lang=lang)
        assert (straight in made.parts["word/settings.xml"]) == expected
        styles = etree.fromstring(made.parts["word/styles.xml"])
        assert bool(made.find("//w:style[@w:styleId='BodyText']/w:pPr/w:jc[@w:val='both']", styles)) == expected


def test_verse_is_not_stretched_and_short_code_is_kept_together(opened: Callable[..., Opened]) -> None:
    made = opened("| Wind north-west.\n| The gulls.\n\n```\na\nb\n```\n\n```\n" + "x\n" * 40 + "```\n")
    assert b"<w:compat><w:doNotExpandShiftReturn/>" in made.parts["word/settings.xml"]
    assert len(made.find("//w:p[w:pPr/w:pStyle[@w:val='SourceCode']]")) == 2
    assert len(made.find("//w:p[w:pPr/w:pStyle[@w:val='SourceCode']]/w:pPr/w:keepLines")) == 1
