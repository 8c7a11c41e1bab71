"""Signed PDFs: pdfsig verifies them, veraPDF finds their claims unbroken; a failure is a problem, its cause is in the log."""

from __future__ import annotations

import hashlib
import io
import logging
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from schemas import options
from service.conversion import signing
from service.conversion.converter import Converter, PoolConverter
from service.engines import Engines
from service.inspect import inspect
from service.model.document import Artifact, Source
from service.model.errors import ColophonError, Internal, SigningUnavailable, TimeStampUnavailable, ValidationFailed
from service.model.settings import Settings
from service.network import time_stamps
from service.pipeline import steps
from service.writers.pdf.signature_field import serve_reserve
from tests import signatures
from tests.signatures import Authority, Identity
from tests.writers.test_pdf_claims import profiles_of
from tests.writers.test_pdf_variants import failures

TEXT = "---\ntitle: Lamps\nlang: en\n---\n\nText[^1] with [a link](https://lamps.example).\n\n## Oil\n\n[^1]: Note.\n"
VARIANTS = ("", "pdf/ua-2", "pdf/a-2a+ua-1", "pdf/a-3u+ua-1", "pdf/a-4f+ua-2")
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "no answer": lambda _: b"", "no response": lambda _: b"hello", "cut off": lambda response: response[:-40],
    "refused": lambda _: bytes.fromhex("30053003020102"),
}  # fmt: skip


