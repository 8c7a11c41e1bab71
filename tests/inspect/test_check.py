"""The check of a file: a sound one has no finding, a broken one the rule that it breaks; other validators agree."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from service.inspect import docx_rules, epub_rules
from service.inspect.check import check
from service.model.errors import ColophonError, InvalidDocument
from tests.inspect import made_files
from tests.writers.conftest import ace as ace  # noqa: PLC0414 (a fixture)
from tests.writers.conftest import epubcheck as epubcheck  # noqa: PLC0414
from tests.writers.conftest import open_xml as open_xml  # noqa: PLC0414

MADE = {"epub": (made_files.book, made_files.EPUB_BREAKS), "docx": (made_files.letter, made_files.DOCX_BREAKS)}
CASES = [(kind, rule) for kind, (_, breaks) in MADE.items() for rule in breaks]


def broken(kind: str, rule: str) -> bytes:
    files, breaks = MADE[kind]
    return made_files.broken(files(), breaks[rule])


@pytest.mark.parametrize("kind", MADE)
def test_a_sound_file_has_no_finding(kind: str) -> None:
    report = check(made_files.packed(MADE[kind][0]()))
    assert report["findings"] == [] and report["passed"]
    assert report["checked_by"][0]["kind"] == "own checks"


@pytest.mark.parametrize(("kind", "rule"), CASES)
def test_a_broken_file_has_its_finding(kind: str, rule: str) -> None:
    found = check(broken(kind, rule))["findings"]
    mine = [each for each in found if each["rule"] == f"{kind}/{rule}"]
    assert mine, found
    assert all(each["place"] and each["fix"].endswith(".") and each["message"].endswith(".") for each in mine)


def test_every_rule_is_broken_by_a_test() -> None:
    assert {rule.name for rule in epub_rules.RULES} - {"not-checked"} == set(made_files.EPUB_BREAKS)
    assert {rule.name for rule in docx_rules.RULES} == set(made_files.DOCX_BREAKS)


def test_epubcheck_agrees(epubcheck: Callable[..., dict[str, list[str]]], tmp_path: Path) -> None:
    """Sound is sound; each message of epubcheck that a rule names is among its own."""
    named = {rule.name: rule.source for rule in epub_rules.RULES if rule.source[3:4] == "-" and rule.severity != "info"}
    (tmp_path / "sound.epub").write_bytes(made_files.packed(made_files.book()))
    for rule in named:
        (tmp_path / f"{rule}.epub").write_bytes(broken("epub", rule))
    theirs = epubcheck(sorted(tmp_path.glob("*.epub")))
    assert theirs.pop(str(tmp_path / "sound.epub")) == []
    missed = {}
    for path, reported in theirs.items():
        rule = Path(path).stem
        if not any(each.split()[1] == named[rule] for each in reported):
            missed[rule] = (named[rule], reported)
    assert missed == {}


def test_ace_agrees(ace: Callable[[Path], list[str]], tmp_path: Path) -> None:
    files = made_files.book()
    for rule in ("image-alt", "html-has-lang", "link-name", "metadata-accessmode", "metadata-accessibilityhazard"):
        made_files.EPUB_BREAKS[rule](files)
    (tmp_path / "a.epub").write_bytes(made_files.packed(files))
    ours = {each["clause"] for each in check((tmp_path / "a.epub").read_bytes())["findings"]}
    theirs = {each.split(" ", 2)[1].rstrip(":") for each in ace(tmp_path / "a.epub")}
    assert ours == {"image-alt", "html-has-lang", "link-name", "metadata-accessmode", "metadata-accessibilityhazard"}
    assert ours <= theirs


def test_the_open_xml_sdk_agrees(open_xml: Callable[[Path], list[str]], tmp_path: Path) -> None:
    path = tmp_path / "sound.docx"
    path.write_bytes(made_files.packed(made_files.letter()))
    assert open_xml(path) == []
    for rule in ("not-well-formed", "target-missing", "relationship-unknown", "note-missing"):
        path = tmp_path / f"{rule}.docx"
        path.write_bytes(broken("docx", rule))
        assert open_xml(path), rule


def test_a_claim_makes_accessibility_an_error() -> None:
    claim = '<meta property="dcterms:conformsTo">EPUB Accessibility 1.1 - WCAG 2.2 Level AA</meta></metadata>'
    files = made_files.book()
    made_files.replaced(made_files.OPF, "</metadata>", claim)(files)
    report = check(made_files.packed(files))
    assert report["claims"][0]["holds"] is None and report["passed"]
    made_files.EPUB_BREAKS["image-alt"](files)
    report = check(made_files.packed(files))
    assert report["claims"][0]["holds"] is False and not report["passed"]
    assert check(broken("epub", "image-alt"))["passed"]


def plain_pdf(change: Callable[[pikepdf.Pdf], None] = lambda _: None, **save: object) -> bytes:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        change(pdf)
        pdf.save(out := io.BytesIO(), **save)
        return out.getvalue()


def test_a_pdf_that_claims_nothing_has_warnings() -> None:
    report = check(plain_pdf())
    assert report["claims"] == [] and report["passed"]
    assert {"pdf/not-tagged", "pdf/no-language"} <= {each["rule"] for each in report["findings"]}
    assert {each["severity"] for each in report["findings"]} == {"warning"}


def test_a_claim_as_an_attribute_is_a_claim() -> None:
    xmp = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description'
        b' rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="1" pdfaid:conformance="B"/></rdf:RDF>'
        b"</x:xmpmeta>"
    )

    def claim(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Metadata = pdf.make_stream(xmp)

    report = check(plain_pdf(claim))
    assert report["claims"] == [{"claim": "pdf/a-1b", "holds": False, "checked_by": ["colophon"]}]
    assert [each["clause"] for each in report["findings"] if each["severity"] == "error"] == ["A-1 6.2.3.3-1"]


def _circle(pdf: pikepdf.Pdf) -> None:
    element = pdf.make_indirect(pikepdf.Dictionary(S=pikepdf.Name("/H3")))
    element.K = pikepdf.Array([element])
    pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(K=element))


def _odd_types(pdf: pikepdf.Pdf) -> None:
    pdf.Root.MarkInfo = 3
    pdf.Root.ViewerPreferences = pikepdf.Array([1])
    pdf.Root.Names = pikepdf.Array([])
    pdf.pages[0].obj.Annots = pikepdf.Array([1, pikepdf.Dictionary(Subtype=pikepdf.Name("/Link"), Contents=3)])
    pdf.Root.StructTreeRoot = pdf.make_indirect(pikepdf.Dictionary(K=pikepdf.Array([7, pikepdf.Dictionary(S=1, K=2)])))


@pytest.mark.parametrize("change", [_circle, _odd_types])
def test_malformed_structures_are_checked(change: Callable[[pikepdf.Pdf], None]) -> None:
    assert check(plain_pdf(change))["findings"]


def test_an_encrypted_pdf() -> None:
    with pytest.raises(InvalidDocument, match="needs a password"):
        check(plain_pdf(encryption=pikepdf.Encryption(user="lamp", owner="oil")))
    assert check(plain_pdf(encryption=pikepdf.Encryption(user="", owner="oil")))["facts"]["encrypted"]


XXE = b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY l "&#108;">]><a>&e;</a>'
HOSTILE: dict[str, tuple[str, str, bytes]] = {
    "entities in the container": ("epub", "META-INF/container.xml", XXE),
    "entities in a chapter": ("epub", made_files.TEXT, XXE),
    "a package of nothing": ("epub", made_files.OPF, b""),
    "a deep chapter": ("epub", made_files.TEXT, b"<a>" * 50_000),
    "a wide chapter": ("epub", made_files.TEXT, b"<a>" + b"<b/>" * 200_000 + b"</a>"),
    "a bomb": ("epub", made_files.TEXT, b" " * 70_000_000),
    "a path that leads out": ("epub", "../../etc/passwd", b"x"),
    "entities in the document": ("docx", made_files.MAIN, XXE),
    "no document": ("docx", made_files.MAIN, b""),
    "no relations": ("docx", "_rels/.rels", b"<a/>"),
    "a deep document": ("docx", made_files.MAIN, b"<a>" * 50_000),
    "a bomb of a document": ("docx", made_files.MAIN, b" " * 70_000_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_parts_are_findings_or_problems(name: str) -> None:
    kind, part, data = HOSTILE[name]
    files = MADE[kind][0]()
    files[part] = data
    try:
        found = check(made_files.packed(files))["findings"]
    except ColophonError as error:
        assert error.status == 422, error
    else:
        assert found
        assert "root:" not in str(found)


@pytest.mark.parametrize("kind", MADE)
def test_cut_and_encrypted_zips(kind: str) -> None:
    data = made_files.packed(MADE[kind][0]())
    for wrong in (data[: len(data) // 2], data[:-10], data.replace(b"xml", b"\xff\xff\xff")):
        try:
            check(wrong)
        except ColophonError as error:
            assert error.status in (415, 422)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w") as other:
        for each in archive.infolist():
            other.writestr(each.filename, archive.read(each))
    locked = bytearray(out.getvalue())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = locked.find(mark)
        while at >= 0:
            locked[at + offset] |= 1  # the flag of an encrypted entry
            at = locked.find(mark, at + 4)
    try:
        assert "cannot be unpacked" in str(check(bytes(locked))["findings"])
    except ColophonError as error:
        assert error.status in (415, 422)
