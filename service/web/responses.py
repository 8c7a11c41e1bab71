"""Artifacts as HTTP answers: complete names, strong validators, digests, and nothing that a browser runs."""

from __future__ import annotations

import base64
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from flask import Response, request

from service.conversion.driver import Outcome
from service.model import codec
from service.model.document import Artifact
from service.model.errors import NotAcceptable
from service.model.formats import OUTPUT_FORMATS
from service.storage.base import Store

ZIP = "application/zip"
SUFFIX = re.compile(r"[A-Za-z0-9]{1,8}")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,63}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,63}")


def content_disposition(name: str) -> str:
    """RFC 6266 with an ASCII fallback, and the whole name by RFC 8187. Any `name` stays within its quotes."""
    stem, dot, suffix = name.rpartition(".")
    if not SUFFIX.fullmatch(suffix):
        stem, dot, suffix = name, "", ""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = "".join(character if character.isalnum() or character in " -_." else "_" for character in plain).strip(" .")
    fallback = f"{plain or 'article'}{dot}{suffix}"
    header = f'attachment; filename="{fallback}"'
    return header if fallback == name else f"{header}; filename*=UTF-8''{quote(name, safe='', errors='replace')}"


def media_type_of(said: str) -> str:
    """A media type that a file names, for a header; a stream of bytes if it is not valid (RFC 6838, section 4.2)."""
    return said.lower() if MEDIA_TYPE.fullmatch(said) else "application/octet-stream"


def wants_report(media_types: Sequence[str]) -> bool:
    """Whether Accept prefers the JSON report to the file. Raises NotAcceptable if it accepts neither."""
    accept = request.accept_mimetypes
    if not accept or not accept.provided:
        return False
    best = accept.best_match([*media_types, "application/octet-stream", "application/json"])
    if best is None:
        raise NotAcceptable(f"This response can be {', '.join(media_types)} or application/json.")
    return best == "application/json" and accept["application/json"] > max(accept[each] for each in media_types)


def accepted_target() -> str:
    """The output format that Accept prefers, if it names one; empty if it accepts anything, or only a report.

    Raises NotAcceptable if the header accepts no output format. JSON is the report, not a format.
    """
    formats = {each.media_type: each.name for each in OUTPUT_FORMATS.values() if each.media_type != "application/json"}
    accept = request.accept_mimetypes
    if not accept.provided:
        return ""
    best = accept.best_match([*formats, ZIP, "application/json"])
    if best is None:
        raise NotAcceptable(f"This response can be {', '.join(formats)}, {ZIP} or application/json.")
    return formats.get(best, "") if best in [media_type for media_type, _ in accept] else ""


def headers_of(data: bytes, sha256: str, name: str, notices: int) -> dict[str, str]:
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    return {
        "Content-Disposition": content_disposition(name),
        "Content-Length": str(len(data)),
        "ETag": f'"{sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        "Cache-Control": "private, max-age=0, must-revalidate",
        "Colophon-Notices": str(notices),
    }


def file_answer(artifact: Artifact) -> Response:
    headers = headers_of(artifact.data, artifact.sha256, artifact.name, len(artifact.notices))
    if request.if_none_match.contains(artifact.sha256):
        return Response(status=304, headers={key: value for key, value in headers.items() if key != "Content-Length"})
    media_type = media_type_of(artifact.media_type)
    media_type += "; charset=utf-8" if media_type.startswith("text/") else ""
    return Response(artifact.data, headers=headers, content_type=media_type)


def described(artifact: Artifact) -> dict[str, Any]:
    """An artifact in manifests and reports: everything but its bytes."""
    return {
        "name": artifact.name,
        "format": artifact.format,
        "media_type": artifact.media_type,
        "size": len(artifact.data),
        "sha256": artifact.sha256,
        "notices": codec.pack_notices(artifact.notices),
        "report": dict(artifact.report),
    }


def zip_answer(outcome: Outcome, name: str) -> Response:
    """Several artifacts of one request, with manifest.json first; the same artifacts give the same zip."""
    buffer = io.BytesIO()
    manifest = {"metadata": public_metadata(outcome.metadata), "artifacts": [described(each) for each in outcome.artifacts]}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, "manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        for artifact in outcome.artifacts:
            _add(archive, artifact.name, artifact.data)
    bundle = Artifact(name, "zip", ZIP, buffer.getvalue(), outcome.notices)
    return file_answer(bundle)


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, data)


def public_metadata(packed: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a report. The original front matter is next to them, not inside."""
    return {name: value for name, value in packed.items() if name != "front_matter"}


def conditional(response: Response) -> Response:
    """Returns 304 if the caller has it already, by the ETag of the answer."""
    response.make_conditional(request)
    return response


def json_answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status=status, headers=dict(headers or {}), content_type="application/json")


def quoted(name: str) -> str:
    return quote(name, safe="")


def stored_answer(store: Store, key: str, name: str, media_type: str) -> Response:
    """A blob, whole or the one range that is requested (RFC 9110, section 14). Raises Gone, Damaged."""
    size = store.verify(key)
    headers = {
        "Content-Disposition": content_disposition(name), "ETag": f'"{key}"', "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=3600, immutable",
    }  # fmt: skip
    if request.if_none_match.contains(key):
        return Response(status=304, headers=headers)
    start, stop = _range(size)
    if (start, stop) == (0, size):
        headers["Content-Length"] = str(size)
        return Response(store.stream(key), headers=headers, content_type=media_type_of(media_type))
    headers |= {"Content-Length": str(stop - start), "Content-Range": f"bytes {start}-{stop - 1}/{size}"}
    return Response(store.stream(key, start, stop - start), status=206, headers=headers, content_type=media_type)


def _range(size: int) -> tuple[int, int]:
    """Start and stop of the one range that is requested; with several ranges, or none that fits, the whole."""
    asked = request.range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return 0, size
    found = asked.range_for_length(size)
    return found if found is not None else (0, size)
