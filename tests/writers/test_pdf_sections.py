"""A document printed in sections side by side is the document printed in one piece: text, pages, links, outline, structure."""

from __future__ import annotations

import gc
import io
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.engines import Engines
from service.engines.weasyprint import rendering
from service.engines.weasyprint.sections import processes
from service.engines.weasyprint.sections.page_offsets import Extent, places
from service.model.document import Conversion, Document
from service.model.errors import EngineCrashed
from service.writers import pdf
from service.writers.page import chunks, sections
from tests.writers.test_pdf_variants import failures

Make = Callable[..., Document]
Convert = Callable[..., Conversion]
PROSE = "Each chapter **begins** on a page of its own, see [the next](#chapter-{next}) and *what follows*.[^{n}] " * 12


def chapter(number: int) -> str:
    table = "| a | b |\n|---|--:|\n| one | 湖边的灯塔 |\n| two | 2 |\n"
    text = PROSE.format(next=number % 5 + 1, n=number)
    blocks = [
        f"## Chapter {number}",
        text,
        f"### Under {number}",
        f"- [ ] item {number}",
        table,
        text,
        f"[^{number}]: Note {number}.",
    ]
    return "\n\n".join(blocks) + "\n"


@pytest.fixture
def long(make_document: Make, monkeypatch: pytest.MonkeyPatch) -> Document:
    monkeypatch.setattr(sections, "LONG", 3)
    monkeypatch.setattr(sections, "SHORTEST_CHAPTER", 0.1)
    monkeypatch.setattr(sections, "SECTION", 1)
    return make_document("An introduction.\n\n" + "\n".join(chapter(number) for number in range(1, 6)))


@pytest.fixture
def in_one_piece(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    def refuse(*_: Any, **__: Any) -> None:
        raise rendering.Unjoinable("for comparison")

    return lambda: monkeypatch.setattr(rendering, "render_sections", refuse)


def outline(items: Any, pages: list[Any]) -> Iterator[Any]:
    for item in items:
        yield item.title, pages.index(item.destination[0].objgen), [round(float(each), 1) for each in list(item.destination)[2:]]
        yield from outline(item.children, pages)


def roles(element: Any) -> Iterator[str]:
    if isinstance(element, pikepdf.Dictionary):
        if "/S" in element and element.S not in ("/Part", "/Document"):
            yield str(element.S)
        kids = element.get("/K")
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            yield from roles(kid)


def facts(data: bytes, folder: Path) -> dict[str, Any]:
    """The content for a reader, a screen reader and a validator."""
    (folder / "x.pdf").write_bytes(data)
    text = subprocess.run(["pdftotext", "-layout", folder / "x.pdf", "-"], capture_output=True, check=True, text=True).stdout
    with pikepdf.open(io.BytesIO(data)) as file:
        pages = [page.objgen for page in file.pages]
        root = file.Root.StructTreeRoot
        numbers = root.ParentTree.Nums
        keys = [int(numbers[index]) for index in range(0, len(numbers), 2)]
        parents = dict(zip(keys, [numbers[index] for index in range(1, len(numbers), 2)], strict=True))
        for index, page in enumerate(file.pages):
            assert all(pages.index(element.Pg.objgen) == index for element in parents[int(page.StructParents)])
            assert all(int(each.StructParent) in parents for each in page.get("/Annots", []))
        names = file.Root.Names.Dests.Names
        targets = {str(names[index]): pages.index(names[index + 1][0].objgen) for index in range(0, len(names), 2)}
        links = [
            (pages.index(page.objgen), str(each.get("/Dest", ""))) for page in file.pages for each in page.get("/Annots", [])
        ]
        with file.open_outline() as found:
            bookmarks = list(outline(found.root, pages))
        fonts = sorted(
            str(each.BaseFont) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/ToUnicode" in each
        )
        assert keys == sorted(set(keys)) and list(targets) == sorted(targets)
        return {
            "text": text, "pages": len(pages), "targets": targets, "links": links, "outline": bookmarks, "fonts": fonts,
            "roles": list(roles(root)),
        }  # fmt: skip


@pytest.fixture
def written_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Whether pandoc writes the document at once, or chapter by chapter while the first are laid out."""
    return lambda how: monkeypatch.setattr(chunks, "SMALLEST", 1 if how == "portions" else 10**9)


@pytest.mark.parametrize("how", ["portions", "one go"])
@pytest.mark.parametrize("toc", [False, True])
def test_as_in_one_piece(
    long: Document,
    conversion: Convert,
    engines: Engines,
    in_one_piece: Callable[[], None],
    written_in: Callable[[str], None],
    toc: bool,
    how: str,
    tmp_path: Path,
) -> None:
    written_in(how)
    side_by_side = pdf.write(long, conversion("pdf", toc=toc), engines)
    in_one_piece()
    whole = pdf.write(long, conversion("pdf", toc=toc), engines)
    assert facts(side_by_side.data, tmp_path) == facts(whole.data, tmp_path)
    assert len(side_by_side.data) < 1.1 * len(whole.data)
    assert side_by_side.notices == whole.notices


def test_same_bytes_each_time_on_any_number_of_cores(
    long: Document, conversion: Convert, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With any process, and after any other section in the same process."""
    made, forks = set(), []
    fork = os.fork
    monkeypatch.setattr(processes.os, "fork", lambda: forks.append(None) or fork())
    for cores in (1, 2, 3, 2, 9):
        forks.clear()
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)))
        written = pdf.write(long, conversion("pdf", toc=True), engines)
        made.add((written.data, tuple(written.notices)))
        assert len(forks) == min(cores, 3)
    assert len(made) == 1


