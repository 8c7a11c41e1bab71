"""Signatures of any PDF, verified: each rule has a file that breaks it, and malformed ones never stop the report."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from service.conversion import signing_key
from service.inspect import inspect, signatures
from service.inspect.check import check
from service.model.settings import Settings
from service.writers.pdf.signature_field import reserve
from tests import signatures as made
from tests.signatures import Authority, Identity

ROOT = made.identity("Quay root")
CLOCK = Authority(made.identity("Quay clock", ROOT, stamps=True))


def blank() -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(out := io.BytesIO(), deterministic_id=True)
    return out.getvalue()


@pytest.fixture(scope="module")
def sign(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., bytes]:
    """`sign(data, days=…, stamp=…)`: a signature by a certificate that is valid on these days."""

    def run(data: bytes, days: tuple[int, int] = (-1, 30), stamp: Any = CLOCK.respond) -> bytes:
        folder = tmp_path_factory.mktemp("key")
        path = made.as_pkcs12(folder / "k.p12", made.identity("Quay master", ROOT, days), ROOT)
        key = signing_key.load(Settings(data_dir=str(folder), sign_key=str(path), sign_password=made.PASSWORD))
        data, start, end = reserve(data, datetime.now(UTC), 8_192)
        import hashlib

        digest = hashlib.sha256(data[:start] + data[end:]).digest()
        signature = asyncio.run(key.sign(digest, stamp)).hex().encode()
        return data[: start + 1] + signature.ljust(2 * 8_192, b"0") + data[end - 1 :]

    return run


def rules_of(data: bytes) -> list[str]:
    known = {f"pdf/{rule.name}" for rule in signatures.RULES}
    return [each["rule"] for each in check(data)["findings"] if each["rule"] in known]


def test_a_sound_signature_has_no_finding(sign: Callable[..., bytes]) -> None:
    data = sign(blank())
    assert rules_of(data) == []
    (report,) = check(data)["facts"]["signatures"]
    assert report == inspect(data)["facts"]["signatures"][0]
    assert (report["field"], report["kind"]) == ("Signature1", "ETSI.CAdES.detached")


def test_a_file_without_signatures() -> None:
    assert inspect(blank())["facts"]["signatures"] == [] and rules_of(blank()) == []


def test_a_changed_byte(sign: Callable[..., bytes]) -> None:
    data = sign(blank())
    assert b"/MediaBox [ 0 0 612 792 ]" in data
    report = check(data.replace(b"/MediaBox [ 0 0 612 792 ]", b"/MediaBox [ 0 0 612 793 ]", 1))
    (found,) = (each for each in report["findings"] if each["rule"] == "pdf/signature-invalid")
    assert found["severity"] == "error" and not report["passed"] and "Quay master" in found["detail"]


def test_a_page_that_is_added_later(sign: Callable[..., bytes]) -> None:
    """As an update behind the signature: its bytes are the same, and the document is another."""
    from pyhanko.pdf_utils.generic import NumberObject, pdf_name
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(sign(blank())))
    page = writer.find_page_for_modification(0)[0].get_object()
    page[pdf_name("/Rotate")] = NumberObject(180)
    writer.update_container(page)
    writer.write(out := io.BytesIO())
    assert rules_of(out.getvalue()) == ["pdf/signature-changed"]


def test_a_second_signature(sign: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields

    writer = IncrementalPdfFileWriter(io.BytesIO(sign(blank())))
    fields.append_signature_field(writer, fields.SigFieldSpec("Second"))
    writer.write(out := io.BytesIO())
    assert rules_of(out.getvalue()) == ["pdf/signature-extended"]
    monkeypatch.setattr(signatures, "MOST_COMPARED", 1)
    assert rules_of(out.getvalue()) == ["pdf/signature-not-compared"]


def test_a_certificate_that_had_expired(sign: Callable[..., bytes]) -> None:
    assert rules_of(sign(blank(), days=(-9, -3))) == ["pdf/signature-certificate"]


def test_no_time_stamp(sign: Callable[..., bytes]) -> None:
    assert rules_of(sign(blank(), stamp=None)) == ["pdf/no-time-stamp"]


def test_a_time_stamp_of_another_key(sign: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    false = Authority(Identity(CLOCK.signer.certificate, made.identity("False", stamps=True).key))
    assert rules_of(sign(blank(), stamp=false.respond)) == ["pdf/time-stamp-invalid"]


def test_without_the_extra(sign: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    data = sign(blank())
    monkeypatch.setitem(sys.modules, "pyhanko.pdf_utils.reader", None)
    assert rules_of(data) == ["pdf/signature-not-verified"]
    assert inspect(data)["facts"]["signatures"][0]["problem"] == signatures.NOT_INSTALLED


CMS = pikepdf.Name("/adbe.pkcs7.detached")


def test_other_programs_and_restrictions(tmp_path: Path) -> None:
    """A CMS signature as Acrobat makes it, in a file that is encrypted with an empty password."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    path = made.as_pkcs12(tmp_path / "k.p12", made.identity("Quay pilot", ROOT), ROOT)
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=made.PASSWORD.encode())
    with pikepdf.open(io.BytesIO(blank())) as pdf:
        pdf.save(out := io.BytesIO(), encryption=pikepdf.Encryption(user="", owner="oil"))
    writer = IncrementalPdfFileWriter(out)
    writer.encrypt("")
    signed = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name="Pilot"), signer=signer)
    (report,) = inspect(signed.getvalue())["facts"]["signatures"]
    assert (report["field"], report["kind"]) == ("Pilot", "adbe.pkcs7.detached")
    assert report["valid"] and report["whole_document"] and "Quay pilot" in report["signer"]


def malformed() -> dict[str, Any]:
    name = pikepdf.Name
    return {
        "no contents": pikepdf.Dictionary(Type=name.Sig, ByteRange=[0, 1, 2, 3], SubFilter=CMS),
        "no range": pikepdf.Dictionary(Type=name.Sig, Contents=b"abc", ByteRange=[], SubFilter=CMS),
        "negative": pikepdf.Dictionary(Type=name.Sig, Contents=b"abc", ByteRange=[0, -1, 9, 9**9], SubFilter=CMS),
        "no asn.1": pikepdf.Dictionary(Type=name.Sig, Contents=b"abc", ByteRange=[0, 9, 20, 9], SubFilter=CMS, Filter=name.X),
        "of another kind": pikepdf.Dictionary(
            Type=name.Sig, Contents=b"abc", ByteRange=[0, 9, 20, 9], SubFilter=name("/adbe.x509.rsa_sha1")
        ),
    }


@pytest.mark.parametrize("how", malformed())
def test_a_malformed_or_foreign_signature(how: str) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T="A", V=malformed()[how]))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=[field], SigFlags=3)
    pdf.save(out := io.BytesIO())
    kind = "not-verified" if how == "of another kind" else "invalid"
    assert rules_of(out.getvalue()) == [f"pdf/signature-{kind}"]


@pytest.mark.parametrize("fields", ["none", 7, [7, None], "loop"])
def test_a_malformed_form(fields: Any) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    given = fields
    if fields == "loop":
        given = pdf.make_indirect(pikepdf.Array())
        given.append(pdf.make_indirect(pikepdf.Dictionary(Kids=given)))
    pdf.Root.AcroForm = pikepdf.Dictionary(Fields=given)
    pdf.save(out := io.BytesIO())
    assert inspect(out.getvalue())["facts"]["signatures"] == []


def test_every_rule_is_broken_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert all(f'"pdf/{rule.name}"' in text for rule in signatures.RULES)
