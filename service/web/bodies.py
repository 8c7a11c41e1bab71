"""The three bodies of a request in one shape: fields and files.

multipart/form-data has both; `application/json` has them in one object; any other media type of a reader is the article
itself. The query can add fields to each. Only framing, names, types and sizes are examined.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from flask import request
from werkzeug.datastructures import FileStorage

from schemas.options import properties, unknown
from schemas.requests import JOB_FIELDS, PREVIEW_QUERY
from service.model.errors import InvalidJson, MalformedMultipart, MissingFile, Place, UnsupportedFormat, ValidationFailed
from service.model.formats import INPUT_FORMATS, SUFFIXES
from service.model.options import ALIASES
from service.model.text import strict_json

Fields = dict[str, list[str]]
Files = dict[str, list[FileStorage]]

FORM, JSON = "multipart/form-data", "application/json"
PAIRS = "application/x-www-form-urlencoded"
OCTETS = "application/octet-stream"  # name and content decide on the reader
# Bodies that are the file itself: those of the readers, of archives and of artifacts.
MEDIA_TYPES: Mapping[str, str] = {
    **{media_type: each.suffixes[0] for each in INPUT_FORMATS.values() for media_type in each.media_types},
    "application/zip": ".zip", "application/pdf": ".pdf", OCTETS: "",
}  # fmt: skip
NOT_FIELDS = frozenset(PREVIEW_QUERY.fields)  # of the query: fields that a call reads separately
# A JSON body: members that are not options. `files` are articles or, next to `text`, files of the article (pandoc-server).
TEXT, FILES, ASSETS, FONTS, NAME = "text", "files", "assets", "fonts", "file_name"
URL = "url"  # the address of a page
OTHERS = frozenset({"part", URL})  # fields of some calls
MOST_VALUES = 20_000  # in a JSON body: each value needs far more memory than its bytes
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "boolean": bool, "integer": int, "number": (int, float), "object": dict, "array": list,
}  # fmt: skip


def read() -> tuple[Fields, Files]:
    """Fields and files. Raises BadRequest, UnsupportedFormat, ValidationFailed, and Werkzeug's 413."""
    if request.content_encoding not in (None, "", "identity"):
        raise UnsupportedFormat("Compressed request bodies are not supported. Send the body uncompressed.")
    fields, files = _reader(request.mimetype)()
    own = NOT_FIELDS if request.mimetype in (FORM, JSON) else {*NOT_FIELDS, NAME}
    for name, values in request.args.to_dict(flat=False).items():
        if name not in own:
            fields[name] = [*fields.get(name, []), *values]
    return fields, files


def _reader(media_type: str) -> Callable[[], tuple[Fields, Files]]:
    if media_type == FORM:
        return _form
    if media_type == JSON:
        return _json
    if media_type in ("", PAIRS) and (URL in request.args or URL in request.form):
        return _pairs
    if media_type in MEDIA_TYPES:
        return _raw
    if media_type and media_type != PAIRS:
        raise UnsupportedFormat(
            f"A body of type {media_type[:100]!r} is not supported. Send {FORM}, {JSON}, or the article itself with the media "
            "type of a reader: /v1/formats lists them."
        )
    raise MissingFile(
        "Send the article as part `file` of a multipart/form-data body, or as the body with its own Content-Type, "
        "for example text/markdown."
    )


def _form() -> tuple[Fields, Files]:
    if not request.mimetype_params.get("boundary"):
        raise MalformedMultipart("The Content-Type names no boundary.")
    try:
        fields, files = request.form, request.files
    except ValueError as error:
        raise MalformedMultipart("The multipart body is incomplete, or its boundary is wrong.") from error
    return fields.to_dict(flat=False), files.to_dict(flat=False)


def _pairs() -> tuple[Fields, Files]:
    """A form without files, or no body at all: the article is at a URL."""
    return request.form.to_dict(flat=False), {}


def _raw() -> tuple[Fields, Files]:
    """The body as the one file. Its name is the parameter `file_name`."""
    named = request.args.getlist(NAME)[-1:] or [f"article{MEDIA_TYPES[request.mimetype]}"]
    data = request.get_data(cache=False)
    if not data:
        raise MissingFile("The body is empty. Send the article as the body.")
    return {}, {"file": [_part(named[0], data, request.content_type or "")]}


def _part(name: str, data: bytes, media_type: str = "") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name, content_type=media_type)


def _media_type(name: str) -> str:
    """The media type of an article in a JSON body, by its suffix, as in a form."""
    suffix = PurePosixPath(name.lower()).suffix
    return next((each.media_types[0] for each in INPUT_FORMATS.values() if suffix in each.suffixes), "")