def test_pages_are_the_same_in_portions(
    long: Document, conversion: Convert, engines: Engines, written_in: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.Matter, "identifier", lambda _: b"x")
    made = set()
    for how in ("portions", "one go"):
        written_in(how)
        written = pdf.write(long, conversion("pdf", toc=True, number_sections=True), engines)
        made.add((written.data, tuple(written.notices)))
    assert len(made) == 1


def test_the_first_sections_are_laid_out_while_the_last_are_written(
    long: Document,
    conversion: Convert,
    engines: Engines,
    written_in: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last portion is not written before a printer has begun."""
    written_in("portions")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    done: list[str] = []
    begun, fork = chunks.Writing._begun, os.fork
    monkeypatch.setattr(chunks.Writing, "_begun", lambda *given: done.append("written") or begun(*given))
    monkeypatch.setattr(processes.os, "fork", lambda: done.append("forked") or fork())
    pdf.write(long, conversion("pdf"), engines)
    assert done.count("written") == 5 and done.count("forked") == 1 and done[-1] == "written"


@pytest.mark.parametrize("what", ["not long after all", "formula", "own style sheet"])
def test_what_is_not_divided_as_it_is_written_is_printed_all_the_same(
    make_document: Make,
    long: Document,
    conversion: Convert,
    engines: Engines,
    written_in: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    what: str,
) -> None:
    asked = conversion("pdf")
    if what == "formula":
        long = make_document("\n".join(chapter(number) + "\n$x^2$\n" for number in range(1, 6)))
    elif what == "own style sheet":
        asked = conversion("pdf", css="p { color: #123456 }")
    else:
        monkeypatch.setattr(sections.Dividing, "was_long", False)
        monkeypatch.setattr(sections, "divide", lambda _: None)
    made = []
    for how in ("portions", "one go"):
        written_in(how)
        made.append(facts(pdf.write(long, asked, engines).data, tmp_path))
    assert made[0] == made[1] and len(made[0]["outline"]) == 11


def test_a_crash_is_no_fault_of_the_colours_of_code(
    long: Document,
    conversion: Convert,
    engines: Engines,
    written_in: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Their style sheet is ours, not the caller's."""
    written_in("portions")
    monkeypatch.setattr(pdf.code_colours, "css", lambda _: "code span.kw { color: red }")
    long.blocks[-1]["t"] = "Unheard"
    with pytest.raises(EngineCrashed):
        pdf.write(long, conversion("pdf"), engines)


def test_what_is_reported_of_sections_is_in_their_order(
    long: Document, conversion: Convert, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is laid out within another's layout, and what is logged meanwhile is its own."""
    reported = []
    lay_out = rendering._lay_out

    def logging(html: str, *rest: Any) -> Any:
        chapters = re.findall("Chapter ([0-9])", html)[:1]
        rendering.LOGGER.warning("begins %s", chapters)
        found = lay_out(html, *rest)
        rendering.LOGGER.warning("ends %s", chapters)
        return found

    monkeypatch.setattr(rendering, "_lay_out", logging)
    for cores in (1, 3):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _, cores=cores: set(range(cores)))
        reported.append([each.message for each in pdf.write(long, conversion("pdf"), engines).notices])
    chapters = [each for each in reported[0] if "'" in each]
    assert chapters == [f"{what} ['{number}']" for number in (1, 3, 5) for what in ("begins", "ends")]
    assert reported[1] == reported[0]


def test_no_printer_looks_for_garbage(
    long: Document, conversion: Convert, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would look through what it shares with the worker, and find nothing."""
    lay_out = rendering._lay_out

    def logging(*given: Any) -> Any:
        rendering.LOGGER.warning("collects: %s", gc.isenabled())
        return lay_out(*given)

    monkeypatch.setattr(rendering, "_lay_out", logging)
    reported = {each.message for each in pdf.write(long, conversion("pdf"), engines).notices}
    assert {"collects: True", "collects: False"} <= reported  # of the worker, which lays out the front, and of the printers
    assert gc.isenabled()


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
@pytest.mark.parametrize(
    ("variant", "profile"), [("", "ua1"), ("pdf/a-3b", "3b"), ("pdf/a-2a", "2a"), ("pdf/a-4f+ua-2", "wt1a"), ("pdf/ua-2", "ua2")]
)
def test_validates(long: Document, conversion: Convert, engines: Engines, tmp_path: Path, variant: str, profile: str) -> None:
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf.write(long, conversion("pdf", pdf_variant=variant, toc=True), engines).data)
    assert failures([f"{profile}={file}"]) == {f"{profile}={file}": []}


def test_each_font_is_embedded_once(long: Document, conversion: Convert, engines: Engines) -> None:
    with pikepdf.open(io.BytesIO(pdf.write(long, conversion("pdf"), engines).data)) as file:
        names = [str(each.FontName) for each in file.objects if isinstance(each, pikepdf.Dictionary) and "/FontName" in each]
    assert len(names) == len(set(names))


def test_characters_without_glyphs_make_it_one_piece(
    make_document: Make, long: Document, conversion: Convert, engines: Engines
) -> None:
    text = "\n\n".join(chapter(number) + "\U0001f9ff\U000f0000" for number in range(1, 6))
    written = pdf.write(make_document(text), conversion("pdf"), engines)
    assert "text-without-glyphs" in {notice.code for notice in written.notices}


def test_a_section_that_dies_is_an_error_and_leaves_nothing(
    long: Document, conversion: Convert, engines: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    fork = os.fork

    def forked() -> int:
        process = fork()
        if process == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        started.append(process)
        return process

    monkeypatch.setattr(processes.os, "fork", forked)
    with pytest.raises(EngineCrashed):
        pdf.write(long, conversion("pdf"), engines)
    monkeypatch.undo()
    for process in started:
        try:
            os.waitpid(process, 0)
        except ChildProcessError:
            continue


extents = st.builds(
    Extent,
    pages=st.integers(1, 9),
    anchors=st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 8), max_size=3),
    running=st.dictionaries(st.sampled_from(["title", "name"]), st.text(max_size=3), max_size=2),
)


@given(extents, st.lists(extents, min_size=1, max_size=5))
@settings(deadline=None)
def test_places_follow_each_other(front: Extent, rest: list[Extent]) -> None:
    found = places(front, rest)
    assert found[0].before == front.pages and found[-1].before + rest[-1].pages == found[-1].total
    assert all(after.before == place.before + extent.pages for place, after, extent in zip(found, found[1:], rest, strict=False))
    assert found[0].running == front.running
