"""Notes and their calls refer to each other; formulas have their MathML. In one piece, and in sections that are joined."""

from __future__ import annotations

import io
import shutil
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from schemas import options
from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from tests.writers.test_pdf_variants import failures

CHAPTERS = 36
VARIANT = "pdf/a-4f+ua-2"


def article(chapters: int) -> bytes:
    text = [
        f"# Lamp {number}\n\nOil for $x_{{{number}}}$ and a note.[^{number}]\n\n" + "Wick, glass and oil. " * 400
        for number in range(chapters)
    ]
    notes = [f"[^{number}]: Of the lamp {number}." for number in range(chapters)]
    return ("---\ntitle: Lamps\nlang: en\n---\n\n" + "\n\n".join([*text, *notes])).encode()


def made(engines: Engines, chapters: int, variant: str, notes: str) -> bytes:
    recipe = options.load(("pdf",), {"pdf_variant": variant, "notes": notes})
    return steps.write(steps.read(Source("a.md", article(chapters)), recipe, engines), recipe, "pdf", engines).data


def of_role(file: pikepdf.Pdf, role: str) -> list[Any]:
    return [each for each in file.objects if isinstance(each, pikepdf.Dictionary) and each.get("/S") == role]


@pytest.mark.parametrize("notes", ["page", "end"])
@pytest.mark.parametrize("chapters", [2, CHAPTERS])
def test_notes_and_formulas(engines: Engines, tmp_path: Path, chapters: int, notes: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(made(engines, chapters, VARIANT, notes))
    with pikepdf.open(path) as file:
        found = of_role(file, "/FENote")
        assert len(found) == chapters
        for note in found:
            call = note.Ref[0]
            assert call.S == "/Link" and call.Ref[0].objgen == note.objgen
            assert note.A.NoteType == ("/Footnote" if notes == "page" else "/Endnote")
        formulas = of_role(file, "/Formula")
        assert len(formulas) == chapters
        held = [formula.AF[0].EF.F for formula in formulas]
        assert {str(each.Subtype) for each in held} == {"/application/mathml+xml"}
        assert all(b'alttext="x_{' in each.read_bytes() for each in held)
        assert {str(formula.AF[0].AFRelationship) for formula in formulas} == {"/Supplement"}
        assert all(str(formula.Alt).startswith("x_{") for formula in formulas)
    if shutil.which("java"):
        arguments = [f"{profile}={path}" for profile in ("ua2", "wt1a", "4f")]
        assert failures(arguments) == {each: [] for each in arguments}


@pytest.mark.parametrize("chapters", [2, CHAPTERS])
def test_an_older_pdf_has_the_role_alone(engines: Engines, chapters: int) -> None:
    with pikepdf.open(io.BytesIO(made(engines, chapters, "", "page"))) as file:
        assert len(of_role(file, "/Formula")) == chapters and not of_role(file, "/FENote")
        assert not any("/Ref" in each or "/AF" in each for each in of_role(file, "/Formula") + of_role(file, "/Link"))
