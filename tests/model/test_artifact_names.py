"""Names of artifacts: after their source, fit for any file system, no two the same."""

from __future__ import annotations

import pytest

from service.model.artifact_names import Names, artifact_name, safe_path


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a.md", "a.pdf"), ("b/a.tar.gz", "a.tar.pdf"), ("b\\a.md", "a.pdf"), ("Mr. Anderson", "Mr. Anderson.pdf"),
        (".md", ".md.pdf"), ("", "article.pdf"),
    ],
)  # fmt: skip
def test_named_after_the_source(source: str, name: str) -> None:
    assert artifact_name(source, ".pdf") == name


def test_no_two_the_same() -> None:
    names = Names(["report.md", "x"])
    assert [names.free(each, [".epub", ".md"]) for each in ("a", "A", "report", "b/a")] == ["a", "A-2", "report-2", "b/a"]
    assert names.free("caf\u00e9", [".md"]) == "caf\u00e9"
    assert names.free("cafe\u0301", [".md"]) == "cafe\u0301-2"
    assert names.free("x", [""]) == "x-2"


def test_only_parts_that_lead_down() -> None:
    assert safe_path("../../a/./b: c?.md") == "a/b_ c_.md"
    assert safe_path("/.. /") == ""
