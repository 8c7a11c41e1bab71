"""The documents that measure the limits, and what counts as inside."""

from __future__ import annotations

import pytest

from bench import limits
from bench.limit_documents import DOCUMENTS, Limited
from service.model.document import Source
from service.model.settings import Settings

QUICK = ("front matter, flat", "front matter, nested", "formulas, deep", "SVG, mask", "notebook", "EPUB, chapters")


def test_each_has_a_name_of_its_own() -> None:
    names = [each.name for each in DOCUMENTS]
    assert len(set(names)) == len(names) > 40


@pytest.mark.parametrize("name", QUICK)
def test_what_is_made_is_a_document(name: str) -> None:
    made = next(each for each in DOCUMENTS if each.name == name).make()
    assert len(made.data) <= Settings().max_upload


@pytest.mark.parametrize(
    ("row", "inside"),
    [
        ({"reading": 1.0, "pdf": 20.0, "epub": 0.5, "docx": 29.9}, "yes"),
        ({"reading": 11.0, "pdf": 1.0, "epub": 1.0, "docx": 1.0}, "no: reading"),
        ({"reading": 1.0, "pdf": "deadline-exceeded", "epub": "engine-crashed", "docx": 31.0}, "no: pdf, epub, docx"),
        ({"reading": "too-complex"}, "yes"),
        ({"reading": 1.0, "pdf": "too-complex", "epub": 1.0, "docx": 1.0}, "yes"),
    ],
)
def test_a_refusal_is_an_end(row: limits.Row, inside: str) -> None:
    assert limits.is_inside(row, Settings()) == inside


def test_a_small_document_is_measured(tmp_path: object) -> None:
    small = Limited("small", "none", lambda: Source("a.md", b"# A\n\nText.\n"))
    row = limits.measure(small, Settings(data_dir=str(tmp_path)))
    assert row["inside"] == "yes"
    assert all(isinstance(row[name], float) for name in ("reading", *limits.TARGETS))
