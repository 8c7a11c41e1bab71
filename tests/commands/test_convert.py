"""`colophon convert` asks the same converter as the service: results are kept, and conversions are counted."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from service.cli import cli
from service.conversion import converter
from service.telemetry import metrics


def test_what_was_converted_before_is_at_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    article = tmp_path / "a.md"
    article.write_text("---\ntitle: Kept\nlang: en\n---\n\nText.\n", encoding="utf-8")
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    argv = ["convert", str(article), "--to", "html", "--workers", "1", "--out"]
    before = metrics.CACHE.labels("hit")._value.get()
    first = CliRunner().invoke(cli, [*argv, str(tmp_path / "one")], catch_exceptions=False)
    assert first.exit_code == 0, first.output

    def refuse(*_: Any) -> None:
        raise AssertionError("it was converted already")

    monkeypatch.setattr(converter, "convert", refuse)
    second = CliRunner().invoke(cli, [*argv, str(tmp_path / "two")], catch_exceptions=False)
    assert second.exit_code == 0, second.output
    assert (tmp_path / "one" / "a.html").read_bytes() == (tmp_path / "two" / "a.html").read_bytes()
    assert metrics.CACHE.labels("hit")._value.get() == before + 1


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with two chapters and a picture; another picture is in a folder next to it."""
    here = tmp_path / "work"
    for place, colour in ((here, (200, 30, 30)), (tmp_path / "art", (30, 30, 200))):
        place.mkdir()
        Image.new("RGB", (60, 90), colour).save(place / "front.png")
    (here / "one.md").write_text("---\ntitle: One\nlang: en\n---\n\n#### Deep\n\nText.\n", encoding="utf-8")
    (here / "two.md").write_text("---\ntitle: Two\nlang: en\n---\n\n#### Deep\n\nText.\n", encoding="utf-8")
    monkeypatch.chdir(here)
    monkeypatch.setenv("COLOPHON_DATA_DIR", str(tmp_path / "data"))
    return here


def convert(*argv: str) -> Result:
    return CliRunner().invoke(cli, ["convert", *argv, "--workers", "1", "--out", "out"], catch_exceptions=False)


def cover_of(path: Path) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return archive.read("EPUB/media/cover.png")


@pytest.mark.parametrize("files", [["one.md", "two.md", "--combine"], ["one.md"]])
@pytest.mark.parametrize("cover", ["front.png", "./front.png", "../art/front.png", "/front.png"])
def test_a_cover_is_found_from_the_working_directory(files: list[str], cover: str, folder: Path) -> None:
    path = folder.parent / "art" / "front.png" if cover.startswith("/") else Path(cover)
    result = convert(*files, "--to", "epub", "--cover", str(path))
    assert result.exit_code == 0 and "image-missing" not in result.output, result.output
    (made,) = (folder / "out").iterdir()
    assert cover_of(made) == path.read_bytes()


def test_a_cover_next_to_the_articles_is_found_from_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    result = convert("work/one.md", "work/two.md", "--combine", "--to", "epub", "--cover", "front.png")
    assert result.exit_code == 0, result.output
    assert cover_of(folder.parent / "out" / "book.epub") == (folder / "front.png").read_bytes()


@pytest.mark.parametrize("files", [["one.md", "two.md", "--combine"], ["one.md"]])
@pytest.mark.parametrize("target", ["epub", "html"])
@pytest.mark.parametrize("cover", ["none.png", "/none/none.png"])
def test_a_cover_that_is_not_there_is_a_failure(files: list[str], target: str, cover: str, folder: Path) -> None:
    result = convert(*files, "--to", target, "--cover", cover)
    assert result.exit_code == 1
    assert cover in result.output and result.output.count("came with the article") == 1
    assert not (folder / "out").exists()


