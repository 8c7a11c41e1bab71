"""PDF/A and PDF/UA, by veraPDF: what is requested holds, and what is claimed unasked holds too."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from schemas import options
from service import inspect
from service.engines import Engines
from service.inspect import verification
from service.model.document import Asset, Conversion, Document, Metadata, Notice, Source
from service.passes import assets
from service.pipeline import steps
from service.writers import pdf
from service.writers.page import sections
from tests.writers.conftest import PICTURE

VARIANTS = {
    "": "ua1",
    "pdf/a-2b": "2b",
    "pdf/a-2u": "2u",
    "pdf/a-3u": "3u",
    "pdf/a-3a": "3a",
    "pdf/a-4e": "4e",
    "pdf/a-4f": "4f",
    "pdf/ua-1": "ua1",
    "pdf/ua-2": "ua2",
    "pdf/a-4f+ua-2": "wt1a",
    "pdf/a-2a+ua-1": "2a",
}
Make = Callable[..., Document]
Recipe = Callable[..., Conversion]


def failures(arguments: list[str]) -> dict[str, list[str]]:
    """For each `profile=file`, the rules that veraPDF finds broken."""
    checker = Path(__file__).with_name("check_pdf.py")
    done = subprocess.run([sys.executable, checker, *arguments], capture_output=True, check=True, text=True)
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
def test_validator_finds_nothing(
    make_document: Make,
    torture: Document,
    conversion: Recipe,
    engines: Engines,
    tmp_path: Path,
) -> None:
    empty = make_document("Text.", Metadata(title="一", lang="zh-Hans"))
    documents = {"torture": torture, "plain": assets.run(empty, conversion("pdf"))}
    arguments = []
    for variant, profile in VARIANTS.items():
        for name, document in documents.items():
            path = tmp_path / f"{name}-{variant.replace('/', '-')}.pdf"
            path.write_bytes(pdf.write(document, conversion("pdf", pdf_variant=variant, toc=True), engines).data)
            arguments.append(f"{profile}={path}")
    assert failures(arguments) == {each: [] for each in arguments}


@pytest.mark.parametrize(
    ("variant", "claims"), [("", ["pdf/ua-1"]), ("pdf/a-2b", ["pdf/a-2b"]), ("pdf/a-3u", ["pdf/a-3u", "pdf/ua-1"])]
)
def test_claims(variant: str, claims: list[str], torture: Document, conversion: Recipe, engines: Engines) -> None:
    written = pdf.write(torture, conversion("pdf", pdf_variant=variant), engines)
    assert set(claims) <= set(inspect.inspect(written.data)["facts"]["variant"])


def test_record_survives_where_no_attachment_may_be(torture: Document, conversion: Recipe, engines: Engines) -> None:
    written = pdf.write(torture, conversion("pdf", pdf_variant="pdf/a-2b"), engines)
    assert [notice.code for notice in written.notices] == ["attachment-omitted"]
    report = inspect.inspect(written.data)
    assert report["metadata"]["custom"] == dict(torture.metadata.custom)
    assert report["source"] is None
    verified, doubts = verification.verify(written.data, "pdf", torture, conversion("pdf", pdf_variant="pdf/a-2b", verify="full"))
    assert verified["embedded"] == {"record": True, "source": None} and doubts == ()
    other = replace(torture, metadata=replace(torture.metadata, custom={"weird": "other"}))
    verified, doubts = verification.verify(written.data, "pdf", other, conversion("pdf", pdf_variant="pdf/a-2b", verify="full"))
    assert verified["embedded"]["record"] is False and [each.data["field"] for each in doubts] == ["record"]


def claimed(data: bytes) -> dict[str, str]:
    """The claims of the XMP, read by pikepdf."""
    with pikepdf.open(io.BytesIO(data)) as file, file.open_metadata() as xmp:
        names = [f"{prefix}:{name}" for prefix in ("pdfaid", "pdfuaid") for name in ("part", "conformance", "rev")]
        return {name: str(xmp[name]) for name in names if name in xmp}


@pytest.mark.parametrize(
    ("variant", "claims"),
    [
        ("", {"pdfuaid:part": "1"}),
        ("pdf/ua-1", {"pdfuaid:part": "1"}),
        ("pdf/a-2b", {"pdfaid:part": "2", "pdfaid:conformance": "B", "pdfuaid:part": "1"}),
        ("pdf/a-3u", {"pdfaid:part": "3", "pdfaid:conformance": "U", "pdfuaid:part": "1"}),
        ("pdf/a-4e", {"pdfaid:part": "4", "pdfaid:conformance": "E", "pdfaid:rev": "2020"}),
        ("pdf/a-4f", {"pdfaid:part": "4", "pdfaid:conformance": "F", "pdfaid:rev": "2020"}),
        ("pdf/a-3u+ua-1", {"pdfaid:part": "3", "pdfaid:conformance": "U", "pdfuaid:part": "1"}),
        ("pdf/ua-2", {"pdfuaid:part": "2", "pdfuaid:rev": "2024"}),
        (
            "PDF/A-4f + UA-2",
            {"pdfaid:part": "4", "pdfaid:conformance": "F", "pdfaid:rev": "2020", "pdfuaid:part": "2", "pdfuaid:rev": "2024"},
        ),
    ],
)
def test_only_what_holds_is_claimed(
    variant: str, claims: dict[str, str], make_document: Make, conversion: Recipe, engines: Engines
) -> None:
    """PDF/UA-1 is of PDF 1.7: a file of PDF/A-4, which is PDF 2.0, does not claim it. PDF/UA-2 is of PDF 2.0."""
    document = make_document("Text.", Metadata(title="Plain", lang="en"))
    assert claimed(pdf.write(document, conversion("pdf", pdf_variant=variant), engines).data) == claims


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
@pytest.mark.parametrize("variant", ["", "pdf/a-3u", "pdf/a-4e", "pdf/a-4f+ua-2", "pdf/a-2a+ua-1"])
def test_every_claim_holds(variant: str, torture: Document, conversion: Recipe, engines: Engines, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf.write(torture, conversion("pdf", pdf_variant=variant), engines).data)
    claims = claimed(path.read_bytes())
    profiles = {"1": ["ua1"], "2": ["ua2", "wt1a"]}.get(claims.get("pdfuaid:part", ""), [])
    if "pdfaid:part" in claims:
        profiles.append((claims["pdfaid:part"] + claims["pdfaid:conformance"]).lower())
    arguments = [f"{profile}={path}" for profile in profiles]
    assert failures(arguments) == {each: [] for each in arguments}


LAMP = Asset("lamp.png", PICTURE.read_bytes())
DESCRIBED = (
    '![A lamp](lamp.png)\n\n![](lamp.png "The lamp")\n\n![](lamp.png){.decorative}\n\n$x^2$ and [a link](https://e.example/)\n'
)


def written(text: str, engines: Engines, **given: object) -> tuple[dict[str, str], dict[str, Notice]]:
    """The claims of the PDF of a Markdown text, and its notices by their codes."""
    recipe = options.load(("pdf",), {"lang": "en", **given})
    source = Source("a.md", f"---\ntitle: T\n---\n\n{text}".encode(), assets=(LAMP,))
    made = steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines)
    return claimed(made.data), {each.code: each for each in made.notices}


def test_a_picture_without_description_drops_the_claim(engines: Engines) -> None:
    claims, reported = written(DESCRIBED + "\n![](lamp.png)\n\n![](lamp.png)\n", engines)
    assert claims == {}
    notice = reported["image-without-description"]
    assert (notice.severity, notice.line, notice.data["count"]) == ("info", 13, 2)
    assert notice.data["images"] == [{"image": "lamp.png", "line": 13}] * 2
    assert "conformance-not-claimed" not in reported


def test_described_and_decorative_pictures_keep_it(engines: Engines) -> None:
    claims, reported = written(DESCRIBED + '\n<img src="lamp.png" role="presentation">\n', engines)
    assert claims == {"pdfuaid:part": "1"} and "image-without-description" not in reported


@pytest.mark.parametrize(
    ("text", "reason"), [("![](lamp.png)", "pictures without a description"), ("\u0378", "characters without a glyph")]
)
def test_an_asked_claim_that_does_not_hold_is_a_warning(text: str, reason: str, engines: Engines) -> None:
    claims, reported = written(text, engines, pdf_variant="pdf/ua-1")
    assert claims == {}
    assert reported["conformance-not-claimed"].data["reasons"] == [reason]


def test_a_claim_of_pdf_a_stays(engines: Engines) -> None:
    assert written("![](lamp.png)", engines, pdf_variant="pdf/a-3u")[0] == {"pdfaid:part": "3", "pdfaid:conformance": "U"}


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
@pytest.mark.parametrize(("variant", "flavour"), [("pdf/a-4f+ua-2", "4f"), ("pdf/a-3u", "3u"), ("pdf/a-2a+ua-1", "2a")])
def test_pdf_a_shows_a_replacement_for_a_character_without_a_glyph(
    variant: str, flavour: str, engines: Engines, tmp_path: Path
) -> None:
    recipe = options.load(("pdf",), {"pdf_variant": variant, "lang": "en"})
    source = Source("a.md", "---\ntitle: T\n---\n\nA \u0378 sign[^1].\n\n[^1]: A note.\n".encode())
    made = steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines)
    reported = {each.code: each for each in made.notices}
    assert reported["text-without-glyphs"].data["characters"] == "\u0378"
    file = tmp_path / "a.pdf"
    file.write_bytes(made.data)
    assert "A \ufffd sign" in subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout
    assert failures([f"{flavour}={file}"]) == {f"{flavour}={file}": []}
    assert "pdfaid:part" in claimed(made.data) and "pdfuaid:part" not in claimed(made.data)


def test_a_section_of_a_long_document_drops_the_claim_too(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    """A character without a glyph in the last chapter, which another process prints."""
    monkeypatch.setattr(sections, "LONG", 3)
    monkeypatch.setattr(sections, "SHORTEST_CHAPTER", 0.1)
    monkeypatch.setattr(sections, "SECTION", 1)
    chapters = [f"## Chapter {number}\n\n" + "Words of it. " * 300 for number in range(5)]
    assert written("\n\n".join(chapters), engines)[0] == {"pdfuaid:part": "1"}
    claims, reported = written("\n\n".join([*chapters, "\u0378"]), engines)
    assert claims == {} and "text-without-glyphs" in reported


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
def test_titles_are_descriptions_and_decoration_is_none(engines: Engines, tmp_path: Path) -> None:
    recipe = options.load(("pdf",), {"lang": "en"})
    source = Source("a.md", f"---\ntitle: T\n---\n\n{DESCRIBED}".encode(), assets=(LAMP,))
    path = tmp_path / "a.pdf"
    path.write_bytes(steps.write(steps.read(source, recipe, engines), recipe, "pdf", engines).data)
    assert failures([f"ua1={path}"]) == {f"ua1={path}": []}
    with pikepdf.open(path) as file:
        found = [
            str(each.Alt)
            for each in file.objects
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") in ("/Figure", "/Formula")
        ]
    assert sorted(found) == ["A lamp", "The lamp", "x^2"]
