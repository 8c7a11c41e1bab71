"""Notes of a PDF: at the foot of the page that calls them, or at the end."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

from service.engines import Engines
from service.model.document import Artifact, Conversion, Source
from service.pipeline import steps

Recipe = Callable[..., Conversion]
FILLER = "The lamp was lit at dusk and put out when the sun stood over the water again. " * 12
HEAD = "---\ntitle: Notes\nlang: en\n---\n\n"
TWO_PAGES = (
    f"{HEAD}Called[^a] early.\n\n{FILLER}\n\n{FILLER}\n\n{FILLER}\n\nCalled[^b] late.\n\n[^a]: FIRST note.\n[^b]: SECOND note.\n"
)


def convert(text: str, engines: Engines, conversion: Conversion) -> Artifact:
    document = steps.read(Source("a.md", text.encode()), conversion, engines)
    return steps.write(document, conversion, "pdf", engines)


def pages(artifact: Artifact) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(artifact.data)]


@pytest.mark.parametrize(("notes", "first"), [("page", True), ("end", False)])
def test_the_place_of_notes(notes: str, first: bool, engines: Engines, conversion: Recipe) -> None:
    made = convert(TWO_PAGES, engines, conversion("pdf", notes=notes))
    shown = pages(made)
    assert len(shown) == 2 and "notes-at-end" not in {each.code for each in made.notices}
    assert ("FIRST" in shown[0]) == first and "SECOND" in shown[1]


def test_links_lead_to_the_note_and_back(engines: Engines, conversion: Recipe) -> None:
    with pikepdf.open(io.BytesIO(convert(TWO_PAGES, engines, conversion("pdf")).data)) as pdf:
        names = {str(each.Dest) for page in pdf.pages for each in page.get("/Annots", []) if "/Dest" in each}
    assert {"fn1", "fnref1", "fn2", "fnref2"} <= names


def test_what_cannot_stand_at_the_foot_is_at_the_end(engines: Engines, conversion: Recipe) -> None:
    made = convert(f"{TWO_PAGES}\nMore[^c].\n\n[^c]:\n    - a list\n    - in a note\n", engines, conversion("pdf"))
    assert "FIRST" not in pages(made)[0] and "FIRST" in pages(made)[-1]
    assert [each.severity for each in made.notices if each.code == "notes-at-end"] == ["info"]


@pytest.mark.parametrize("seed", range(3))
def test_no_note_is_lost_where_there_are_many(seed: int, engines: Engines, conversion: Recipe) -> None:
    """Notes that make room for a line, lines that move, tables, lists and headings with notes."""
    chance = random.Random(seed)
    words = ["the", "keeper", "wrote", "down", "what", "the", "wind", "had", "said", "before", "morning", "came", "over", "water"]
    paragraphs, notes = [], []
    for number in range(90):
        if number % 6 == 0:
            start = chance.choice(["", "- ", "> ", "## ", "| a | b |\n|---|---|\n| c | "])
            paragraphs.append(start + " ".join(chance.choices(words, k=8 if start == "## " else 60)))
        at = chance.randrange(3, len(paragraphs[-1]) - 3)
        at = paragraphs[-1].rfind(" ", 0, at) if "|" not in paragraphs[-1] else len(paragraphs[-1]) - 1
        paragraphs[-1] = (
            f"{paragraphs[-1][:at]} lamp[^{number}]{paragraphs[-1][at:]}" if at > 3 else f"{paragraphs[-1]} lamp[^{number}]"
        )
        notes.append(f"[^{number}]: NOTE{number}X {' '.join(chance.choices(words, k=12))}")
    made = convert(HEAD + "\n\n".join([*paragraphs, *notes]), engines, conversion("pdf"))
    shown = re.findall(r"NOTE(\d+)X", " ".join(pages(made)))
    assert sorted(map(int, shown)) == list(range(90))
    assert "notes-at-end" not in {each.code for each in made.notices}


def test_a_class_named_note_is_no_note(engines: Engines, conversion: Recipe) -> None:
    """A callout, a division and a span of that class stay in the text; the foot of the page is for notes."""
    body = "> [!NOTE]\n> CALLOUT.\n\n::: {.note}\nDIVISION.\n:::\n\n[SPAN]{.note} here.\n\nLAST[^a] line.\n\n[^a]: FOOT.\n"
    (page,) = pages(convert(HEAD + body, engines, conversion("pdf")))
    places = [page.index(word) for word in ("CALLOUT", "DIVISION", "SPAN", "LAST", "FOOT")]
    assert places == sorted(places)


@pytest.mark.parametrize("notes", ["page", "end"])
@pytest.mark.parametrize("chapter", ["", "\n\n# Chapter\n\n" + FILLER * 30])
def test_a_note_that_is_called_twice_is_printed_once(notes: str, chapter: str, engines: Engines, conversion: Recipe) -> None:
    notes_of_all = "[^a]: SHARED *note*.\n[^b]: Ibid.\n[^c]: OTHER note.\n"
    text = f"{HEAD}One[^a], two[^b], three[^a].{chapter}\n\nFour[^a], five[^c].\n\n{notes_of_all}"
    shown = "".join(pages(convert(text, engines, conversion("pdf", notes=notes))))
    assert shown.count("SHARED note") == 1 and shown.count("OTHER note") == 1
    assert re.findall("(?:One|two|three|Four|five)(\\d)", shown) == ["1", "2", "1", "1", "3"]


def test_notes_that_refer_to_the_note_before_stay_apart(engines: Engines, conversion: Recipe) -> None:
    text = f"{HEAD}One[^a], two[^b], three[^c].\n\n[^a]: Ibid.\n[^b]: A book.\n[^c]: Ibid.\n"
    assert "".join(pages(convert(text, engines, conversion("pdf")))).count("Ibid.") == 2
