"""The accessibility metadata of a book: the findings of Ace by DAISY, and only true claims."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from service import inspect
from service.engines import Engines
from service.model.document import Conversion, Document, Metadata
from service.model.errors import ValidationFailed
from service.pipeline import steps
from service.writers import epub
from service.writers.epub.accessibility import CERTIFIER, CONFORMANCE, is_animated
from tests.writers.epub.test_constructs import EVERYTHING

ROOT = Path(__file__).resolve().parents[3]
OPF = "{http://www.idpf.org/2007/opf}"
Make = Callable[..., Document]
Convert = Callable[..., Conversion]


def statements(data: bytes) -> dict[str, list[str]]:
    """Property of the package document → its values."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        top = etree.fromstring(archive.read("EPUB/content.opf"))
    found: dict[str, list[str]] = {}
    for meta in top.iter(f"{OPF}meta"):
        found.setdefault(meta.get("property", ""), []).append(meta.text or "")
    for link in top.iter(f"{OPF}link"):
        found.setdefault(link.get("rel", ""), []).append(link.get("href", ""))
    return found


@pytest.fixture
def written(make_document: Make, conversion: Convert, engines: Engines) -> Callable[..., Any]:
    def write(text: str, lang: str = "en", **chosen: Any) -> Any:
        return epub.write(make_document(text, Metadata(title="T", lang=lang)), conversion("epub", **chosen), engines)

    return write


@pytest.mark.slow
@pytest.mark.parametrize("name", ["article", "gallery", "book"])
def test_ace_finds_nothing_serious_in_the_examples(
    name: str, conversion: Convert, engines: Engines, ace: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    from service.model.document import Asset, Source

    picture = ROOT / "examples" / "images" / "colophon.png"
    source = Source(
        f"{name}.md",
        (ROOT / "examples" / f"{name}.md").read_bytes(),
        assets=(Asset("images/colophon.png", picture.read_bytes()),),
    )
    options = conversion("epub", toc=True, profile=name if name == "book" else "article")
    made = steps.write(steps.read(source, options, engines), options, "epub", engines)
    (tmp_path / "a.epub").write_bytes(made.data)
    found = ace(tmp_path / "a.epub")
    assert [each for each in found if each.startswith(("serious", "critical"))] == []
    assert statements(made.data)["dcterms:conformsTo"] == [CONFORMANCE]


@pytest.mark.slow
def test_ace_finds_nothing_serious_in_the_constructs(
    written: Callable[..., Any], ace: Callable[[Path], list[str]], tmp_path: Path
) -> None:
    wide = "\n\n| One | Two | Three | Four |\n|---|---|---|---|\n|" + " unbelievably-long-words-here |" * 4
    made = written(EVERYTHING.replace("\\undefinedcommand", "b") + wide)
    (tmp_path / "a.epub").write_bytes(made.data)
    found = ace(tmp_path / "a.epub")
    assert [each for each in found if each.startswith(("serious", "critical"))] == []
    assert statements(made.data)["dcterms:conformsTo"] == [CONFORMANCE]


def test_what_conforms_says_so_and_who_says_it(written: Callable[..., Any]) -> None:
    said = statements(written("Text.").data)
    assert (said["dcterms:conformsTo"], said["a11y:certifiedBy"]) == ([CONFORMANCE], [CERTIFIER])
    assert "a11y:certifierReport" not in said
    chosen = {"certified_by": "The Library & Co", "certifier_report": "https://library.example/reports/1"}
    said = statements(written("Text.", **chosen).data)
    assert said["a11y:certifiedBy"] == ["The Library & Co"]
    assert said["a11y:certifierReport"] == ["https://library.example/reports/1"]


@pytest.mark.parametrize(
    ("text", "chosen", "reason"),
    [
        ("![](colophon.png)", {}, "pictures without a description"),
        ("[![](colophon.png){.decorative}](https://e.example/)", {}, "links without text"),
        ("# A\n\n### B", {}, "skipped heading levels"),
        ("|   |   |\n|---|---|\n| a | b |", {}, "tables without a head"),
        ("Text.", {"css": "p { color: #eee }"}, "colours that are not the profile's"),
        ("Text.", {"highlight_style": "espresso"}, "colours that are not the profile's"),
        ("Text.", {"lang": ""}, "no language"),
    ],
)
def test_what_does_not_conform_claims_nothing_and_says_why(
    text: str, chosen: dict[str, Any], reason: str, written: Callable[..., Any]
) -> None:
    made = written(text, certified_by="Somebody", **chosen)
    said = statements(made.data)
    assert not {"dcterms:conformsTo", "a11y:certifiedBy", "a11y:certifierReport"} & said.keys()
    assert reason in said["schema:accessibilitySummary"][0]
    reported = {each.code: each for each in made.notices}
    assert reported["conformance-not-claimed"].data["reasons"] == [reason]
    assert ("image-without-description" in reported) == (reason == "pictures without a description")


def test_no_claim_without_a_certifier(written: Callable[..., Any]) -> None:
    assert "conformance-not-claimed" not in {each.code for each in written("# A\n\n### B").notices}


@pytest.mark.parametrize(
    ("text", "alt"), [("![](colophon.png){.decorative}", ""), ("![A lamp](colophon.png)", "A lamp"), ("![](colophon.png)", None)]
)
def test_a_decorative_picture_is_marked_and_a_missing_description_is_not_made_up(
    text: str, alt: str | None, written: Callable[..., Any]
) -> None:
    with zipfile.ZipFile(io.BytesIO(written(f"Text {text}").data)) as archive:
        top = etree.fromstring(archive.read("EPUB/text/ch001.xhtml"))
    assert [image.get("alt") for image in top.iter("{*}img")] == [alt]


@pytest.mark.parametrize(
    ("data", "moves"),
    [
        (b"GIF89a" + b"\0" * 20 + b"\0\x21\xf9\x04" + b"x" * 40, False),
        (b"GIF89a" + b"\0\x21\xf9\x04" * 2, True),
        (b"GIF89a" + b"\0" * 8 + b"\x21\xff\x0bNETSCAPE2.0", True),
        (b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 14 + b"ANIM", True),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30 + b"acTL", True),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 30, False),
    ],
)
def test_what_moves(data: bytes, moves: bool) -> None:
    assert is_animated(data) == moves


def test_a_report_is_a_web_address(conversion: Convert) -> None:
    from schemas import options

    with pytest.raises(ValidationFailed) as caught:
        options.load(("epub",), {"certifier_report": "javascript:alert(1)"})
    assert caught.value.places[0].pointer == "/certifier_report"


def test_inspect_reports_the_claim(written: Callable[..., Any]) -> None:
    facts = inspect.inspect(written("Text with ![A lamp](colophon.png).").data)["facts"]["accessibility"]
    assert facts["conforms_to"] == [CONFORMANCE] and facts["certified_by"] == [CERTIFIER]
    assert "alternativeText" in facts["features"] and facts["hazards"] == ["none"]
    assert facts["access_modes"] == ["textual", "visual"] and facts["summary"]
