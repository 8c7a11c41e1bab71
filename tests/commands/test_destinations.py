"""Where `colophon convert` writes, and what it prints about it."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from service.model.formats import OUTPUT_FORMATS
from tests.commands.conftest import ARTICLE, Colophon
from tests.test_cli import COLOPHON, run

MAGIC = {"pdf": b"%PDF-", "epub": b"PK", "docx": b"PK", "html": b"<!DOCTYPE html>", "markdown": b"---\n", "ast": b"{"}


def made(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")


@pytest.mark.parametrize("target", ["epub", "docx", "html", "ast"])
def test_the_suffix_of_the_output_names_the_format(target: str, here: Path, colophon: Colophon) -> None:
    file = f"deep/er/x{OUTPUT_FORMATS[target].suffix}"
    result = colophon("convert", "a.md", "-o", file)
    assert result.exit_code == 0 and result.stdout == f"{file}\n"
    assert (here / file).read_bytes().startswith(MAGIC[target])


@pytest.mark.parametrize("flags", [["--to", "docx"], ["-t", "docx"], ["--to", "docx", "-o", "-"], ["--to", "docx", "--out", "-"]])
def test_standard_input_goes_to_standard_output(flags: list[str], tmp_path: Path) -> None:
    done = run(tmp_path, "convert", "-", *flags, given=ARTICLE.format("In"))
    assert done.returncode == 0 and done.stdout.startswith(b"PK")
    assert not made(tmp_path / "here") if (tmp_path / "here").exists() else True
    assert not list(tmp_path.glob("stdin*"))


@pytest.mark.parametrize("flags", [["--out", "made"], ["-o", "made/stdin.docx"]])
def test_standard_input_goes_to_the_named_output(flags: list[str], here: Path, colophon: Colophon) -> None:
    result = colophon("convert", "-", "--to", "docx", *flags, given=ARTICLE.format("In"))
    assert result.exit_code == 0 and result.stdout == "made/stdin.docx\n"
    assert made(here) == ["made/stdin.docx"]


@pytest.mark.parametrize("target", list(OUTPUT_FORMATS))
def test_a_terminal_gets_text_only(target: str, tmp_path: Path) -> None:
    article = tmp_path / "a.md"
    article.write_text(ARTICLE.format("One"), encoding="utf-8")
    ours, theirs = pty.openpty()
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "COLOPHON_WORKERS": "1"}
    argv = [COLOPHON, "convert", article, "--to", target, "-o", "-", "--quiet"]
    try:
        done = subprocess.run(argv, stdout=theirs, stderr=subprocess.PIPE, env=environ, timeout=120, check=False)
    finally:
        os.close(theirs)
        os.close(ours)
    binary = target in {"pdf", "epub", "docx"}
    assert done.returncode == (2 if binary else 0), done.stderr
    assert (f"{target} is not text" in done.stderr.decode()) == binary


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["a.md", "b.md", "-o", "x.pdf"], ["-o x.pdf", "one file", "--combine"]),
        (["a.md", "-o", "x.pdf", "--to", "pdf,epub"], ["one format"]),
        (["a.md", "-o", "x.pdf", "--out", "y"], ["either"]),
        (["a.md", "-o", "here.md", "--out", "y", "--to", "pdf"], ["either"]),
        (["a.md", "--out", "x.pdf", "--to", "pdf"], ["must be a folder", "-o x.pdf"]),
        (["a.md", "--out", "b.md", "--to", "pdf"], ["must be a folder"]),
        (["a.md", "-o", "a.md"], ["would overwrite"]),
        (["a.md", "-o", "..", "--to", "pdf"], ["is a folder"]),
        (["a.md", "-o", "x.xyz"], ["'x.xyz' names no format", "pdf, epub"]),
        (["a.md"], ["--to", "pdf, epub, docx"]),
        ([], ["No article"]),
        (["-", "-", "--to", "pdf", "--out", "x"], ["only once"]),
        (["-", "--to", "pdf", "--json"], ["--json"]),
        (["-", "--to", "pdf", "--watch"], ["--watch"]),
        (["a.md", "--to", "pdf", "--server", "books.example:8080"], ["http://books.example:8080"]),
    ],
)
def test_what_does_not_fit_is_wrong_usage(arguments: list[str], words: list[str], here: Path, colophon: Colophon) -> None:
    result = colophon("convert", *arguments)
    assert result.exit_code == 2, result.output
    assert all(word in result.stderr for word in words), result.stderr
    assert not made(here)


def test_a_book_is_one_file(here: Path, colophon: Colophon) -> None:
    assert colophon("convert", "a.md", "b.md", "--combine", "-o", "both.epub").stdout == "both.epub\n"
    assert made(here) == ["both.epub"]


def test_the_paths_are_printed_in_a_form_that_leads_there(here: Path, colophon: Colophon) -> None:
    result = colophon("convert", "a.md", "b.md", "--to", "docx,html", "--out", "out")
    assert sorted(result.stdout.split()) == ["out/a.docx", "out/a.html", "out/b.docx", "out/b.html"]
    assert all((here / path).is_file() for path in result.stdout.split())
    assert colophon("convert", "a.md", "--to", "docx", "--quiet").output == ""


def test_json_has_a_line_for_each_article(here: Path, colophon: Colophon) -> None:
    (here / "empty.md").write_bytes(b"")
    result = colophon("convert", "a.md", "empty.md", "none.md", "--to", "html", "--json", "--out", "out")
    found = {line["source"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert result.exit_code == 1 and set(found) == {"a.md", "empty.md", "none.md"}
    (artifact,) = found["a.md"]["artifacts"]
    data = (here / artifact["path"]).read_bytes()
    assert (artifact["format"], artifact["size"], artifact["sha256"]) == ("html", len(data), hashlib.sha256(data).hexdigest())
    assert found["empty.md"]["problem"]["code"] == "empty-document"
    assert found["none.md"]["state"] == "failed"


@pytest.mark.parametrize("flags", [["a.md", "b.md", "--out", "out"], ["a.md", "-o", "x.html"], ["a.md", "b.md", "--combine"]])
def test_a_dry_run_prints_what_a_run_writes(flags: list[str], here: Path, colophon: Colophon) -> None:
    planned = colophon("convert", *flags, "--to", "html", "--dry-run")
    assert planned.exit_code == 0 and not made(here)
    paths = [line.partition("would write ")[2] for line in planned.stdout.splitlines()]
    assert sorted(colophon("convert", *flags, "--to", "html").stdout.split()) == sorted(paths)


def test_a_dry_run_finds_the_missing_article(here: Path, colophon: Colophon) -> None:
    result = colophon("convert", "a.md", "none.md", "--to", "html", "--dry-run", "--json")
    assert result.exit_code == 1
    assert [json.loads(line)["state"] for line in result.stdout.splitlines()] == ["planned", "failed"]
