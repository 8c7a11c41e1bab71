"""Right to left: paragraphs, runs, bars and code."""

from __future__ import annotations

from collections.abc import Callable

from lxml import etree

from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]
TEXT = """
# قسم

> اقتباس.

```python
print("مرحبا")
```

اكتب `f(x)` مع Word هنا.

An English paragraph.
"""


def value(made: Opened, word: str, path: str) -> str:
    (paragraph,) = made.find(f"//w:p[contains(., '{word}')]")
    return str(paragraph.xpath(f"string(w:pPr/{path}/@w:val)", namespaces=made.SPACES))


def test_code_and_foreign_paragraphs_run_left_to_right(opened: Make) -> None:
    made = opened(TEXT, "ar")
    assert (value(made, "print", "w:bidi"), value(made, "print", "w:jc")) == ("0", "left")
    assert value(made, "An English", "w:bidi") == "0"
    assert value(made, "قسم", "w:bidi") == "1"
    assert not made.find("//w:r[w:rPr/w:rtl][.//w:t='f(x)' or .//w:t='Word']")
    assert made.find("//w:r[w:rPr/w:rtl][contains(., 'هنا')]")


def test_the_bar_of_a_quotation_is_at_the_right(opened: Make) -> None:
    for lang, side in (("ar", "right"), ("en", "left")):
        styles = etree.fromstring(opened("> x", lang).parts["word/styles.xml"])
        (borders,) = styles.findall(f"{{{W}}}style[@{{{W}}}styleId='BlockText']/{{{W}}}pPr/{{{W}}}pBdr")
        assert [etree.QName(each).localname for each in borders] == [side]


def test_an_arabic_paragraph_in_an_english_text(opened: Make) -> None:
    made = opened("English.\n\nفقرة عربية.\n")
    assert value(made, "فقرة", "w:bidi") == "1"
    assert made.find("//w:r[w:rPr/w:rtl][contains(., 'عربية')]")
    assert not made.find("//w:p[contains(., 'English')]/w:pPr/w:bidi")
