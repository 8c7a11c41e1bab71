"""How the pages look: the examples as pictures, compared with approved ones in tests/pictures.

A difference leaves a side-by-side in out/pictures. `COLOPHON_ACCEPT=1 pytest tests/test_pictures.py` approves what there is:
look at every picture that changes.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

ROOT = Path(__file__).resolve().parent.parent
APPROVED, DIFFERENT = ROOT / "tests" / "pictures", ROOT / "out" / "pictures"
COLOPHON = Path(sys.executable).parent / "colophon"
# Share of pixels, after a slight blur, that may differ by more than a tone: hinting and renderers differ, layouts must not.
TOLERANCE, TONE = 0.015, 60


# Other programs bring fonts of their own (LibreOffice does): the pictures are drawn with those of bin/setup alone.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts/opentype/noto</dir><dir>/usr/share/fonts/truetype/noto</dir>
<include ignore_missing="yes">/etc/fonts/conf.d</include><cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>"""


def with_our_fonts(folder: Path) -> dict[str, str]:
    """The environment for a program that draws: fontconfig sees the fonts of bin/setup and no others."""
    (folder / "fonts.conf").write_text(FONTS, encoding="utf-8")
    return os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf")}


def of_pdf(file: Path, folder: Path) -> list[Path]:
    subprocess.run(["pdftoppm", "-r", "45", "-gray", "-png", file, folder / "page"], check=True, capture_output=True)
    return sorted(folder.glob("page*.png"))


def of_epub(file: Path, folder: Path) -> list[Path]:
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    picture = folder / "epub.png"
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=480,1800"]
    page = (folder / "EPUB" / "text" / "ch001.xhtml").as_uri()
    profile = f"--user-data-dir={folder / 'profile'}"
    argv = ["chromium", *options, profile, f"--screenshot={picture}", page]
    subprocess.run(argv, check=True, capture_output=True, timeout=120, env=with_our_fonts(folder))
    return [picture]


def of_docx(file: Path, folder: Path) -> list[Path]:
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    argv = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, file]
    subprocess.run(argv, check=True, capture_output=True, timeout=180, env=with_our_fonts(folder))
    return of_pdf(folder / file.with_suffix(".pdf").name, folder)


EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "article": ("article",),
    "gallery": ("gallery",),
    "book": ("book", "--profile", "book", "--cover", "drawn"),
    "report": ("book", "--profile", "report", "--watermark", "DRAFT"),
}
SHOWN: Mapping[str, tuple[str, Callable[[Path, Path], list[Path]]]] = {
    "pdf": ("pdftoppm", of_pdf),
    "epub": ("chromium", of_epub),
    "docx": ("soffice", of_docx),
}


@pytest.mark.parametrize("target", SHOWN)
@pytest.mark.parametrize("example", EXAMPLES)
def test_looks_as_approved(example: str, target: str, tmp_path: Path) -> None:
    program, render = SHOWN[target]
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    name, *flags = EXAMPLES[example]
    source = ROOT / "examples" / f"{name}.md"
    argv = [COLOPHON, "convert", source, "--to", target, "--out", tmp_path, "--quiet", *flags]
    subprocess.run(argv, check=True, timeout=120)
    work = tmp_path / "work"
    work.mkdir()
    pictures = render(tmp_path / f"{name}.{target}", work)
    approved = [APPROVED / f"{example}-{target}-{number}.png" for number in range(1, len(pictures) + 1)]
    if os.environ.get("COLOPHON_ACCEPT"):
        APPROVED.mkdir(exist_ok=True)
        for old in APPROVED.glob(f"{example}-{target}-*.png"):
            old.unlink()
        for picture, name in zip(pictures, approved, strict=True):
            Image.open(picture).convert("L").quantize(16).save(name, optimize=True)
    assert sorted(APPROVED.glob(f"{example}-{target}-*.png")) == sorted(approved), "another number of pages"
    different = [name.name for picture, name in zip(pictures, approved, strict=True) if not alike(picture, name)]
    assert not different, f"see {DIFFERENT}: {different}"


def alike(picture: Path, approved: Path) -> bool:
    new, old = (Image.open(each).convert("L") for each in (picture, approved))
    if new.size == old.size:
        blurred = (each.filter(ImageFilter.GaussianBlur(1.5)) for each in (new, old))
        counts = ImageChops.difference(*blurred).histogram()
        if sum(counts[TONE:]) <= TOLERANCE * sum(counts):
            return True
    DIFFERENT.mkdir(parents=True, exist_ok=True)
    both = Image.new("L", (new.width + old.width + 10, max(new.height, old.height)), 128)
    both.paste(old, (0, 0))
    both.paste(new, (old.width + 10, 0))
    both.save(DIFFERENT / approved.name)
    return False
