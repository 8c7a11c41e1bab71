"""Files that other people's programs make: LibreOffice and calibre, where they are installed."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from service.engines.pandoc.process import binary
from tests.readers.office import PICTURE

PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Lamps at sea</title>
<meta name="author" content="Ada Vogt"><meta name="description" content="Of light.">
<meta name="keywords" content="lamps, sea"></head>
<body><h1>First</h1><p>Plain <i>text</i> with a <a href="https://lamps.example/">link</a>: 灯塔, Маяк, φάρος.</p>
<p><img src="colophon.png" alt="A lamp"></p><ul><li>one</li><li>two</li></ul>
<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table></body></html>"""


@functools.cache
def libreoffice(*suffixes: str) -> bytes:
    """The page as LibreOffice saves it, through each of the formats in turn."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        name = "given.odt"
        (Path(folder) / name).write_bytes(_odt())
        for suffix in suffixes:
            profile = f"-env:UserInstallation=file://{folder}/profile"
            argv = [program, profile, "--headless", "--convert-to", suffix, "--outdir", folder, f"{folder}/{name}"]
            subprocess.run(argv, check=True, capture_output=True, timeout=120)
            name = f"{Path(name).stem}.{suffix}"
        return (Path(folder) / name).read_bytes()


@functools.cache
def calibre(suffix: str) -> bytes:
    """The page as calibre makes a book of it."""
    program = shutil.which("ebook-convert")
    if program is None:
        pytest.skip("calibre (ebook-convert) is not installed")
    with tempfile.TemporaryDirectory() as folder:
        _page(folder)
        environ = {**os.environ, "QTWEBENGINE_DISABLE_SANDBOX": "1", "CALIBRE_CONFIG_DIRECTORY": f"{folder}/config"}
        extra = ["--series=Nights", "--series-index=3", "--publisher=North Bank", "--pubdate=2024-11-21", "--isbn=9783161484100"]
        argv = [program, f"{folder}/a.html", f"{folder}/a.{suffix}", *extra]
        subprocess.run(argv, check=True, capture_output=True, timeout=120, env=environ)
        return (Path(folder) / f"a.{suffix}").read_bytes()


def _odt() -> bytes:
    argv = [binary(), "--from=html", "--to=odt", f"--resource-path={PICTURE.parent}", "--output=-"]
    return subprocess.run(argv, input=PAGE.encode(), check=True, capture_output=True).stdout


def _page(folder: str) -> None:
    (Path(folder) / "a.html").write_text(PAGE, encoding="utf-8")
    shutil.copy(PICTURE, folder)
