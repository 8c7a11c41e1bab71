"""The command line: files in, files out, exit codes, what goes to which stream."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inspect import made_files

COLOPHON = Path(sys.executable).parent / "colophon"
EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ARTICLE = "---\ntitle: One\nlang: en\n---\n\nSome text.\n"


def run(folder: Path, *arguments: object, given: str = "", **settings: str) -> subprocess.CompletedProcess[bytes]:
    environ = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "COLOPHON_WORKERS": "1"} | settings
    argv = [COLOPHON, *map(str, arguments)]
    return subprocess.run(argv, cwd=folder, input=given.encode(), capture_output=True, timeout=120, check=False, env=environ)


def test_three_formats_with_the_pictures_next_to(tmp_path: Path) -> None:
    done = run(tmp_path, "convert", EXAMPLES / "article.md", "--to", "pdf,epub,docx", "--out", "made")
    assert done.returncode == 0
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["article.docx", "article.epub", "article.pdf"]
    reported = done.stderr.decode()
    assert "lang-detected" in reported
    assert "image-missing" not in reported
    assert done.stdout.decode().split() == ["made/article.pdf", "made/article.epub", "made/article.docx"]


def test_inspect_and_extract(tmp_path: Path) -> None:
    run(tmp_path, "convert", EXAMPLES / "article.md", "--to", "epub")
    done = run(tmp_path, "inspect", "article.epub", "--json")
    assert json.loads(done.stdout)["metadata"]["source_name"] == "纸墨之间"
    assert run(tmp_path, "inspect", "article.epub", "--extract-source", "back.md").returncode == 0
    assert (tmp_path / "back.md").read_bytes() == (EXAMPLES / "article.md").read_bytes()
    assert "纸墨之间" in run(tmp_path, "inspect", "article.epub").stdout.decode()


def test_check_and_its_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "sound.epub").write_bytes(made_files.packed(made_files.book()))
    (tmp_path / "silent.epub").write_bytes(made_files.broken(made_files.book(), made_files.EPUB_BREAKS["image-alt"]))
    (tmp_path / "broken.docx").write_bytes(made_files.broken(made_files.letter(), made_files.DOCX_BREAKS["target-missing"]))
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    assert run(tmp_path, "check", "sound.epub", "silent.epub").returncode == 0
    assert run(tmp_path, "check", "silent.epub", "--strict").returncode == 1
    done = run(tmp_path, "check", "broken.docx", "a.md")
    assert done.returncode == 1 and "word/media/lamp.png" in done.stdout.decode()
    assert "a.md: unsupported-media-type" in done.stderr.decode()
    assert json.loads(run(tmp_path, "check", "sound.epub", "--json").stdout)["passed"]
    log = json.loads(run(tmp_path, "check", "sound.epub", "silent.epub", "--sarif").stdout)
    assert [each["ruleId"] for each in log["runs"][0]["results"]] == ["epub/image-alt"]
    assert run(tmp_path, "check", "sound.epub", "--sarif", "--json").returncode == 2


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.md").write_bytes(b"")
    (tmp_path / "c.md").write_text(ARTICLE, encoding="utf-8")
    done = run(tmp_path, "convert", "a.md", "b.md", "missing.md", "c.md", "--to", "docx", "--out", "made")
    assert done.returncode == 1
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["a.docx", "c.docx"]
    assert "b.md: empty-document: " in done.stderr.decode()
    assert "missing.md: No such file" in done.stderr.decode()


def test_no_article_of_the_command_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<title>One</title><p>Text.</p>", encoding="utf-8")
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    assert run(tmp_path, "convert", "a.html", "a.md", "A.md", "--to", "markdown").returncode == 1  # there is no A.md
    assert sorted(path.name for path in tmp_path.glob("a*")) == ["a-2.md", "a-3.md", "a.html", "a.md"]
    assert "title: One" in (tmp_path / "a-2.md").read_text(encoding="utf-8")
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == ARTICLE


def test_namesakes_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(ARTICLE, encoding="utf-8")
    assert run(tmp_path, "convert", "one/a.md", "two/a.md", "--to", "docx", "--out", "made").returncode == 0
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == ["a-2.docx", "a.docx"]


def test_source_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    assert run(tmp_path, "convert", "a.md", "--to", "markdown").returncode == 0
    assert (tmp_path / "a.md").read_text(encoding="utf-8") == ARTICLE
    assert (tmp_path / "a-2.md").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("convert", "a.md"), "--to"),
        (("convert", "a.md", "--to", "mobi"), "pdf, epub, docx"),
        (("convert", "a.md", "--to", "pdf", "--toc-depth", "9"), "--toc-depth"),
        (("convert", "a.md", "--to", "pdf", "--metadata", "{"), "--metadata"),
        (("convert", "a.md", "--to", "pdf,epub", "--out", "-"), "--out -"),
        (("keys", "create", "x", "--scope", "all"), "--scope"),
        (("keys", "create", "x", "--requests", "-1"), "--requests"),
    ],
)
def test_wrong_usage(tmp_path: Path, arguments: tuple[str, ...], word: str) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2
    assert word in done.stderr.decode()


def test_unreadable_setting_stops_the_start(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", COLOPHON_PORT="http")
    assert done.returncode == 2
    assert "COLOPHON_PORT" in done.stderr.decode()


def test_standard_streams(tmp_path: Path) -> None:
    done = run(tmp_path, "convert", "-", "--to", "docx", "--out", "-", given=ARTICLE)
    assert done.stdout.startswith(b"PK\x03\x04")
    assert done.returncode == 0


def test_doctor_reports_versions_and_fonts(tmp_path: Path) -> None:
    text = run(tmp_path, "doctor").stdout.decode()
    for word in ("pandoc", "weasyprint", "harfbuzz-subset", "Han (simplified)", "Kana", "Hangul", "landlock"):
        assert word in text
