"""`colophon batch`: structure is kept, what is done stays done, what fails is told."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from tests.test_cli import run

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
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file() and "colophon-" not in path.name
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


def test_failure_is_told_and_does_not_stop_the_rest(archive: Path, tmp_path: Path) -> None:
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
