"""Notes of a DOCX that call notes."""

from __future__ import annotations

import pytest

from service.containers.docx import MAIN
from service.model.errors import TooComplex
from service.readers.office import word_notes
from service.readers.office.word_names import w

SPACE = w("x")[1:].partition("}")[0]


def call(number: int, kind: str = "footnote") -> str:
    return f'<w:p><w:r><w:{kind}Reference w:id="{number}"/></w:r></w:p>'


def part(name: str, body: str) -> bytes:
    return f'<w:{name} xmlns:w="{SPACE}">{body}</w:{name}>'.encode()


def package(notes: dict[int, str], ends: dict[int, str] | None = None, body: str = "") -> dict[str, bytes]:
    packed = {
        f"word/{kind}s.xml": part(f"{kind}s", "".join(f'<w:{kind} w:id="{n}">{text}</w:{kind}>' for n, text in found.items()))
        for kind, found in (("footnote", notes), ("endnote", ends or {}))
    }
    return {MAIN: part("document", f"<w:body>{body or call(2)}</w:body>")} | packed


@pytest.mark.parametrize(
    "parts",
    [
        package({2: call(2)}),
        package({2: call(3, "endnote")}, {3: call(2)}),
        package({number: call(number + 1) * 8 for number in range(2, 20)}),
        package({2: call(3) * 200, 3: ""}, body=call(2) * 200),
    ],
)
def test_notes_without_end_are_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises(TooComplex, match="note"):
        word_notes.check(parts, MAIN)


@pytest.mark.parametrize("parts", [package({2: "", 3: ""}), package({2: call(3)}, {3: ""}), {MAIN: part("document", "")}])
def test_ordinary_notes_pass(parts: dict[str, bytes]) -> None:
    word_notes.check(parts, MAIN)
