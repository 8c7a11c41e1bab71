"""Constructs as XHTML has them, and epubcheck on all of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from service.engines import Engines
from service.model.document import Conversion, Document, Metadata, Source
from service.pipeline import steps
from service.writers import epub
from tests.writers.docx.conftest import Opened

SPACES = {
    "h": "http://www.w3.org/1999/xhtml", "m": "http://www.w3.org/1998/Math/MathML", "e": "http://www.idpf.org/2007/ops",
}  # fmt: skip
Make = Callable[..., "Chapter"]
EVERYTHING = """
A note[^1] and again[^1], another[^2].

::: {.warning .callout}
::: title
Mind the gap
:::
Body.
:::

::: {.tip .callout}
::: title
Tip
:::
Body.
:::

``` {.js title="src/app.js"}
let x = 1;
```

::: page-break
:::

::: {align=center}
# Centred
:::

[漢字[(]{.rp}[かんじ]{.rt}[)]{.rp}]{.ruby}, [m]{.mark}, [i]{.ins}, [World Wide Web]{.abbr title="WWW"}, `Esc`{.kbd},
[4 March]{datetime=2024-03-04}, [some day]{datetime=99x}, [s]{.small}.

![One](colophon.png){height=50px} ![Two](colophon.png){width=120px height=40px} ![Three](colophon.png){width=50%}

$$\\sum_{i} i$$ and $\\undefinedcommand{x}$ and $a_1$ and $a_1$.

| a | b |
|---|---|
| 1 | 2 |

[^1]: The note.

