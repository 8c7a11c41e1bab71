"""Verifies the signatures of a PDF: whether each is valid and covers the whole document, its signer and its time.

By pyHanko, the extra `sign`; without it a signature is reported with the reason why it was not verified. Nothing is fetched. A
chain of certificates is not compared with a list of trusted issuers: the reader decides on trust.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import pikepdf

MOST = 50  # signatures of a file
MOST_FIELDS = 10_000
MOST_COMPARED = 500  # objects of a file whose later changes are compared: the time grows with more than their number
KINDS = ("ETSI.CAdES.detached", "adbe.pkcs7.detached", "ETSI.RFC3161", "PBAD.PAdES")  # values of SubFilter
MALFORMED = "it cannot be read"
NOT_INSTALLED = "the extra `sign` is not installed"
Report = Mapping[str, Any]


class Rule(NamedTuple):
    """A finding of a check for a signature whose report `applies`."""

    name: str
    severity: str
    message: str
    applies: Callable[[Report], bool]
    fix: str


RULES: tuple[Rule, ...] = (
    Rule("signature-invalid", "error", "A signature is not valid: the signed bytes were changed, or it is damaged.",
         lambda each: each["valid"] is False, "Do not trust the file. Get it from the signer again."),
    Rule("signature-changed", "error", "The document was changed after it was signed.",
         lambda each: bool(each["valid"]) and each["changes_allowed"] is False, "Get the file that was signed, or sign again."),
    Rule("signature-extended", "info", "Something that a signature permits was added after it: a form entry, or a signature.",
         lambda each: bool(each["valid"]) and each["changes_allowed"] is True and not each["whole_document"],
         "Compare the file with the one that was signed."),
    Rule("signature-not-compared", "warning", "The document was extended after it was signed, and is too large to compare.",
         lambda each: bool(each["valid"]) and each["changes_allowed"] is None, "Compare the file with the one that was signed."),
    Rule("signature-certificate", "warning", "The certificate was not valid at the time of the signature.",
         lambda each: bool(each["valid"]) and each["certificate_valid"] is False, "Sign with a certificate that is valid."),
    Rule("time-stamp-invalid", "warning", "The time stamp of a signature is not valid.",
         lambda each: bool(each["valid"]) and each["time_stamp"] is not None and not each["time_stamp"]["valid"],
         "Do not rely on the time. Sign again with a time stamp."),
    Rule("no-time-stamp", "info", "The time of a signature is what the signer says.",
         lambda each: bool(each["valid"]) and each["time_stamp"] is None, "Sign with the time stamp of an authority."),
    Rule("signature-not-verified", "info", "A signature was not verified.",
         lambda each: each["valid"] is None, "Install the extra `sign`, or verify the file with another program."),
)  # fmt: skip


def _number(pdf: pikepdf.Pdf) -> int:
    """The number of signatures of the form, at most MOST."""
    form = pdf.Root.get("/AcroForm")
    fields = form.get("/Fields") if isinstance(form, pikepdf.Dictionary) else None
    return sum(1 for _ in islice(_values(fields, MOST_FIELDS), MOST))


def _values(fields: Any, left: int) -> Iterator[Any]:
    """The signature dictionaries of fields, and of the fields below them."""
    waiting = list(fields) if isinstance(fields, pikepdf.Array) else []
    while waiting and left:
        field, left = waiting.pop(), left - 1
        if not isinstance(field, pikepdf.Dictionary):
            continue
        value = field.get("/V")
        if isinstance(value, pikepdf.Dictionary) and "/ByteRange" in value:
            yield value
        kids = field.get("/Kids")
        waiting += list(kids) if isinstance(kids, pikepdf.Array) else []


def of(pdf: pikepdf.Pdf, data: bytes) -> list[dict[str, Any]]:
    """A report for each signature of the file that `pdf` is opened from; see `_report`. Never raises for its content."""
    try:
        number = _number(pdf)
    except (pikepdf.PdfError, ValueError, TypeError, AttributeError, KeyError, IndexError, RuntimeError):
        return [_unverified("", "the form of the file is malformed")]
    return _verify(data, number) if number else []


def findings(reports: Iterable[Report]) -> Iterator[tuple[Rule, str, str]]:
    """The rules that apply: each with its place and a detail."""
    for each in reports:
        for rule in RULES:
            if rule.applies(each):
                yield rule, f"signature {each['field'][:80]}".strip(), each["problem"] or _by(each)


def _by(each: Report) -> str:
    return f"{each['signer']}, {each['time']}".rstrip(", ")


def _verify(data: bytes, number: int) -> list[dict[str, Any]]:
    """A report for each of `number` signatures. One that pyHanko does not find is malformed."""
    try:
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.fields import enumerate_sig_fields
    except ModuleNotFoundError:
        return [_unverified("", NOT_INSTALLED)] * number
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # its messages about the file are in the report
    reports = []
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        if reader.encrypted:
            reader.decrypt("")  # a file with restrictions only; one with a password was refused before
        for name, value, field in islice(enumerate_sig_fields(reader, filled_status=True), number):
            reports.append(_verified(reader, str(name), value, field))
    except Exception as error:  # its parser may raise anything for a malformed file
        rest = _unverified("", f"the file cannot be read for it: {type(error).__name__}")
        return reports + [rest] * (number - len(reports))
    return reports + [{**_unverified("", MALFORMED), "valid": False}] * (number - len(reports))


def _unverified(field: str, problem: str) -> dict[str, Any]:
    return {
        "field": field, "kind": "", "valid": None, "whole_document": None, "changes_allowed": None, "signer": "", "issuer": "",
        "time": "", "time_stamp": None, "certificate_valid": None, "problem": problem,
    }  # fmt: skip


def _verified(reader: Any, name: str, value: Any, field: Any) -> dict[str, Any]:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    kind = ""
    try:
        kind = str(value.get_object().get("/SubFilter", ""))[1:]
        if kind not in KINDS:
            return {**_unverified(name, "its kind is not supported"), "kind": kind}
        return _driven(_report(EmbeddedPdfSignature(reader, field, name)))
    except (OSError, MemoryError, RuntimeError) as error:  # of this process, not of the signature
        return {**_unverified(name, f"it could not be verified: {type(error).__name__}"), "kind": kind}
    except Exception as error:  # it may raise anything for a malformed signature
        return {**_unverified(name, f"{MALFORMED}: {type(error).__name__}"), "kind": kind, "valid": False}


def _driven(work: Coroutine[Any, Any, dict[str, Any]]) -> dict[str, Any]:
    """The result of a coroutine that waits for nothing: an event loop needs sockets, and a worker has none."""
    try:
        work.send(None)
    except StopIteration as done:
        result: dict[str, Any] = done.value
        return result
    finally:
        work.close()
    raise RuntimeError("it waits for something")


async def _report(embedded: Any) -> dict[str, Any]:
    """`valid`: the signature is that of the signer, over these bytes. `whole_document`: nothing was added after it.

    `time`: of the time stamp if it is valid, else of the signer. `certificate_valid`: at that time.
    """
    from pyhanko.sign.validation import async_validate_pdf_signature, async_validate_pdf_timestamp
    from pyhanko.sign.validation.status import SignatureCoverageLevel
    from pyhanko_certvalidator import ValidationContext

    is_stamp = str(embedded.sig_object_type) == "/DocTimeStamp"
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    validate = async_validate_pdf_timestamp if is_stamp else async_validate_pdf_signature
    is_large = int(embedded.reader.trailer["/Size"]) > MOST_COMPARED
    status = await validate(embedded, context, skip_diff=is_large)
    is_whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    stamp = status if is_stamp else status.timestamp_validity
    is_stamped = stamp is not None and stamp.valid and stamp.intact
    moment = stamp.timestamp if is_stamped else embedded.self_reported_timestamp
    certificate = status.signing_cert
    return {
        "field": str(embedded.field_name),
        "kind": str(embedded.sig_object.get("/SubFilter", ""))[1:],
        "valid": bool(status.valid and status.intact),
        "whole_document": is_whole,
        "changes_allowed": is_whole or (None if is_large else bool(status.docmdp_ok)),
        "signer": certificate.subject.human_friendly,
        "issuer": certificate.issuer.human_friendly,
        "time": moment.isoformat() if moment else "",
        "time_stamp": None if stamp is None else {
            "valid": bool(is_stamped), "authority": stamp.signing_cert.subject.human_friendly,
            "time": stamp.timestamp.isoformat(),
        },
        "certificate_valid": _is_valid_at(certificate, moment),
        "problem": "",
    }  # fmt: skip


def _is_valid_at(certificate: Any, moment: datetime | None) -> bool | None:
    """None if the time of the signature is unknown."""
    if moment is None:
        return None
    return bool(certificate.not_valid_before <= moment <= certificate.not_valid_after)
