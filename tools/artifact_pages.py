"""The pages of an artifact as pictures: a PDF by pdftoppm, an EPUB by Chromium, a DOCX by LibreOffice.

Needs poppler-utils, chromium and libreoffice-writer of Debian, and playwright of requirements-dev.lock.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree
from PIL import Image
from playwright.sync_api import sync_playwright

SCREEN = {"width": 560, "height": 792}  # CSS pixels of a reader's screen: the proportions of A4
OPF = "{http://www.idpf.org/2007/opf}"


def pages(target: str, data: bytes, folder: Path, resolution: int = 60, last: int = 3) -> list[Image.Image]:
    """The first `last` pages at `resolution` dots an inch; of an EPUB, the screens of its chapters at the same scale."""
    return READERS[target](data, folder, resolution, last)


def _pdf(data: bytes, folder: Path, resolution: int, last: int) -> list[Image.Image]:
    for stale in folder.glob("page-*.png"):
        stale.unlink()
    (folder / "page.pdf").write_bytes(data)
    how = ["-r", str(resolution), "-l", str(last), "-png"]
    command = ["pdftoppm", *how, str(folder / "page.pdf"), str(folder / "page")]
    subprocess.run(command, check=True)
    return [Image.open(file).convert("RGB") for file in sorted(folder.glob("page-*.png"))]


def _docx(data: bytes, folder: Path, resolution: int, last: int) -> list[Image.Image]:
    (folder / "word.docx").write_bytes(data)
    profile = f"-env:UserInstallation=file://{folder}/libreoffice"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(folder / "word.docx")]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return _pdf((folder / "word.pdf").read_bytes(), folder, resolution, last)


def _epub(data: bytes, folder: Path, resolution: int, last: int) -> list[Image.Image]:
    book = folder / "book"
    shutil.rmtree(book, ignore_errors=True)
    zipfile.ZipFile(io.BytesIO(data)).extractall(book)
    shots: list[Image.Image] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        page = browser.new_page(viewport=SCREEN, device_scale_factor=resolution * 8.27 / SCREEN["width"])
        for chapter in spine(book):
            page.goto(chapter.as_uri())
            page.evaluate("document.fonts.ready")
            shots += _screens(Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB"))
            if len(shots) >= last:
                break
        browser.close()
    return shots[:last]


def spine(book: Path) -> list[Path]:
    """The chapters of an unpacked EPUB in reading order."""
    opf = next(book.rglob("*.opf"))
    package = etree.parse(opf).getroot()
    files = {item.get("id"): item.get("href") for item in package.iter(f"{OPF}item")}
    return [opf.parent / str(files[each.get("idref")]) for each in package.iter(f"{OPF}itemref")]


def _screens(shot: Image.Image) -> list[Image.Image]:
    """A long screenshot cut into screens."""
    high = round(shot.width * SCREEN["height"] / SCREEN["width"])
    return [shot.crop((0, top, shot.width, min(top + high, shot.height))) for top in range(0, shot.height, high)]


READERS: Mapping[str, Callable[[bytes, Path, int, int], list[Image.Image]]] = {"pdf": _pdf, "epub": _epub, "docx": _docx}
