"""`colophon batch`: structure is kept, what is done stays done, what fails is reported."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from tests.test_cli import run

PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
ARTICLE = "---\ntitle: Number {}\nlang: en\n---\n\nText.\n"


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    for name in ("a.md", "deep/b.md", "deep/er/c.md"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(ARTICLE.format(name), encoding="utf-8")
    (folder / "picture.png").write_bytes(b"no article")
    return folder


def states(folder: Path) -> dict[str, int]:
    lines = (folder / "colophon-report.jsonl").read_text(encoding="utf-8").splitlines()
    return dict(Counter(json.loads(line)["state"] for line in lines))


def made(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("colophon-") and ".local" not in path.parts  # the data of the service
    )


def test_second_run_does_what_is_new_or_changed(archive: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run(tmp_path, "batch", "archive", "--to", "epub,docx", "--out", "out").returncode == 0
    assert states(out) == {"converted": 3}
    assert made(out) == ["a.docx", "a.epub", "deep/b.docx", "deep/b.epub", "deep/er/c.docx", "deep/er/c.epub"]
    (archive / "a.md").write_text(ARTICLE.format("other"), encoding="utf-8")
    (out / "deep" / "b.epub").unlink()
    with (out / "colophon-manifest.jsonl").open("a", encoding="utf-8") as manifest:
        manifest.write('{"name": "cut of')
    assert run(tmp_path, "batch", "archive", "--to", "epub,docx", "--out", "out").returncode == 0
    assert states(out) == {"converted": 2, "unchanged": 1}
    assert run(tmp_path, "batch", "archive", "--to", "epub,docx", "--out", "out", "--toc").returncode == 0
    assert states(out) == {"converted": 3}


def test_failure_is_reported_and_does_not_stop_the_rest(archive: Path, tmp_path: Path) -> None:
    (archive / "empty.md").write_bytes(b"")
    done = run(tmp_path, "batch", "archive", "--to", "docx", "--out", "out")
    assert done.returncode == 1
    assert states(tmp_path / "out") == {"converted": 3, "failed": 1}
    assert "empty.md: empty-document: " in done.stderr.decode()


def test_zip_and_glob(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("x/one.md", ARTICLE.format(1))
        packed.writestr("../../two.md", ARTICLE.format(2))
    assert run(tmp_path, "batch", "a.zip", "archive/deep/*.md", "--to", "docx", "--out", "out").returncode == 0
    assert made(tmp_path / "out") == ["b.docx", "two.docx", "x/one.docx"]
    assert not list(tmp_path.parent.glob("two*"))


def test_nothing_to_do_is_wrong_usage(tmp_path: Path) -> None:
    assert run(tmp_path, "batch", ".", "--to", "docx", "--out", "out").returncode == 2


def titles(folder: Path) -> dict[str, str]:
    """Each EPUB of the folder and the title in it."""
    found = {}
    for path in sorted(folder.rglob("*.epub")):
        with zipfile.ZipFile(path) as book:
            package = etree.fromstring(book.read("EPUB/content.opf"))
        found[path.relative_to(folder).as_posix()] = package.findtext(".//{http://purl.org/dc/elements/1.1/}title")
    return found


def written(folder: Path, *names: str) -> None:
    """Articles whose titles are their names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        body = f"<title>{name}</title><p>Text.</p>" if name.endswith("html") else f"---\ntitle: {name}\nlang: en\n---\n\nText.\n"
        (folder / name).write_text(body, encoding="utf-8")


def files(folder: Path) -> dict[str, list[str]]:
    lines = (folder / "colophon-report.jsonl").read_text(encoding="utf-8").splitlines()
    return {each["name"]: each["files"] for each in map(json.loads, lines)}