[^2]: Another.
"""


class Chapter:
    def __init__(self, data: bytes, notices: list[str]) -> None:
        self.data, self.notices = data, notices
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.files = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.files["EPUB/text/ch001.xhtml"])

    def find(self, path: str) -> list[etree._Element]:
        found = self.body.xpath(path, namespaces=SPACES)
        assert isinstance(found, list)
        return found  # type: ignore[return-value]

    def texts(self, path: str) -> list[str]:
        return [" ".join("".join(map(str, each.itertext())).split()) for each in self.find(path)]


@pytest.fixture
def chapter(make_document: Callable[..., Document], conversion: Callable[..., Conversion], engines: Engines) -> Make:
    def make(text: str, lang: str = "en") -> Chapter:
        document = make_document(text, Metadata(title="A title", lang=lang))
        written = epub.write(document, conversion("epub"), engines)
        return Chapter(written.data, [each.code for each in written.notices])

    return make


def test_validator_finds_nothing(chapter: Make, epubcheck: Callable[..., dict[str, list[str]]], tmp_path: Path) -> None:
    for lang in ("en", "ar", "ja"):
        (tmp_path / f"{lang}.epub").write_bytes(chapter(EVERYTHING, lang).data)
    found = epubcheck(sorted(tmp_path.glob("*.epub")))
    assert len(found) == 3 and not any(found.values()), found


def test_a_callout_is_an_aside_under_its_title(chapter: Make) -> None:
    made = chapter(EVERYTHING, "it")
    assert made.texts("//h:aside[@role='note']/h:div[@class='callout-title']") == ["Mind the gap", "Suggerimento"]
    assert [each.get("class") for each in made.find("//h:aside[@role='note']")] == [
        "callout callout-warning warning", "callout callout-tip tip",
    ]  # fmt: skip


def test_inline_constructs_have_their_elements(chapter: Make) -> None:
    made = chapter(EVERYTHING)
    assert made.texts("//h:ruby") == ["漢字(かんじ)"]
    assert made.texts("//h:ruby/h:rt") == ["かんじ"]
    assert made.texts("//h:mark") == ["m"]
    assert made.texts("//h:ins") == ["i"]
    assert [each.get("title") for each in made.find("//h:abbr")] == ["WWW"]
    assert made.texts("//h:kbd") == ["Esc"]
    assert [(each.get("datetime"), each.text) for each in made.find("//h:time")] == [("2024-03-04", "4 March")]
    assert not made.find("//h:span[@datetime]")


def test_code_breaks_and_alignment(chapter: Make) -> None:
    made = chapter(EVERYTHING)
    assert made.texts("//h:div[@class='code-title']") == ["src/app.js"]
    assert made.find("//h:div[@class='code-title']/following-sibling::*[1]//h:pre")
    assert made.find("//h:div[@class='page-break']")
    assert made.texts("//*[contains(@class, 'align-center')]//h:h2") == ["Centred"]
    assert not made.find("//*[@align]")


def test_a_note_that_is_called_twice_is_one_aside(chapter: Make) -> None:
    made = chapter(EVERYTHING)
    assert made.texts("//h:aside[@e:type='footnote']") == ["1 The note.", "2 Another."]
    marks = [(each.text, each.get("href")) for each in made.find("//h:a[@e:type='noteref']")]
    assert [number for number, _ in marks] == ["1", "1", "2"]
    targets = {f"#{each.get('id')}" for each in made.find("//h:aside[@e:type='footnote']")}
    assert {href for _, href in marks} == targets


def test_images_keep_the_size_that_they_were_given(chapter: Make) -> None:
    one, two, three = chapter(EVERYTHING).find("//h:img")
    assert "aspect-ratio: 89 / 50" in one.get("style", "")  # its own ratio at the height that was given
    assert "aspect-ratio: 120 / 40" in two.get("style", "")
    assert "50" in three.get("style", "")


def test_formulas_have_a_drawing_and_unreadable_ones_are_code(chapter: Make) -> None:
    made = chapter(EVERYTHING)
    formulas = made.find("//m:math")
    assert len(formulas) == 3 and all(each.get("alttext") for each in formulas)
    drawn = {each.get("altimg", "").replace("../", "EPUB/") for each in formulas}
    assert len(drawn) == 2 and all(made.files[name].startswith(b"<svg") for name in drawn)
    assert made.texts("//h:code[@class='math']") == ["\\undefinedcommand{x}"]
    assert made.notices == ["math-unreadable"]


def test_code_in_a_right_to_left_page_runs_left_to_right(chapter: Make) -> None:
    made = chapter("```\nprint\n```\n\n`f(x)`", "he")
    assert {each.get("dir") for each in made.find("//h:pre | //h:code")} == {"ltr"}
    assert made.body.get("dir") == "rtl"


LONG = "incomprehensibility"


@pytest.mark.parametrize(("columns", "names"), [(2, None), (3, "wide"), (6, "wide tight")])
def test_tables_keep_words_whole(chapter: Make, columns: int, names: str | None) -> None:
    row = "|" + f" {LONG} |" * columns
    made = chapter(f"{row}\n|{'---|' * columns}\n{row}")
    (table,) = made.find("//h:div[@class='table']/h:table")
    assert table.get("class") == names


def test_emphasis_without_ideographs_is_named(chapter: Make) -> None:
    made = chapter("灯塔*约三成*与*exactly once*。", "zh-Hans")
    assert [(each.text, each.get("class")) for each in made.find("//h:em")] == [("约三成", None), ("exactly once", "latin")]
    assert chapter("A *word*.").find("//h:em")[0].get("class") is None


def test_the_call_of_a_note_stays_with_the_ideograph_before_it(chapter: Make) -> None:
    made = chapter("灯塔的*灯*与灯[^1]。雾[^2]\n\n[^1]: 一。\n[^2]: 二。\n", "zh-Hans")
    assert made.texts("//h:span[@class='call']") == ["灯1", "雾2"]
    assert made.texts("//h:section/h:p")[0] == "灯塔的灯与灯1。雾2"
    assert not chapter("A lamp[^1].\n\n[^1]: One.\n").find("//h:span[@class='call']")


def test_pictures_alone_are_a_paragraph_of_pictures(chapter: Make) -> None:
    made = chapter("![One](colophon.png) ![Two](colophon.png)\n\nA word ![Three](colophon.png)\n\n$x$ ![Four](colophon.png)\n")
    assert [len(each.findall(".//{*}img")) for each in made.find("//h:p[@class='picture']")] == [2]


def test_code_with_long_lines_has_smaller_type(chapter: Make) -> None:
    made = chapter(f"```\n{'x' * 70}\n```\n\n```\nshort\n```\n")
    assert [each.get("class") for each in made.find("//h:pre")] == ["wide", None]


def test_a_task_among_other_items_has_no_bullet(chapter: Make) -> None:
    made = chapter("- plain\n- [x] done\n")
    assert [each.get("class") for each in made.find("//h:li")] == [None, "task"]


def test_a_note_with_code_is_one_note_for_all_its_calls(conversion: Callable[..., Conversion], engines: Engines) -> None:
    text = "---\ntitle: T\nlang: en\n---\n\n# Energy $x^2$\n\nOne[^a] and two[^a].\n\n[^a]: Words\n\n    ```sh\n    ls\n    ```\n"
    recipe = conversion("epub", toc=True)
    parts = Opened.read(steps.write(steps.read(Source("a.md", text.encode()), recipe, engines), recipe, "epub", engines).data)
    chapter = etree.fromstring(parts["EPUB/text/ch001.xhtml"])
    calls = chapter.xpath("//*[@role='doc-noteref']/@href")
    assert calls == ["#fn1", "#fn1"] and len(chapter.xpath("//*[@role='doc-footnote']")) == 1
    nav = "".join(map(str, etree.fromstring(parts["EPUB/nav.xhtml"]).itertext()))
    assert "Energy x2" in nav and "x^2" not in nav


def test_the_placeholder_of_a_missing_picture_stands_where_its_picture_would(chapter: Make) -> None:
    made = chapter("[\\[Image: A quay\\]]{.missing-image}\n\nHere [\\[Image: a boat\\]]{.missing-image} and words.")
    assert made.texts("//h:p[@class='picture']/h:span[@class='missing-image']") == ["[Image: A quay]"]
    assert made.texts("//h:p[not(@class)]/h:span[@class='missing-image']") == ["[Image: a boat]"]
    assert any(b".missing-image" in data for name, data in made.files.items() if name.endswith(".css"))
