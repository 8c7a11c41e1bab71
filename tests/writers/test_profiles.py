"""Each profile in each format: valid, complete, and with the order of pages that it promises."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pikepdf
import pytest

from schemas import options
from service.conversion import driver
from service.engines import Engines
from service.model import profiles
from service.model.document import Author, Conversion, Document, Metadata, Source
from service.model.errors import ValidationFailed
from service.pipeline import steps
from service.writers import WRITERS
from service.writers.page import sections
from tests.writers.conftest import TORTURE
from tests.writers.test_pdf_sections import chapter
from tests.writers.test_pdf_variants import failures

Make = Callable[..., Document]
METADATA = Metadata(
    title="The Keeper", subtitle="A history", authors=(Author("Ada"),), date="2026-05-04", lang="en", source_name="S"
)
CHAPTERS = "An introduction.\n\n" + "\n".join(chapter(number) for number in range(1, 6))


@pytest.fixture
def in_sections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "LONG", 3)
    monkeypatch.setattr(sections, "SHORTEST_CHAPTER", 0.1)
    monkeypatch.setattr(sections, "SECTION", 1)


def recipe(target: str, profile: str, **more: Any) -> Conversion:
    return options.load((target,), {"profile": profile, **more})


def pages_of(pdf: bytes) -> list[str]:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [page.strip() for page in done.stdout.decode().split("\f")[:-1]]


@pytest.mark.parametrize("profile", profiles.names())
def test_profile_is_whole(profile: str) -> None:
    loaded = profiles.load(profile)
    assert loaded.description.endswith(".")
    options.load(("pdf",), {"profile": profile, "paper": loaded.paper, "margin": loaded.margin})
    for name in ("reference.docx", "skeleton.docx"):
        assert profiles.path(profile, name).is_file()


def test_defaults_of_a_profile_give_way() -> None:
    assert recipe("pdf", "report")["number_sections"] and recipe("pdf", "report")["toc"]
    assert not recipe("pdf", "report", toc=False)["toc"]
    assert not recipe("pdf", "article")["toc"]
    with pytest.raises(ValidationFailed, match="Unknown profile"):
        recipe("pdf", "../article")


def test_book_opens_chapters_on_right_hand_pages(make_document: Make, engines: Engines, in_sections: None) -> None:
    document = make_document(CHAPTERS, METADATA)
    pages = pages_of(WRITERS["pdf"].write(document, recipe("pdf", "book"), engines).data)
    assert pages[0] == "The Keeper" and not pages[1]
    assert "A history" in pages[2] and "Ada" in pages[2] and "Published" in pages[3] and "Contents" in pages[4]
    starts = [next(n for n, page in enumerate(pages, 1) if page.startswith(f"Chapter {each}")) for each in range(1, 6)]
    assert all(number % 2 for number in starts)
    for number in starts:
        assert pages[number - 1].endswith(str(number)), "its own number at its foot"
        assert "The Keeper" not in pages[number - 1], "no running head where a chapter opens"


@pytest.mark.parametrize("divided", [False, True])
def test_chapters_of_a_combined_book_open_on_right_hand_pages(
    divided: bool, engines: Engines, request: pytest.FixtureRequest
) -> None:
    """Each is an article of its own; a long book is printed in sections, of which one may hold several chapters."""
    if divided:
        request.getfixturevalue("in_sections")
        request.getfixturevalue("monkeypatch").setattr(sections, "SECTION", 4)
    text = "# Part {0}\n\n" + chapter(1).replace("Chapter 1", "Start of {0}")
    articles = [Source(f"{n}.md", text.replace("{0}", str(n)).encode()) for n in range(1, 8)]
    conversion = recipe("pdf", "book", combine=True, metadata={"title": "Whole"})
    document = steps.read(driver.gather(articles), conversion, engines)
    pages = pages_of(steps.write(document, conversion, "pdf", engines).data)
    starts = [n for n, page in enumerate(pages, 1) if page.startswith("Part ") and "Start of " in page]
    assert len(starts) == 7 and all(number % 2 for number in starts), starts


@pytest.mark.parametrize("around", [("<div>", "</div>"), ("<section>", "</section>"), ("<div lang=de><div>", "</div></div>")])
def test_chapters_in_a_division_open_on_right_hand_pages(around: tuple[str, str], make_document: Make, engines: Engines) -> None:
    inside = "\n\n".join(["## Second", "Text.", "> ## Quoted\n>\n> Text."])
    text = "\n\n".join(["## First", "Text.", around[0], inside, around[1], "## Third", "Text."])
    pages = pages_of(WRITERS["pdf"].write(make_document(text, METADATA), recipe("pdf", "book", toc=False), engines).data)
    starts = {name: n for n, page in enumerate(pages, 1) for name in ("First", "Second", "Third") if page.startswith(name)}
    assert [starts[name] - starts["First"] for name in ("Second", "Third")] == [2, 4]
    assert starts["First"] % 2 and "Quoted" in pages[starts["Second"] - 1]


def test_book_in_sections_is_the_book_in_one_piece(
    make_document: Make, engines: Engines, in_sections: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_document(CHAPTERS, METADATA)
    found = []
    for long in (3, 100_000):
        monkeypatch.setattr(sections, "LONG", long)
        found.append(pages_of(WRITERS["pdf"].write(document, recipe("pdf", "book"), engines).data))
    divided, whole = found
    assert divided[: len(whole)] == whole
    assert not any(divided[len(whole) :])


@pytest.mark.parametrize("profile", ["book", "report"])
@pytest.mark.parametrize(("variant", "check"), [("", "ua1"), ("pdf/a-2b", "2b"), ("pdf/a-3a", "3a")])
def test_pdf_is_valid(
    profile: str, variant: str, check: str, make_document: Make, engines: Engines, in_sections: None, tmp_path: Path
) -> None:
    arguments = []
    for name, text in (("long", CHAPTERS), ("short", TORTURE)):
        path = tmp_path / f"{name}.pdf"
        conversion = recipe("pdf", profile, pdf_variant=variant, cover="drawn")
        path.write_bytes(WRITERS["pdf"].write(make_document(text, METADATA), conversion, engines).data)
        arguments.append(f"{check}={path}")
    assert failures(arguments) == {each: [] for each in arguments}


@pytest.mark.parametrize("profile", ["book", "report"])
def test_epub_is_valid(
    profile: str, make_document: Make, engines: Engines, epubcheck: Callable[..., dict[str, list[str]]], tmp_path: Path
) -> None:
    path = tmp_path / "a.epub"
    path.write_bytes(
        WRITERS["epub"].write(make_document(TORTURE, METADATA), recipe("epub", profile, cover="drawn"), engines).data
    )
    assert epubcheck([path]) == {str(path): []}


def test_docx_has_the_page_of_its_profile(make_document: Make, engines: Engines) -> None:
    for profile, width in (("article", 210), ("book", 152), ("report", 210)):
        made = WRITERS["docx"].write(make_document(TORTURE, METADATA), recipe("docx", profile), engines).data
        assert round(docx.Document(io.BytesIO(made)).sections[0].page_width.mm) == width


def test_report_has_a_cover_and_numbers(make_document: Make, engines: Engines) -> None:
    made = WRITERS["pdf"].write(make_document(CHAPTERS, METADATA), recipe("pdf", "report"), engines).data
    pages = pages_of(made)
    assert pages[0].startswith("The Keeper") and "An introduction" not in pages[0]
    assert pages[1].replace("The Keeper", "").strip().startswith("Contents")
    with pikepdf.open(io.BytesIO(made)) as file:
        assert f"2/{len(file.pages)}" in pages[1].replace(" ", "")
