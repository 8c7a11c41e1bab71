"""Captions, references, contents and footnotes that are called twice: Word's fields, with their last results."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.writers.docx.conftest import Opened, W

Make = Callable[..., Opened]
FIGURES = """
![A river](colophon.png){#fig:river}

![A hill](colophon.png){#fig:hill}

See [Figure 2](#fig:hill), [the river](#fig:river) and [Table 1](#tbl:sizes).

::: {#tbl:sizes}
| a |
|---|
| 1 |

: Sizes of things
:::
"""


def instructions(made: Opened) -> list[str]:
    return ["".join(map(str, each.itertext())).strip() for each in made.find("//w:instrText")]


def test_captions_are_numbered_by_fields(opened: Make) -> None:
    made = opened(FIGURES)
    assert made.texts("//w:p[w:pPr/w:pStyle/@w:val='ImageCaption']") == ["Figure\u00a01. A river", "Figure\u00a02. A hill"]
    assert made.texts("//w:p[w:pPr/w:pStyle/@w:val='TableCaption']") == ["Table\u00a01. Sizes of things"]
    assert [each for each in instructions(made) if each.startswith("SEQ")] == [
        "SEQ Figure \\* ARABIC", "SEQ Figure \\* ARABIC", "SEQ Table \\* ARABIC",
    ]  # fmt: skip


def test_references_are_fields_and_other_links_stay(opened: Make) -> None:
    made = opened(FIGURES)
    assert "REF _RefFigure2 \\h" in instructions(made)
    assert made.texts("//w:hyperlink[@w:anchor='fig:river']") == ["the river"]
    assert not made.find("//w:hyperlink[@w:anchor='fig:hill']")
    marks = {each.get(f"{{{W}}}name") for each in made.find("//w:bookmarkStart")}
    assert {"_RefFigure1", "_RefFigure2", "_RefTable1"} <= marks
    numbers = [each.get(f"{{{W}}}id") for each in made.find("//w:bookmarkStart")]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize(
    ("lang", "caption", "shown"),
    [
        ("en", "Fig. 1: A river", "Fig\u00a01: A river"),
        ("zh-Hans", "图 1 河流", "图1 河流"),
        ("zh-Hans", "河流", "图1\u3000河流"),
        ("de", "Fluss", "Abbildung\u00a01. Fluss"),
        ("en", "Figure 7. A river", "Figure 7. A river"),
        ("en", "Figures of speech", "Figure\u00a01. Figures of speech"),
    ],
)
def test_a_number_that_the_author_typed_is_not_doubled(opened: Make, lang: str, caption: str, shown: str) -> None:
    assert opened(f"![{caption}](colophon.png)", lang).texts("//w:p[w:pPr/w:pStyle/@w:val='ImageCaption']") == [shown]


NOTES = """
One[^a], two[^b] and three[^a].

| x[^b] |
|---|
| y |

[^a]: The first *note*.

[^b]: Ibid.
"""


def test_a_note_that_is_called_twice_is_one_footnote(opened: Make) -> None:
    made = opened(NOTES)
    words = ["".join(map(str, each.itertext())).strip() for each in made.find("//w:footnote[not(@w:type)]", made.notes)]
    assert words == ["The first note.", "Ibid.", "Ibid."]  # "Ibid." is about the note in front of it
    assert len(made.find("//w:footnoteReference")) == 3
    (found,) = [each for each in instructions(made) if each.startswith("NOTEREF")]
    name = found.split()[1]
    assert made.find(f"//w:bookmarkStart[@w:name='{name}']/following-sibling::w:r[1]/w:footnoteReference")
    assert made.texts("//w:p[.//w:instrText]") == ["One, two and three1."]


def test_a_note_with_code_and_a_list_is_one_footnote_too(opened: Make) -> None:
    made = opened("One[^a] and two[^a].\n\n[^a]: Words\n\n    ```sh\n    ls\n    ```\n\n    - a list\n")
    assert len(made.find("//w:footnote[not(@w:type)]", made.notes)) == 1
    assert [each.split()[0] for each in instructions(made)] == ["NOTEREF"]


def test_contents_say_formulas_and_the_base_of_ruby(opened: Make) -> None:
    made = opened("# Energy $x$ of [[漢字]{.rb}[かんじ]{.rt}]{.ruby} here\n\nText.\n", toc=True)
    (entry,) = made.find("//w:sdt//w:hyperlink")
    assert "".join(map(str, entry.xpath(".//w:t/text()", namespaces=made.SPACES))) == "Energy x of 漢字 here1"


def test_nothing_to_list_is_no_table_of_contents(opened: Make) -> None:
    assert not opened("Text alone.\n", toc=True).find("//w:sdt")