class Workers:
    """Makes places in this process."""

    def call(self, operation: str, header: Any, blobs: Any, **_: Any) -> tuple[dict[str, Any], list[bytes]]:
        assert operation == "reserve_signature"
        return serve_reserve(header, blobs, None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def root() -> Identity:
    return signatures.identity("Harbour root")


@pytest.fixture(scope="module")
def keys(root: Identity, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("keys")
    ida, old = signatures.identity("Ida Quist", root), signatures.identity("Old Quist", root, days=(-30, -2))
    return {
        "pkcs12": signatures.as_pkcs12(folder / "ida.p12", ida, root),
        "pem": signatures.as_pem(folder / "ida.pem", ida, signatures.PASSWORD),
        "certificates": signatures.certificates(folder / "chain.pem", root, ida),
        "other": signatures.certificates(folder / "other.pem", root),
        "expired": signatures.as_pkcs12(folder / "old.p12", old, root),
        "future": signatures.as_pkcs12(folder / "new.p12", signatures.identity("New Quist", root, days=(5, 9)), root),
        "missing": folder / "none.p12",
    }


@pytest.fixture
def authority(root: Identity, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Authority, str]]:
    monkeypatch.setattr(time_stamps, "PAUSE", 0.01)
    clock = Authority(signatures.identity("Harbour clock", root, stamps=True))
    with signatures.serving(clock) as url:
        yield clock, url


@pytest.fixture
def signed_by(settings: Settings, keys: dict[str, Path], authority: tuple[Authority, str]) -> Settings:
    """Settings with a key, and an authority."""
    return replace(
        settings, sign_key=str(keys["pkcs12"]), sign_password=signatures.PASSWORD, sign_timestamp_url=authority[1],
        fetch_allow="127.0.0.1", sign_deadline=600.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain(engines: Engines) -> Callable[..., Artifact]:
    def make(variant: str = "") -> Artifact:
        recipe = options.load(("pdf",), {"pdf_variant": variant})
        return steps.write(steps.read(Source("a.md", TEXT.encode()), recipe, engines), recipe, "pdf", engines)

    return make


def sign(settings: Settings, artifact: Artifact) -> Artifact:
    return signing.Signer(settings).sign(artifact, Workers())


def test_another_program_verifies_it(signed_by: Settings, plain: Callable[..., Artifact], tmp_path: Path) -> None:
    made = sign(signed_by, plain())
    path = tmp_path / "a.pdf"
    path.write_bytes(made.data)
    reported = subprocess.run(["pdfsig", "-nocert", path], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid." in reported and "Total document signed" in reported and "ETSI.CAdES.detached" in reported
    assert "Signer Certificate Common Name: Ida Quist" in reported
    assert [each.code for each in made.notices][-1] == "signed"
    (found,) = inspect(made.data)["facts"]["signatures"]
    assert found["valid"] and found["whole_document"] and found["certificate_valid"]
    assert "Ida Quist" in found["signer"] and "Harbour root" in found["issuer"]
    assert found["time_stamp"]["valid"] and "Harbour clock" in found["time_stamp"]["authority"]


def test_the_file_before_is_its_beginning(signed_by: Settings, plain: Callable[..., Artifact]) -> None:
    """The metadata, the record and the pages stay as they were."""
    before = plain()
    after = sign(signed_by, before)
    assert after.data.startswith(before.data)
    reported, again = inspect(before.data), inspect(after.data)
    assert {**again["facts"], "signatures": []} == reported["facts"]
    assert {**again, "facts": 0} == {**reported, "facts": 0}


@pytest.mark.skipif(not shutil.which("java"), reason="no Java for veraPDF (Debian: default-jre-headless)")
@pytest.mark.timeout(900)
def test_what_it_claims_still_holds(signed_by: Settings, plain: Callable[..., Artifact], tmp_path: Path) -> None:
    arguments = []
    for variant in VARIANTS:
        before = plain(variant)
        data, path = sign(signed_by, before).data, tmp_path / f"{variant.replace('/', '-')}.pdf"
        path.write_bytes(data)
        assert profiles_of(data) == profiles_of(before.data) != []
        arguments += [f"{profile}={path}" for profile in profiles_of(data)]
    assert failures(arguments) == {each: [] for each in arguments}


def test_keys_from_pem(signed_by: Settings, keys: dict[str, Path], plain: Callable[..., Artifact]) -> None:
    """And without a time stamp."""
    pem = replace(signed_by, sign_key=str(keys["pem"]), sign_certificates=str(keys["certificates"]), sign_timestamp_url="")
    (found,) = inspect(sign(pem, plain()).data)["facts"]["signatures"]
    assert found["valid"] and "Ida Quist" in found["signer"] and found["time_stamp"] is None and found["time"]


@pytest.mark.logs("the cause of a key that cannot be used")
@pytest.mark.parametrize(
    ("wrong", "reported"),
    [
        ({"sign_password": "lamp"}, "password of its key is wrong"), ({"sign_key": "expired"}, "certificate expired on"),
        ({"sign_key": "future"}, "certificate is valid from"), ({"sign_key": "missing"}, "cannot be read"),
        ({"sign_key": "pem", "sign_certificates": "other"}, "no certificate belongs to its key"),
        ({"sign_key": "pem", "sign_password": ""}, "password of its key is wrong"),
        ({"sign_key": "certificates"}, "password of its key is wrong, or a file of it is damaged"),
    ],
)  # fmt: skip
def test_a_key_that_cannot_be_used(
    wrong: dict[str, str], reported: str, signed_by: Settings, keys: dict[str, Path], caplog: pytest.LogCaptureFixture
) -> None:
    given = {name: str(keys.get(value, value)) for name, value in wrong.items()}
    with pytest.raises(SigningUnavailable, match=reported) as caught:
        sign(replace(signed_by, **given), Artifact("a.pdf", "pdf", "application/pdf", b"%PDF-"))
    assert caught.value.status == 503 and not caught.value.retryable
    assert str(keys["missing"].parent) not in caught.value.detail and signatures.PASSWORD not in caplog.text
    assert [record.name for record in caplog.records if record.levelno == logging.ERROR] == ["colophon.signing"]


@pytest.mark.parametrize("how", SPOILT)
def test_no_valid_time_stamp(
    how: str, authority: tuple[Authority, str], signed_by: Settings, plain: Callable[..., Artifact]
) -> None:
    authority[0].spoil = SPOILT[how]
    with pytest.raises(TimeStampUnavailable) as caught:
        sign(signed_by, plain())
    assert caught.value.status == 503 and caught.value.retryable and caught.value.costs_attempt


def test_the_time_stamp_of_something_else(
    authority: tuple[Authority, str], signed_by: Settings, plain: Callable[..., Artifact], monkeypatch: pytest.MonkeyPatch
) -> None:
    from asn1crypto import tsp

    clock, respond = authority[0], authority[0].respond

    def other(query: bytes) -> bytes:
        changed = tsp.TimeStampReq.load(query)
        changed["message_imprint"]["hashed_message"] = hashlib.sha256(b"another").digest()
        return respond(changed.dump(force=True))

    monkeypatch.setattr(clock, "respond", other)
    with pytest.raises(TimeStampUnavailable, match="stamped another digest"):
        sign(signed_by, plain())


def test_an_authority_that_is_not_there(signed_by: Settings, plain: Callable[..., Artifact]) -> None:
    nowhere = replace(signed_by, sign_timestamp_url="http://127.0.0.1:9/tsa")
    with pytest.raises(TimeStampUnavailable, match="cannot be reached"):
        sign(nowhere, plain())


def test_certificates_that_need_a_larger_place(
    signed_by: Settings, plain: Callable[..., Artifact], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "SIZES", (100, 20_000))
    (found,) = inspect(sign(signed_by, plain()).data)["facts"]["signatures"]
    assert found["valid"]
    monkeypatch.setattr(signing, "SIZES", (100, 200))
    with pytest.raises(SigningUnavailable, match="more than 200 bytes"):
        sign(signed_by, plain())


def test_a_worker_may_only_append(signed_by: Settings, plain: Callable[..., Artifact]) -> None:
    class Changing(Workers):
        def call(self, operation: str, header: Any, blobs: Any, **more: Any) -> tuple[dict[str, Any], list[bytes]]:
            header, (data,) = super().call(operation, header, blobs, **more)
            return header, [data.replace(b"%PDF-1.7", b"%PDF-1.6")]

    with pytest.raises(Internal):
        signing.Signer(signed_by).sign(plain(), Changing())


def test_who_decides(settings: Settings) -> None:
    ready = replace(settings, sign_key="key.p12")
    always = replace(ready, sign="on")
    for given, wanted in ((ready, "on"), (always, "auto"), (always, "on")):
        assert signing.is_wanted(options.load(("pdf",), {"sign": wanted}), given)
    for given, wanted in ((settings, "auto"), (ready, "auto"), (ready, "off"), (always, "off")):
        assert not signing.is_wanted(options.load(("pdf",), {"sign": wanted}), given)
    assert not signing.is_wanted(options.load(("epub",), {}), always)
    with pytest.raises(ValidationFailed) as caught:
        signing.is_wanted(options.load(("pdf",), {"sign": "on"}), settings)
    assert caught.value.places[0].pointer == "/sign"
    with pytest.raises(ValueError, match="COLOPHON_SIGN_KEY"):
        replace(settings, sign="on")


def test_from_a_sandboxed_worker_and_past_the_cache(signed_by: Settings, tmp_path: Path) -> None:
    """The second answer is from the cache, and is signed again; the unsigned file stays reproducible."""
    given = replace(signed_by, data_dir=str(tmp_path), workers=1, cache=10_000_000)
    source, recipe = Source("a.md", TEXT.encode()), options.load(("pdf", "epub"), {"sign": "on"})
    with PoolConverter(given, spares=0) as converter:
        first, _ = converter.convert(source, recipe)
        _wait(converter)
        second, hit = converter.convert(source, recipe)
        unsigned, _ = converter.convert(source, replace(recipe, sign="off"))
        report, _ = converter.workers.call("inspect", {}, [first.artifacts[0].data])
        assert report["facts"]["signatures"][0]["valid"]  # a worker has neither network nor event loop
    before = unsigned.artifacts[0].data
    assert hit and [each.format for each in second.artifacts] == ["pdf", "epub"]
    for outcome in (first, second):
        data = outcome.artifacts[0].data
        assert data.startswith(before) and inspect(data)["facts"]["signatures"][0]["valid"]
    assert first.artifacts[0].data != second.artifacts[0].data
    assert first.artifacts[1].data == second.artifacts[1].data


def _wait(converter: Converter) -> None:
    """Until what the cache was given is written."""
    converter.results._writer.submit(lambda: None).result()


def test_a_file_of_a_stranger_has_a_place_too(tmp_path: Path) -> None:
    """A tree of pages, and objects in streams."""
    pdf = pikepdf.new()
    for _ in range(40):
        pdf.add_blank_page()
    pdf.save(out := io.BytesIO(), object_stream_mode=pikepdf.ObjectStreamMode.generate)
    header, (data,) = Workers().call("reserve_signature", {"moment": "2026-01-02T03:04:05+00:00", "size": 90}, [out.getvalue()])
    assert data[header["start"] : header["end"]] == b"<" + b"0" * 180 + b">"
    with pikepdf.open(io.BytesIO(data)) as again:
        assert len(again.pages) == 40 and len(again.Root.AcroForm.Fields) == 1


def test_each_error_is_of_the_tree() -> None:
    assert issubclass(TimeStampUnavailable, SigningUnavailable) and issubclass(SigningUnavailable, ColophonError)
