"""Every option, field of metadata, record, notebook value and property takes any value without an internal error."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from schemas.metadata import FIELDS
from service.engines import Engines
from service.model.options import OPTIONS
from tests.hostile_values import CSS, JSON, TEXTS
from tests.readers import office
from tests.web.conftest import ARTICLE, Send

Answer = Callable[..., Any]
PROPERTIES = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
)
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
KINDS = ("i1", "i4", "i8", "ui8", "int", "r4", "r8", "decimal", "bool", "filetime", "lpwstr")


def refused_or_taken(answer: Any) -> None:
    """An answer below 500; a problem names what is wrong."""
    assert answer.status_code < 500, answer.data[:500]
    if answer.status_code >= 400:
        assert json.loads(answer.data)["detail"]


@pytest.mark.parametrize("value", JSON, ids=lambda value: value[:24])
def test_metadata_of_a_request(send: Send, value: str) -> None:
    for name in ("shelf", *FIELDS):
        refused_or_taken(send("/v1/validate", metadata=f'{{"{name}": {value}}}'))
    refused_or_taken(send("/v1/convert", to="epub", metadata=f'{{"shelf": {value}}}'))
    refused_or_taken(send("/v1/jobs", to="epub", metadata=f'{{"shelf": {value}}}'))


@pytest.mark.parametrize("value", JSON, ids=lambda value: value[:24])
def test_options(send: Send, value: str) -> None:
    for name in OPTIONS:
        refused_or_taken(send("/v1/validate", options=f'{{"{name}": {value}}}'))


@pytest.mark.parametrize("value", JSON, ids=lambda value: value[:24])
def test_front_matter_in_json(send: Send, value: str) -> None:
    names = ", ".join(f'"{name}": {value}' for name in ("shelf", *FIELDS))
    refused_or_taken(send("/v1/convert", ("a.md", f"{{{names}}}\n\nLight.\n"), to="epub"))


@pytest.mark.parametrize("value", JSON, ids=lambda value: value[:24])
def test_notebooks(send: Send, value: str) -> None:
    cell = '{"cell_type": "markdown", "source": "Light.", "metadata": {}}'
    keys = ("cell_type", "level", "source", "input", "attachments", "outputs", "metadata")
    odd = [
        f'{{"cell_type": "{kind}", "source": "x", "{key}": {value}}}' for kind in ("heading", "markdown", "code") for key in keys
    ]
    outputs = ("output_type", "data", "text", "traceback", "ename", "png")
    odd += [
        f'{{"cell_type": "code", "source": "", "outputs": [{{"output_type": "stream", "{key}": {value}}}]}}' for key in outputs
    ]
    kinds = ("text/html", "text/markdown", "text/latex", "text/plain", "image/png", "image/svg+xml")
    odd += [
        f'{{"cell_type": "code", "outputs": [{{"output_type": "display_data", "data": {{"{kind}": {value}}}}}]}}'
        for kind in kinds
    ]
    for each in odd:
        refused_or_taken(send("/v1/ast", ("a.ipynb", f'{{"cells": [{cell}, {each}], "nbformat": 4, "metadata": {{}}}}')))
    names = ", ".join(f'"{name}": {value}' for name in ("shelf", *FIELDS))
    for said in (f"{{{names}}}", value, f'{{"kernelspec": {value}, "language_info": {{"name": {value}}}}}'):
        refused_or_taken(send("/v1/convert", ("a.ipynb", f'{{"cells": [{cell}], "nbformat": 4, "metadata": {said}}}'), to="docx"))
    refused_or_taken(send("/v1/ast", ("a.ipynb", f'{{"cells": {value}, "worksheets": {value}, "nbformat": {value}}}')))


@pytest.mark.parametrize("value", TEXTS, ids=lambda value: value[:24])
def test_properties_of_word(send: Send, engines: Engines, conversion: office.Recipe, value: str) -> None:
    article = stripped(office.ours(engines, conversion, "docx"), "customXml/")
    entries = "".join(
        f'<property fmtid="{FORMAT_ID}" pid="{number}" name="p{number}"><vt:{kind}>{value}</vt:{kind}></property>'
        for number, kind in enumerate(KINDS, 2)
    )
    app = '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    parts = {
        "docProps/custom.xml": f"{PROPERTIES}{entries}</Properties>",
        "docProps/app.xml": f"{app}<Pages>{value}</Pages><Words>{value}</Words><TotalTime>{value}</TotalTime></Properties>",
    }
    data = replaced(article, {name: part.encode() for name, part in parts.items()})
    refused_or_taken(send("/v1/inspect", ("a.docx", data)))
    for target in ("epub", "pdf"):
        refused_or_taken(send("/v1/convert", ("a.docx", data), to=target))


@pytest.mark.parametrize("value", JSON, ids=lambda value: value[:24])
def test_embedded_records(send: Send, engines: Engines, conversion: office.Recipe, value: str) -> None:
    article = office.ours(engines, conversion, "epub")
    record = json.loads(part_of(article, "colophon.json"))
    inner = [f'"{name}": {value}' for name in record["metadata"]]
    keys = (*record, "chapters", "shelf")
    for key in keys:
        rest = json.dumps({name: each for name, each in record.items() if name != key})
        written = f'{rest[:-1]}, "{key}": {value}}}'
        data = replaced(article, {"EPUB/colophon.json": written.encode()})
        refused_or_taken(send("/v1/inspect", ("a.epub", data)))
        refused_or_taken(send("/v1/convert", ("a.epub", data), to="docx"))
    rest = json.dumps({name: each for name, each in record.items() if name != "metadata"})
    data = replaced(article, {"EPUB/colophon.json": f'{rest[:-1]}, "metadata": {{{", ".join(inner)}}}}}'.encode()})
    refused_or_taken(send("/v1/inspect", ("a.epub", data)))
    refused_or_taken(send("/v1/convert", ("a.epub", data), to="docx"))


@pytest.mark.parametrize("css", CSS, ids=lambda css: css[:24])
@pytest.mark.parametrize("target", ["pdf", "epub", "html"])
def test_style_sheets(send: Send, css: str, target: str) -> None:
    refused_or_taken(send("/v1/convert", to=target, css=css))


def test_numbers_beyond_64_bits_are_kept_as_text(send: Send) -> None:
    answer = send("/v1/validate", ARTICLE, metadata='{"shelf": 123456789012345678901234567890}')
    assert answer.status_code == 200
    assert json.loads(answer.data)["metadata"]["custom"]["shelf"] == "123456789012345678901234567890"


def stripped(data: bytes, folder: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist() if not name.startswith(folder)})


def part_of(data: bytes, ending: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(next(name for name in archive.namelist() if name.endswith(ending)))


def replaced(data: bytes, parts: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return packed({name: archive.read(name) for name in archive.namelist()} | parts)


def packed(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else None)
    return out.getvalue()
