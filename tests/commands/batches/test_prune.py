"""`batch --prune`: only the files of articles that no longer exist go."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tests.commands.conftest import ARTICLE, Colophon


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if not path.name.startswith("colophon-"))


@pytest.fixture
def batch(here: Path, colophon: Colophon) -> Colophon:
    (here / "in" / "deep").mkdir(parents=True)
    for name in ("a.md", "deep/b.md", "deep/c.md"):
        (here / "in" / name).write_text(ARTICLE.format(name), encoding="utf-8")
    return lambda *flags: colophon("batch", "in", "--to", "html", "--out", "out", *flags)


def test_without_the_flag_the_files_stay_and_are_named(here: Path, batch: Colophon) -> None:
    batch()
    (here / "in/deep/b.md").unlink()
    result = batch()
    assert result.exit_code == 0 and "deep/b.md" in result.stderr and "--prune" in result.stderr
    assert files(here / "out") == ["a.html", "deep/b.html", "deep/c.html"]


def test_files_of_vanished_articles_go_with_their_folder(here: Path, batch: Colophon) -> None:
    batch()
    for name in ("b", "c"):
        (here / f"in/deep/{name}.md").unlink()
    (here / "out" / "mine.txt").write_text("x", encoding="utf-8")
    assert "would remove out/deep/b.html" in batch("--prune", "--dry-run").stdout
    assert "deep/b.html" in files(here / "out")
    assert "2 files removed of 2 articles" in batch("--prune").stderr
    assert files(here / "out") == ["a.html", "mine.txt"] and not (here / "out" / "deep").exists()
    assert "removed" not in batch("--prune").stderr


def test_an_article_that_comes_back_is_converted_again(here: Path, batch: Colophon) -> None:
    batch()
    text = (here / "in/a.md").read_bytes()
    (here / "in/a.md").unlink()
    batch("--prune")
    (here / "in/a.md").write_bytes(text)
    batch("--prune")
    assert "a.html" in files(here / "out")


def test_what_this_run_does_not_look_at_stays(here: Path, batch: Colophon, colophon: Colophon) -> None:
    batch()
    colophon("batch", "in/a.md", "--to", "html", "--out", "out", "--prune")
    assert files(here / "out") == ["a.html", "deep/b.html", "deep/c.html"]


def test_a_file_that_another_article_took_over_stays(here: Path, batch: Colophon) -> None:
    batch()
    (here / "in/a.md").rename(here / "in/a.markdown")
    batch("--prune")
    assert "a.html" in files(here / "out")


def test_members_of_a_zip(here: Path, colophon: Colophon) -> None:
    def pack(*names: str) -> None:
        with zipfile.ZipFile(here / "z.zip", "w") as archive:
            for name in names:
                archive.writestr(name, ARTICLE.format(name))

    pack("one.md", "two.md", "three.md")
    run = lambda: colophon("batch", "z.zip", "--to", "html", "--out", "out", "--prune")  # noqa: E731
    run()
    pack("one.md", "two.md")
    run()
    assert files(here / "out") == ["one.html", "two.html"]
    colophon("batch", "a.md", "--to", "html", "--out", "out", "--prune")
    assert files(here / "out") == ["a.html", "one.html", "two.html"]


def test_no_manifest_leads_out_of_the_folder(here: Path, batch: Colophon) -> None:
    batch()
    (here / "precious.html").write_text("x", encoding="utf-8")
    with (here / "out" / "colophon-manifest.jsonl").open("a", encoding="utf-8") as manifest:
        manifest.write('{"name": "x", "mark": "", "origin": "../in/x.md", "files": ["../precious.html"]}\n')
    batch("--prune")
    assert (here / "precious.html").is_file()


def test_warnings_are_listed_by_article(here: Path, batch: Colophon) -> None:
    (here / "in" / "a.md").write_text("---\ntitle: a: b\nlang: en\n---\n\nText.\n", encoding="utf-8")
    result = batch()
    assert "a.md: warning: line 2: front-matter-recovered" in result.stderr
    page = (here / "out" / "colophon-report.md").read_text(encoding="utf-8")
    assert "## Warnings by article\n\na.md\n\n- line 2: front-matter-recovered" in page
    assert "warning" not in batch("--again", "--quiet").stderr
