"""`colophon profiles`: a profile is checked, installed, and used."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pikepdf
import pytest

from tests.model.test_house_profiles import EXAMPLE
from tests.test_cli import run


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "lighthouse.zip", "w") as made:
        for file in EXAMPLE.iterdir():
            made.write(file, f"lighthouse/{file.name}")
    return tmp_path / "lighthouse.zip"


def test_a_profile_is_installed_and_used(archive: Path, tmp_path: Path) -> None:
    folder = str(tmp_path / "profiles")
    (tmp_path / "profiles").mkdir()
    done = run(tmp_path, "profiles", "install", str(archive), COLOPHON_PROFILES=folder)
    assert done.returncode == 0, done.stderr
    assert run(tmp_path, "profiles", "install", str(archive), COLOPHON_PROFILES=folder).returncode == 2
    assert b"lighthouse       Lighthouse" in run(tmp_path, "profiles", "list", COLOPHON_PROFILES=folder).stdout
    (tmp_path / "a.md").write_text("---\ntitle: A\nlang: en\n---\n\n## One\n\nText.\n", encoding="utf-8")
    done = run(tmp_path, "convert", "a.md", "--to", "pdf,docx,html,epub", "--profile", "lighthouse", COLOPHON_PROFILES=folder)
    assert done.returncode == 0, done.stderr
    assert "--house:#7a1f2b" in (tmp_path / "a.html").read_text(encoding="utf-8").replace(" ", "")
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        assert b"7A1F2B" in package.read("word/styles.xml")
        assert b"The Lighthouse" in b"".join(package.read(name) for name in package.namelist() if "header" in name)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert [float(each) for each in pdf.pages[0].MediaBox][2:] == pytest.approx([595.28, 841.89], abs=1)


def test_a_profile_that_fetches_is_guarded(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "profile.yaml").write_text("title: Bad\nscreen: [a.css]\n", encoding="utf-8")
    css = "@import url(http://example.com/a.css);\np { background: url(http://example.com/p.png) }\nb { color: red }\n"
    (tmp_path / "bad" / "a.css").write_text(css, encoding="utf-8")
    done = run(tmp_path, "profiles", "check", "bad")
    assert done.returncode == 0
    assert done.stderr.count(b"left out of html") == 2


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.css": b""}, b"no profile.yaml in it"),
        ({"../profile.yaml": b"title: x"}, b"leads elsewhere"),
        ({"x/profile.yaml": b"title: x\nprint: [none.css]"}, b"there is no file none.css"),
        ({"x/profile.yaml": b"title: x\ntemplate: t.docx", "x/t.docx": b"no zip"}, b"x: docx: "),
    ],
)
def test_what_is_wrong_with_a_zip_is_said(files: dict[str, bytes], said: bytes, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, data in files.items():
            made.writestr(name, data)
    (tmp_path / "x.zip").write_bytes(buffer.getvalue())
    done = run(tmp_path, "profiles", "check", "x.zip")
    assert done.returncode in (1, 2)
    assert said in done.stderr, done.stderr
    assert b"Traceback" not in done.stderr
