"""POST /v1/check: the claims of a PDF, EPUB or DOCX, which of them hold, and its defects."""

from __future__ import annotations

import json

from flask import Response, request

from service.conversion import checking
from service.model import sarif
from service.model.devices import ANY, DEVICES, EVERY
from service.model.errors import NotAcceptable, Place, ValidationFailed
from service.web import authentication, bodies, responses, uploads
from service.web.endpoint import CONVERSION, CONVERT, Body, Property, answer, endpoint
from service.web.services import services

JSON = "application/json"
CHOICES = (*DEVICES, EVERY)
FORM: dict[str, Property] = {
    "file": {"type": "string", "format": "binary", "description": "A PDF, EPUB or DOCX, of any program."},
    "device": {
        "type": "string",
        "enum": list(CHOICES),
        "default": ANY,
        "description": "E-reader whose rules an EPUB is checked by too. `all`: each one.",
    },
}


@endpoint(
    "POST /v1/check",
    tag="Articles",
    scopes=CONVERT,
    cost=CONVERSION,
    name="checkFile",
    summary="Check a PDF, EPUB or DOCX",
    description="What a file of any program claims (PDF/UA, PDF/A, EPUB Accessibility), what of it holds, and each finding with"
    " rule, place, severity and repair. `Accept: application/sarif+json` answers SARIF 2.1.0.",
    body=Body("Check", FORM),
    answers={200: answer("The report. A file with findings is a 200 too.", **{JSON: "CheckReport", sarif.MEDIA_TYPE: "object"})},
    problems=(400, 406, 413, 415, 422, 503, 504),
)
def check() -> Response:
    as_sarif = _wants_sarif()
    authentication.refuse_early()
    fields, files = bodies.read()
    device = _device(fields)
    source = uploads.read_source(files)
    with authentication.spending() as cancellation:
        report = checking.check(source, services().workers, services().settings, cancellation, device)
    if as_sarif:
        text = json.dumps(sarif.log([(source.name, report)]), ensure_ascii=False)
        return Response(text, content_type=sarif.MEDIA_TYPE)
    return responses.json_answer(report)


def _device(fields: bodies.Fields) -> str:
    """Raises ValidationFailed for other fields, and for an unknown device."""
    if unknown := sorted(fields.keys() - {"device"}):
        detail = "/v1/check has the fields `file` and `device` alone."
        raise ValidationFailed(detail, places=[Place("Unknown field.", f"/{unknown[0]}")])
    device = fields.get("device", [ANY])[-1] or ANY
    if device not in CHOICES:
        detail = f"Must be one of: {', '.join(CHOICES)}."
        raise ValidationFailed(f"device: {detail}", places=[Place(detail, "/device")])
    return device


def _wants_sarif() -> bool:
    """Raises NotAcceptable for a header that accepts neither JSON nor SARIF."""
    accept = request.accept_mimetypes
    if not accept.provided:
        return False
    best = accept.best_match([JSON, sarif.MEDIA_TYPE])
    if best is None:
        raise NotAcceptable(f"This response can be {JSON} or {sarif.MEDIA_TYPE}.")
    return best == sarif.MEDIA_TYPE