def _json() -> tuple[Fields, Files]:
    body = _object(request.get_data(cache=False))
    text, name = (_typed(body, key, str, "text") for key in (TEXT, NAME))
    given, assets, fonts = (_decoded(body, key) for key in (FILES, ASSETS, FONTS))
    articles = {} if text is not None else {key: data for key, data in given.items() if _is_article(key, given)}
    if text is not None:
        articles = {name or _name_of(body.get("from")): text.encode()}
    assets |= {key: data for key, data in given.items() if key not in articles}
    files = {
        "file": [_part(key, data, _media_type(key)) for key, data in articles.items()],
        "asset": [_part(key, data) for key, data in assets.items()],
        "font": [_part(key, data) for key, data in fonts.items()],
    }
    return _fields(body), {key: parts for key, parts in files.items() if parts}


def _object(data: bytes) -> dict[str, Any]:
    """Raises InvalidJson with the line and column, ValidationFailed for too many values."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidJson(f"The body is not UTF-8: byte {error.start}.") from error
    if len(re.findall(r"[\[{,]", strict_json.without_strings(text))) > MOST_VALUES:
        raise InvalidJson(f"The body has more than {MOST_VALUES:,} values.")
    body = strict_json.loads_object(text, "The body")
    return {key.replace("-", "_"): value for key, value in body.items()}


def _typed(body: Mapping[str, Any], key: str, kind: type, what: str) -> Any:
    value = body.get(key)
    if key in body and not isinstance(value, kind):
        detail = f"{key} must be {what}."
        raise ValidationFailed(detail, places=[Place(detail, f"/{key}")])
    return value


def _decoded(body: Mapping[str, Any], key: str) -> dict[str, bytes]:
    """Name → bytes of an object of base64. Raises ValidationFailed with the pointer of the file."""
    found: dict[str, bytes] = {}
    for name, value in (_typed(body, key, dict, "an object: file name to base64") or {}).items():
        try:
            if not isinstance(value, str):
                raise ValueError("The value must be text")
            found[name] = base64.b64decode("".join(value.split()), validate=True)
        except (ValueError, binascii.Error) as error:
            detail = f"{key}: {name[:100]!r} is not valid base64{_offence(value)}."
            pointer = f"/{key}/" + name.replace("~", "~0").replace("/", "~1")
            raise ValidationFailed(detail, places=[Place(detail, pointer)]) from error
    return found


def _offence(value: Any) -> str:
    if not isinstance(value, str):
        return ""
    wrong = re.search(r"[^A-Za-z0-9+/=\s]", value)
    return f": character {wrong.start() + 1} is {wrong[0]!r}" if wrong else ": its length or padding is wrong"


def _is_article(name: str, files: Collection[str]) -> bool:
    """Whether a file of `files` is an article: the only one, or one with a suffix of a reader."""
    return len(files) == 1 or PurePosixPath(name.lower()).suffix in SUFFIXES | {".zip"}


def _name_of(reader: Any) -> str:
    """A name for `text`, with the suffix of the reader; Markdown by default."""
    found = next((each for each in INPUT_FORMATS.values() if reader in (each.name, *each.aliases)), INPUT_FORMATS["markdown"])
    return f"article{found.suffixes[0]}"


def _fields(body: Mapping[str, Any]) -> Fields:
    """The other members as fields of a form: options join the object `options`, the rest is text."""
    options = dict(_typed(body, "options", dict, "an object") or {})
    known, fields = properties(), Fields()
    known |= {alias: known[name] for alias, name in ALIASES.items()}
    for name, value in body.items():
        if name in (TEXT, FILES, ASSETS, FONTS, NAME, "options"):
            continue
        if name == "to":
            fields[name] = list(_texts(name, value))
        elif name in known:
            options[name] = value
        elif name in JOB_FIELDS.fields or name in OTHERS:
            fields[name] = list(_texts(name, value))
        else:
            members = (*known, *JOB_FIELDS.fields, TEXT, FILES, ASSETS, FONTS, NAME, "to", "options")
            detail = unknown(name, members, "member of the body")
            raise ValidationFailed(detail, places=[Place(detail, f"/{name}")])
    _check(options, known)
    return fields | ({"options": [json.dumps(options)]} if options else {})


def _texts(name: str, value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, str):
            raise ValidationFailed(f"{name} must be text or a list of texts.", places=[Place("Must be text.", f"/{name}")])
        yield each


def _check(options: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]]) -> None:
    """A form has only text; JSON has types, and a wrong one is an error. Raises ValidationFailed."""
    places = []
    for name, value in options.items():
        kind = known.get(name.replace("-", "_"), {}).get("type")
        if kind and (not isinstance(value, KINDS[kind]) or (isinstance(value, bool) and kind != "boolean")):
            places.append(Place(f"Must be of type {kind}.", f"/{name}"))
    if places:
        raise ValidationFailed(f"{places[0].pointer}: {places[0].detail}", places=places)
