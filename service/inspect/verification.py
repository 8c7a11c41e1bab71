"""The check after each conversion: the artifact is opened again and compared with the intended values, field by field."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any

from service.ast.title_block import title_of
from service.containers.parts import Found, opened
from service.inspect import CONTENTS, device_checks, epub_book, pdf_rules
from service.inspect.markup import READ_BACK
from service.model import metadata_map, record
from service.model.devices import ANY, DEVICES, SHOPS
from service.model.document import Conversion, Document, Notice
from service.model.errors import ColophonError
from service.model.notices import notice

# No value: the required text of a file without a known language, which an inspector does not return.
UNDETERMINED = ("lang", "und")
Verified = tuple[dict[str, Any], tuple[Notice, ...]]


def verify(data: bytes, target: str, document: Document, conversion: Conversion) -> Verified:
    """The report on an artifact, and a notice for each field that cannot be found in it again.

    `verify=metadata` compares the native places, `full` also the embedded record and the upload, byte for byte, and checks what
    a PDF claims.
    """
    if conversion.verify != "none" and target in READ_BACK:
        return _verify_markup(data, target, document)
    if conversion.verify == "none" or target not in CONTENTS:
        return {}, ()
    try:
        found = CONTENTS[target](data)
    except ColophonError as error:
        return {"readable": False}, (notice("metadata-mismatch", f"The artifact cannot be opened again: {error.detail}"),)
    values = {field: value for field, value in _values(document).items() if (field, value) != UNDETERMINED}
    fields = {field: compared(found.native, target, field, value) for field, value in values.items()}
    wrong = [field for field, row in fields.items() if not row["found"]]
    report: dict[str, Any] = {"readable": True, "fields": fields, **found.facts}
    if conversion.verify == "full":
        embedded = _embedded(found, document, conversion)
        report["embedded"] = embedded
        wrong += [name for name, equal in embedded.items() if equal is False]
    broken: Iterable[Notice] = ()
    if conversion.verify == "full" and target in BROKEN:
        broken = BROKEN[target](data, report, conversion)
    return report, (*(_mismatch(name) for name in wrong), *broken)


def _claims(data: bytes, report: dict[str, Any], _: Conversion) -> Iterator[Notice]:
    """The rules of its claims that a PDF breaks, in the report and as notices."""
    claims, findings = pdf_rules.findings(data)
    report["conformance"] = {"claims": claims, "findings": [each._asdict() for each in findings]}
    for rule, found in groupby(findings, key=lambda each: (each.claim, each.rule, each.message)):
        places = [each.place for each in found]
        message = f"The file claims {rule[0].upper()} and breaks its rule {rule[1]}: {rule[2]} The first place: {places[0]}."
        yield notice("claim-broken", message, stage="verify", data={"claim": rule[0], "rule": rule[1], "places": places})


def _device_rules(data: bytes, report: dict[str, Any], conversion: Conversion) -> Iterator[Notice]:
    """The refusals of e-readers, and the advice for the device of the conversion; in the report and as notices."""
    wanted = SHOPS if conversion.device == ANY else (conversion.device,)
    with opened(data, "EPUB") as parts:
        found = list(device_checks.broken(epub_book.read(parts), len(data), wanted))
    reported = [(rule, places) for rule, places in found if rule.refuses or conversion.device != ANY]
    report["devices"] = {shop: [rule.name for rule, _ in found if rule.device == shop and rule.refuses] for shop in wanted}
    for rule, places in reported:
        code = "device-refuses" if rule.refuses and conversion.device != ANY else "device-advice"
        verb = "refuses the file" if rule.refuses else "advises against a part of it"
        message = f"{DEVICES[rule.device].label} {verb}: {rule.message} {rule.fix} The first place: {places[0].part}."
        about = {"device": rule.device, "rule": rule.name, "fix": rule.fix, "source": rule.source}
        yield notice(code, message, stage="verify", data=about | {"places": [each.part for each in places]})


BROKEN: Mapping[str, Callable[[bytes, dict[str, Any], Conversion], Iterator[Notice]]] = {"pdf": _claims, "epub": _device_rules}


def _verify_markup(data: bytes, target: str, document: Document) -> Verified:
    """HTML and Markdown contain no upload, and their record is compared with the rest, so both levels are the same."""
    try:
        places, custom = READ_BACK[target](data)
    except ColophonError as error:
        return {"readable": False}, (notice("metadata-mismatch", f"The artifact cannot be opened again: {error.detail}"),)
    metadata = record.given(document) if target == "markdown" else document.metadata
    fields = {}
    for field, value in _values(replace(document, metadata=metadata)).items():
        found = [place for place, held in places[field].items() if _equal(held, value)]
        fields[field] = {"value": value, "found": bool(found), "places": found}
    wrong = [field for field, row in fields.items() if not row["found"]]
    wrong += [field for field, found in places.items() if field not in fields and any(found.values())]
    wrong += ["custom"] if custom != dict(metadata.custom) else []
    return {"readable": True, "fields": fields}, tuple(_mismatch(name) for name in wrong)


def _equal(held: Any, value: Any) -> bool:
    if isinstance(value, list):
        return isinstance(held, list) and len(held) == len(value) and all(map(metadata_map.same, held, value))
    return metadata_map.same(str(held), value)


def _mismatch(name: str) -> Notice:
    return notice("metadata-mismatch", f"{name} differs from the value that was written.", stage="verify", data={"field": name})


def _values(document: Document) -> Mapping[str, Any]:
    values = {field: metadata_map.expected(document.metadata, field) for field in metadata_map.MAPPING}
    return {field: value for field, value in (values | {"title": title_of(document)}).items() if value}


def compared(native: Mapping[str, Any], target: str, field: str, value: Any) -> dict[str, Any]:
    """The places of the value; `found` if one place has it completely."""
    cells = metadata_map.MAPPING[field][target]
    places = [cell.place for cell in cells if metadata_map.agrees(native, cell, value)]
    return {"value": value, "found": bool(places), "places": places}


def _embedded(found: Found, document: Document, conversion: Conversion) -> dict[str, bool | None]:
    """None if no record is expected."""
    kept = found.record is not None or found.source is not None
    meant = record.build(document, conversion)
    alone = _metadata_alone(found.record)
    if alone is not None:
        whole = json.loads(meant)
        return {"record": alone == {**whole["metadata"], "front_matter": whole["front_matter"]}, "source": None}
    return {
        "record": found.record == meant if found.record is not None else None,
        "source": _same_source(found, document) if conversion.embed_source and kept else None,
    }


def _metadata_alone(found: bytes | None) -> Any:
    """The record in the XMP of a file that may not have attachments (PDF/A-2); else None."""
    try:
        held = json.loads(found or b"{}")
    except ValueError:
        return None
    return held["metadata"] if set(held) == {"metadata"} else None


def _same_source(found: Found, document: Document) -> bool:
    return found.source is not None and found.source.data == document.source.data
