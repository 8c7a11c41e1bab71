"""The look of the pages: the examples as pictures, compared with approved ones in tests/pictures.

A difference leaves a side-by-side in out/pictures. `COLOPHON_ACCEPT=1 pytest tests/test_pictures.py` approves what there is:
look at every picture that changes.
"""

from __future__ import annotations

import os
import re
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


# A machine may have any other fonts: the pictures are drawn with those that bin/setup installs alone. fontconfig takes a
# file that `acceptfont` names although `rejectfont` matches it too. The fonts that come with a program are rejected as well.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir>/usr/share/fonts</dir><cachedir prefix="xdg">fontconfig</cachedir>{includes}
<selectfont><rejectfont><glob>*.*</glob></rejectfont><acceptfont><glob>*/opens___.ttf</glob>{files}</acceptfont></selectfont>
</fontconfig>"""
FORMULA = re.compile(rb"<m:oMathPara>.*?</m:oMathPara>|<m:oMath>.*?</m:oMath>", re.DOTALL)
OF_THE_USER = {"50-user.conf", "51-local.conf"}


def our_font_configuration() -> str:
    """A fontconfig file of the font packages that bin/setup names and of their rules; empty where they are not installed."""
    packages = sorted(set(re.findall(r"fonts-[\w-]+", (ROOT / "bin" / "setup").read_text(encoding="utf-8"))))
    if not shutil.which("dpkg-query"):
        return ""
    query = ["dpkg-query", "--listfiles", "fontconfig-config", *packages]
    listed = set(subprocess.run(query, check=False, capture_output=True, text=True).stdout.split())
    rules = [each for each in sorted(Path("/etc/fonts/conf.d").glob("*.conf")) if each.name not in OF_THE_USER]
    fonts = sorted(path for path in listed if path.endswith((".ttf", ".otf", ".ttc")))
    if not fonts:
        return ""
    return FONTS.format(
        includes="".join(f"<include>{each}</include>" for each in rules if str(each.resolve()) in listed),
        files="".join(f"<glob>{path}</glob>" for path in fonts),
    )


@pytest.fixture
def our_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every program that a test starts finds the fonts of bin/setup and no others."""
    configuration = our_font_configuration()
    if not configuration:
        pytest.skip("the font packages of bin/setup are not installed")
    (tmp_path / "fonts.conf").write_text(configuration, encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(tmp_path / "fonts.conf"))


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
    subprocess.run(argv, check=True, capture_output=True, timeout=120)
    return [picture]


def of_docx(file: Path, folder: Path) -> list[Path]:
    """By LibreOffice, without the formulas: what draws them (libreoffice-math) is not there on every machine."""
    plain = without_formulas(file, folder / file.name)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    argv = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, plain]
    subprocess.run(argv, check=True, capture_output=True, timeout=180)
    return of_pdf(plain.with_suffix(".pdf"), folder)


def without_formulas(file: Path, target: Path) -> Path:
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(target, "w") as after:
        for name in before.namelist():
            after.writestr(name, FORMULA.sub(b"", before.read(name)) if name.endswith(".xml") else before.read(name))
    return target


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


@pytest.mark.usefixtures("our_fonts")
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
