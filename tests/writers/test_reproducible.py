"""The same input gives the same bytes: in other processes, time zones, folders and hash seeds."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

COLOPHON = Path(sys.executable).parent / "colophon"
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
UNDATED = "---\ntitle: No date at all\nlang: en\ntags: [a, b]\n---\n\nText with $x^2$, 😀 and `code`.\n"


def digests(folder: Path, article: Path, **environ: str) -> dict[str, str]:
    folder.mkdir()
    clean = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8", "COLOPHON_WORKERS": "1"} | environ
    argv = [COLOPHON, "convert", article, "--to", "pdf,epub,docx,html", "--out", folder / "out", "--quiet"]
    subprocess.run(argv, check=True, env=clean, timeout=120)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted((folder / "out").iterdir())}


@pytest.mark.parametrize("name", ["article.md", "gallery.md", "undated.md"])
def test_bytes_are_the_same(tmp_path: Path, name: str) -> None:
    article = EXAMPLES / name
    if name == "undated.md":
        article = tmp_path / name
        article.write_text(UNDATED, encoding="utf-8")
    first = digests(tmp_path / "one", article, TZ="UTC", PYTHONHASHSEED="1")
    time.sleep(1.1)  # the time of day in seconds is then different
    assert digests(tmp_path / "two", article, TZ="Asia/Shanghai", PYTHONHASHSEED="2") == first
    assert len(first) == 4


def test_epoch_dates_an_article_without_a_date(tmp_path: Path) -> None:
    article = tmp_path / "undated.md"
    article.write_text(UNDATED, encoding="utf-8")
    plain = digests(tmp_path / "one", article)
    dated = digests(tmp_path / "two", article, SOURCE_DATE_EPOCH="1700000000")
    assert plain["undated.pdf"] != dated["undated.pdf"]
    assert b"20231114221320" in (tmp_path / "two" / "out" / "undated.pdf").read_bytes()
