"""The documentation says what the code does: generated pages are fresh, links lead somewhere, promises name what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools import reference

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "clients").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:|#)([^)#\s]+)[^)]*\)")


@pytest.mark.parametrize("name", reference.PAGES)
def test_generated_page_is_fresh(name: str) -> None:
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == reference.PAGES[name](), "stale: run `python -m tools.reference`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_files_exist(page: Path) -> None:
    """Paths in code marks that begin with a top-level folder of the project are there."""
    for path in re.findall(r"`((?:service|schemas|tests|bin|docs|bench|examples)/[\w./-]+)`", page.read_text(encoding="utf-8")):
        assert (ROOT / path.rstrip("/")).exists(), f"{page.name} names {path}"


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = {page.name for page in (ROOT / "docs").iterdir() if page.is_file()} - {"README.md"}
    assert pages <= set(LINK.findall(index))


def test_every_example_is_described() -> None:
    """A collection or a profile is one example, with all of its files."""
    reported = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    folders = (ROOT / "examples" / "collections", ROOT / "examples" / "profile")
    for example in (ROOT / "examples").rglob("*"):
        if example.is_file() and example.suffix not in {".png", ".svg"}:
            within = next((folder for folder in folders if example.is_relative_to(folder)), None)
            place = within / example.relative_to(within).parts[0] if within else example
            assert str(place.relative_to(ROOT)) in reported, f"no page describes {place}"


def test_each_decision_is_in_the_list_with_its_status() -> None:
    rows = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    pages = sorted((ROOT / "docs" / "adr").iterdir())
    assert pages
    numbers = [int(page.name.partition("-")[0]) for page in pages]
    assert len(set(numbers)) == len(numbers)
    for number, page in zip(numbers, pages, strict=True):
        text = page.read_text(encoding="utf-8")
        assert page.name.startswith(f"{number:04}-") and f"(adr/{page.name})" in rows
        assert re.match(rf"# {number:04}\. .+\n\n- Status: (accepted|superseded by .+)\n- Date: \d{{4}}-\d\d-\d\d\n", text), (
            page.name
        )
