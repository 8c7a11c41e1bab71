"""The words of files as `bench.real_files` finds them, and which files it takes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from bench import real_files, words_of_files


def package(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/") + ".xml", text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("suffix", "data", "found"),
    [
        (".md", b"# Dunes\n\nSee [the map](https://a.example/map) <b>now</b>.", "dunes see the map now"),
        (".tex", b"\\title{x}\\begin{document}\\emph{Dunes} move. % no\n\\vspace{2mm}\\end{document}", "dunes move"),
        (".html", b"<p>Dun<b>es</b></p><script>no</script><p>move</p>", "dunes move"),
        (".jats", b"<article><p>Dun<italic>es</italic></p><p>move</p></article>", "dunes move"),
        (".docx", package(word__document="<w><t>Dunes</t></w>", docProps__app="<p>no</p>"), "dunes"),
        (".rtf", b"{\\rtf1{\\fonttbl no;}Dunes\\par move}", "dunes move"),
        (".ipynb", b'{"cells": [{"source": ["Du", "nes"], "outputs": [{"text": "move"}]}]}', "dunes move"),
    ],
)
def test_words_by_format(suffix: str, data: bytes, found: str) -> None:
    assert words_of_files.words(words_of_files.FORMATS[suffix][1](data)) == words_of_files.words(found)


def test_equal_bytes_count_once(tmp_path: Path) -> None:
    for name, text in (("a.md", "x"), ("b.md", "x"), ("c.md", "y"), ("d.bin", "z"), ("e.rst", "")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [path.name for path in real_files.files([tmp_path], 0)] == ["a.md", "c.md"]
    assert len(real_files.files([tmp_path], 1)) == 1
