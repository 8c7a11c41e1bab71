"""`-M`, `--metadata-file` and `--defaults`: pandoc's names and meaning."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import pytest

from service.commands import metadata_flags
from tests.commands.conftest import Colophon


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["title=A=B"], {"title": "A=B"}),
        (["title:A"], {"title": "A"}),
        (["title=A: B"], {"title": "A: B"}),
        (["draft"], {"draft": True}),
        (["draft=false", "n=12"], {"draft": False, "n": "12"}),
        (["author=A", "author=B", "author=C"], {"author": ["A", "B", "C"]}),
        (["title="], {"title": ""}),
        (['{"n": 5, "tags": null}', "title=A"], {"n": 5, "tags": None, "title": "A"}),
    ],
)
def test_pairs(values: list[str], found: dict[str, Any]) -> None:
    assert metadata_flags.overrides(values) == found


@pytest.mark.parametrize("value", ["", "=x", "{", '{"a": }'])
def test_what_is_no_pair_is_refused(value: str) -> None:
    with pytest.raises(click.BadParameter):
        metadata_flags.overrides([value])


def metadata(colophon: Colophon, *flags: str) -> dict[str, Any]:
    result = colophon("validate", "a.md", "--json", *flags)
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)["metadata"]
    return found


def test_the_flag_wins_over_the_article_and_the_article_over_the_file(here: Path, colophon: Colophon) -> None:
    (here / "m.yaml").write_text("title: File\npublisher: Press\nshelf: 3\n", encoding="utf-8")
    (here / "n.json").write_text('{"publisher": "Other", "rights": "mine"}', encoding="utf-8")
    found = metadata(colophon, "--metadata-file", "m.yaml", "--metadata-file", "n.json", "-M", "rights=theirs")
    assert (found["title"], found["publisher"], found["rights"], found["custom"]) == ("A", "Other", "theirs", {"shelf": 3})
    assert metadata(colophon, "-M", "title=Flag")["title"] == "Flag"


@pytest.mark.parametrize("text", ["---\ntitle: F\nrights: R\n---\n", "---\nrights: R\n...", "rights: R", '{"rights": "R"}'])
def test_forms_of_a_metadata_file(text: str, here: Path, colophon: Colophon) -> None:
    (here / "m").write_text(text, encoding="utf-8")
    assert metadata(colophon, "--metadata-file", "m")["rights"] == "R"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c\n", ["m.yaml, line 1"]),
        ("a: b\nc: [\n", ["m.yaml, line"]),
        ("only words", ["m.yaml"]),
        (None, ["m.yaml", "No such file"]),
    ],
)
@pytest.mark.parametrize("flag", ["--metadata-file", "--defaults"])
def test_an_unreadable_file_is_wrong_usage(text: str | None, words: list[str], flag: str, here: Path, colophon: Colophon) -> None:
    if text is not None:
        (here / "m.yaml").write_text(text, encoding="utf-8")
    result = colophon("convert", "a.md", "--to", "html", flag, "m.yaml")
    assert result.exit_code == 2 and all(word in result.stderr for word in (flag, *words)), result.stderr


def test_defaults_are_flags_in_a_file(here: Path, colophon: Colophon) -> None:
    (here / "sub").mkdir()
    (here / "sub" / "d.yaml").write_text(
        "input-files: [a.md]\nwriter: html\noutput-file: ${.}/x.html\nmetadata:\n  title: Defaults\n  rights: R\n"
        "table-of-contents: true\ntoc_depth: 2\nreader: gfm\nmetadata-files: [m.yaml]\n",
        encoding="utf-8",
    )
    (here / "m.yaml").write_text("publisher: Press\n", encoding="utf-8")
    result = colophon("convert", "--defaults", "sub/d.yaml", "-M", "title=Flag")
    assert result.exit_code == 0 and result.stdout == "sub/x.html\n", result.output
    page = (here / "sub" / "x.html").read_text(encoding="utf-8")
    assert "<title>Flag</title>" in page and "Press" in page


def test_flags_win_over_defaults_and_later_files_over_earlier_ones(here: Path, colophon: Colophon) -> None:
    (here / "one.yaml").write_text("to: [html, docx]\nout: one\n", encoding="utf-8")
    (here / "two.yaml").write_text("out: two\n", encoding="utf-8")
    assert colophon("convert", "a.md", "-d", "one.yaml", "-d", "two.yaml").stdout.split() == ["two/a.html", "two/a.docx"]
    assert colophon("convert", "a.md", "-d", "one.yaml", "--to", "ast").stdout.split() == ["one/a.json"]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("tocc: true", "did you mean 'toc'"),
        ("pdf-engine: xelatex", "pdf-engine"),
        ("toc-depth: deep", "deep"),
        ("css: [a, b]", "2 values"),
    ],
)
def test_what_a_defaults_file_cannot_say(text: str, word: str, here: Path, colophon: Colophon) -> None:
    (here / "d.yaml").write_text(text, encoding="utf-8")
    result = colophon("convert", "a.md", "--to", "html", "-d", "d.yaml")
    assert result.exit_code == 2 and word in result.stderr, result.stderr


def test_batch_and_validate_read_defaults(here: Path, colophon: Colophon) -> None:
    (here / "d.yaml").write_text("to: html\nout: made\nstrict: true\n", encoding="utf-8")
    assert colophon("batch", "a.md", "-d", "d.yaml").exit_code == 0
    assert (here / "made" / "a.html").is_file()