def test_articles_of_one_stem_become_files_of_their_own(tmp_path: Path) -> None:
    written(tmp_path, "coll/a.md", "coll/a.html", "coll/A.markdown", "coll/b/a.md")
    for state in ("converted", "unchanged"):
        assert run(tmp_path, "batch", "coll", "--to", "epub", "--out", "out").returncode == 0
        assert states(tmp_path / "out") == {state: 4}
        assert titles(tmp_path / "out") == {
            "A.epub": "coll/A.markdown", "a-2.epub": "coll/a.html", "a-3.epub": "coll/a.md", "b/a.epub": "coll/b/a.md",
        }  # fmt: skip
        assert files(tmp_path / "out")["a.md"] == ["a-3.epub"]


def test_an_article_that_comes_later_takes_no_name(tmp_path: Path) -> None:
    written(tmp_path, "coll/b.md")
    run(tmp_path, "batch", "coll", "--to", "epub", "--out", "out")
    written(tmp_path, "coll/b.html")
    run(tmp_path, "batch", "coll", "--to", "epub", "--out", "out")
    assert titles(tmp_path / "out") == {"b.epub": "coll/b.md", "b-2.epub": "coll/b.html"}
    assert states(tmp_path / "out") == {"converted": 1, "unchanged": 1}


def test_several_sources_and_the_folders_of_a_pattern(tmp_path: Path) -> None:
    written(tmp_path, "p/x/one.md", "p/y/one.md", "p/y/z/two.md")
    assert run(tmp_path, "batch", "p/x", "p/y", "p/x/one.md", "--to", "epub", "--out", "both").returncode == 0
    assert titles(tmp_path / "both") == {"one.epub": "p/x/one.md", "one-2.epub": "p/y/one.md", "z/two.epub": "p/y/z/two.md"}
    assert files(tmp_path / "both") == {"one.md": ["one.epub"], "p/y/one.md": ["one-2.epub"], "z/two.md": ["z/two.epub"]}
    assert run(tmp_path, "batch", "p/*/one.md", tmp_path / "p/**/two.md", "--to", "epub", "--out", "glob").returncode == 0
    assert list(titles(tmp_path / "glob")) == ["x/one.epub", "y/one.epub", "y/z/two.epub"]


def test_a_batch_overwrites_no_article_and_no_folder(tmp_path: Path) -> None:
    written(tmp_path, "a.md", "b.epub/c.md", "b.md", "colophon-report.html")
    for _ in range(2):
        assert run(tmp_path, "batch", ".", "--to", "markdown,epub", "--out", ".").returncode == 0
        assert made(tmp_path) == [
            "a-2.epub", "a-2.md", "a.md",
            "b-2.epub", "b-2.md", "b.epub/c-2.epub", "b.epub/c-2.md", "b.epub/c.md", "b.md",
        ]  # fmt: skip
    assert states(tmp_path) == {"unchanged": 4}
    assert files(tmp_path)["colophon-report.html"] == ["colophon-report-2.md", "colophon-report-2.epub"]


def test_what_another_batch_made_is_not_overwritten(tmp_path: Path) -> None:
    written(tmp_path, "x/one.md", "y/one.md", "y/two.md")
    run(tmp_path, "batch", "x", "--to", "epub", "--out", "out")
    done = run(tmp_path, "batch", "y", "--to", "epub", "--out", "out")
    assert done.returncode == 2
    assert "out/one.epub was converted from x/one.md; y/one.md would overwrite it." in done.stderr.decode()
    assert titles(tmp_path / "out") == {"one.epub": "x/one.md"}
    (tmp_path / "x").rename(tmp_path / "moved")
    assert run(tmp_path, "batch", "moved", "--to", "epub", "--out", "out").returncode == 0
    assert states(tmp_path / "out") == {"unchanged": 1}
    (tmp_path / "out" / "two.epub").mkdir()
    done = run(tmp_path, "batch", "y/two.md", "--to", "epub", "--out", "out")
    assert done.returncode == 2
    assert "out/two.epub is a folder; two.md would become a file of that name." in done.stderr.decode()