def test_a_notice_of_a_book_names_its_own_chapter(folder: Path) -> None:
    (folder / "one.md").write_text("---\ntitle: One\nlang: en\n---\n\nText.\n", encoding="utf-8")
    output = convert("one.md", "two.md", "--combine", "--to", "html,epub").output
    assert "two.md: info: heading-level-changed" in output and "one.md: " not in output
    assert output.count("book: info: title-missing") == 1


def test_a_notice_of_a_book_from_an_archive_names_its_chapter(folder: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("text/01.md", "# One\n\ntext\n")
        archive.writestr("text/02.md", "# Two\n\n#### Deep\n\ntext\n")
    (folder / "lights.zip").write_bytes(packed.getvalue())
    output = convert("lights.zip", "--combine", "--to", "html", "--metadata", '{"title": "Lights"}').output
    assert "lights.zip: text/02.md: info: heading-level-changed" in output


def test_a_problem_of_a_book_names_its_chapter(folder: Path) -> None:
    (folder / "two.md").write_bytes(b"---\ntitle: a: b\n---\n\ntext\n")
    result = convert("one.md", "two.md", "--combine", "--to", "html", "--strict")
    assert result.exit_code == 1 and "two.md" in result.output, result.output


def test_a_folder_becomes_a_book(folder: Path) -> None:
    """A vault as it lies on the disk: what belongs to programs is not read, a link out of the folder is not followed."""
    vault = folder / "The shore"
    for name, text in {
        ".obsidian/app.json": "{}",
        "Home.md": "---\ntitle: Home\nlang: en\n---\n\n[[Ebb]]\n\n![[front.png]]\n",
        "tides/Ebb.md": "---\ntitle: Ebb\nlang: en\n---\n\nLow words.\n",
        ".git/a.md": "not this",
    }.items():
        (vault / name).parent.mkdir(parents=True, exist_ok=True)
        (vault / name).write_text(text, encoding="utf-8")
    (vault / "files").mkdir()
    (vault / "files" / "front.png").write_bytes((folder / "front.png").read_bytes())
    (vault / "outside.md").symlink_to(folder / "one.md")
    done = convert(str(vault), "--combine", "--to", "epub", "--toc")
    assert done.exit_code == 0, done.output
    assert "collection of the kind obsidian" in done.output
    with zipfile.ZipFile(folder / "out" / "The shore.epub") as archive:
        pages = "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xhtml"))
        assert any(name.endswith(".png") for name in archive.namelist())
    assert "Low words." in pages and "not this" not in pages and "Deep" not in pages


def test_a_folder_becomes_a_file_for_each_article(folder: Path) -> None:
    """Folders and names are kept, links lead from file to file; links of the file system are not followed."""
    for name, text in {
        "site/a.md": "See [b](deep/b.md#part) and ![](p.png).\n",
        "site/deep/b.md": "Text.\n\n## Part\n\n[a](../a.md)\n",
        "site/.git/c.md": "not this\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "site" / "p.png").write_bytes((folder / "front.png").read_bytes())
    (folder / "site" / "outside.md").symlink_to(folder / "one.md")
    done = convert("site", "one.md", "--to", "html")
    assert done.exit_code == 0, done.output
    made = {path.relative_to(folder / "out").as_posix(): path.read_text() for path in (folder / "out").rglob("*.html")}
    assert sorted(made) == ["a.html", "deep/b.html", "one.html"]
    assert 'href="deep/b.html#part"' in made["a.html"] and "data:image/png" in made["a.html"]
    assert 'href="../a.html"' in made["deep/b.html"]
    planned = convert("site", "one.md", "--to", "html", "--dry-run").output
    assert planned.splitlines()[0].endswith("would write out/a.html") and len(planned.splitlines()) == 3


def test_one_file_cannot_take_several_articles(folder: Path) -> None:
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        for name in ("a.md", "b.md"):
            archive.writestr(name, "Text.")
    done = CliRunner().invoke(cli, ["convert", "two.zip", "-o", "a.html"], catch_exceptions=False)
    assert done.exit_code == 2 and "--combine for one book" in done.output