def test_a_batch_never_reads_what_a_batch_made(tmp_path: Path) -> None:
    written(tmp_path, "a.md", "books/of-mine.md")
    for state in ("converted", "unchanged", "unchanged"):
        assert run(tmp_path, "batch", ".", "--to", "epub,docx", "--out", "books").returncode == 0
        assert states(tmp_path / "books") == {state: 1}
    assert run(tmp_path, "batch", ".", "--to", "html", "--out", "pages").returncode == 0
    assert made(tmp_path / "pages") == ["a.html", "books/of-mine.html"]
    assert run(tmp_path, "batch", "books/*.epub", "--to", "html", "--out", "pages").returncode == 2
    assert run(tmp_path, "batch", "**/*.md", "--to", "epub,docx", "--out", "books", "--again").returncode == 0
    assert states(tmp_path / "books") == {"converted": 1}


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A zip with one article, and one with two of which one has a picture in another folder."""
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as packed:
        packed.writestr("notes/tides.md", "---\ntitle: Tides\ncover: cover.gif\nlang: en\n---\n\n![Rock](img/rock%201.gif)\n")
        packed.writestr("notes/cover.gif", PIXEL)
        packed.writestr("notes/img/rock 1.gif", PIXEL)
        packed.writestr("notes/metadata.yaml", "publisher: Shore Press\n")
        packed.writestr("LICENSE.txt", "Free.")
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as packed:
        packed.writestr("a/one.md", "---\nlang: en\n---\n\n# One\n\n![Rock](../img/rock.gif)\n")
        packed.writestr("b.md", ARTICLE.format("b"))
        packed.writestr("c.txt", "Plain text.")
        packed.writestr("img/rock.gif", PIXEL)
    return tmp_path


def test_a_zip_keeps_its_pictures(pictures: Path) -> None:
    assert run(pictures, "batch", "one.zip", "two.zip", "--to", "epub", "--out", "out").returncode == 0
    assert made(pictures / "out") == ["a/one.epub", "b.epub", "c.epub", "notes/tides.epub"]
    for name, images in (("notes/tides", 2), ("a/one", 1)):
        with zipfile.ZipFile(pictures / "out" / f"{name}.epub") as book:
            assert sum(entry.endswith(".gif") for entry in book.namelist()) == images
    assert "image-missing" not in (pictures / "out" / "colophon-report.jsonl").read_text(encoding="utf-8")


def test_a_zip_with_one_article_is_the_same_by_convert_and_by_batch(pictures: Path) -> None:
    run(pictures, "convert", "one.zip", "--to", "epub", "--out", "converted")
    run(pictures, "batch", "one.zip", "--to", "epub", "--out", "batch")
    assert (pictures / "converted" / "tides.epub").read_bytes() == (pictures / "batch" / "notes" / "tides.epub").read_bytes()


def test_a_zip_that_holds_no_article_is_reported(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as packed:
        packed.writestr("p.gif", PIXEL)
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    done = run(tmp_path, "batch", "p.zip", "broken.zip", "--to", "epub", "--out", "out")
    assert done.returncode == 1
    assert "p.zip: no-article: " in done.stderr.decode()
    assert "broken.zip: invalid-archive: " in done.stderr.decode()


def test_a_cover_of_the_working_directory_is_that_of_every_article(archive: Path, tmp_path: Path) -> None:
    """By its path, in it or out of it; a picture next to an article goes before one of that name elsewhere."""
    (tmp_path / "front.gif").write_bytes(PIXEL)
    for number, cover in enumerate(("front.gif", str(tmp_path / "front.gif"))):
        done = run(tmp_path, "batch", "archive", "--to", "epub", "--out", f"out{number}", "--cover", cover)
        assert done.returncode == 0, done.stderr
        for path in (tmp_path / f"out{number}").rglob("*.epub"):
            with zipfile.ZipFile(path) as book:
                assert b'properties="cover-image"' in book.read("EPUB/content.opf")
    assert run(tmp_path, "batch", "archive", "--to", "epub", "--out", "out2", "--cover", "none.gif").returncode == 1
    assert states(tmp_path / "out2") == {"failed": 3}
