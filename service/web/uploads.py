"""Requests as a Source and a Conversion, for each of the three bodies in `bodies.py`.

Only names and sizes are examined here. Only workers read files.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Request as FlaskRequest
from flask import request
from werkzeug.datastructures import FileStorage
from werkzeug.formparser import FormDataParser

from schemas import options
from service.conversion import outlines, signing
from service.model import font_files
from service.model.document import Asset, Conversion, Source
from service.model.errors import BadRequest, MissingFile, Place, ValidationFailed
from service.model.formats import check_targets
from service.model.text import strict_json
from service.web import addresses, authentication, bodies, responses
from service.web.services import services

# Fields that are not options: the parts themselves, and the fields with several options.
OBJECTS = ("metadata", "metadata_defaults")
PARTS = frozenset({"file", "asset", bodies.URL, "to", "options", *OBJECTS})
FONT = "font"  # a text in it is the option of that name
FILE_PARTS = frozenset({"file", "asset", FONT})
LONGEST_NAME = 200
# Control characters, line breaks and direction marks are removed from names (Trojan Source, header injection).
UNNAMEABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


class Request(FlaskRequest):
    """Flask's request, but a broken multipart body is an error and not an empty form."""

    def make_form_data_parser(self) -> FormDataParser:
        parser = super().make_form_data_parser()
        parser.silent = False
        return parser


def label(name: str | None, fallback: str = "article") -> str:
    """An uploaded name as a label: it is never opened as a path, and has no characters that break a header or a line."""
    clean = unicodedata.normalize("NFC", UNNAMEABLE.sub("", name or "")).strip()
    return clean[:LONGEST_NAME] or fallback


def check_parts(files: Mapping[str, list[FileStorage]], urls: Sequence[str] = ()) -> None:
    """Raises ValidationFailed for file parts with other names and unknown fonts, MissingFile without `file` and `urls`."""
    unknown = sorted(files.keys() - FILE_PARTS)
    if unknown:
        places = [Place("Send files as `file`, `asset` or `font`.", f"/{name}") for name in unknown]
        raise ValidationFailed(f"Unknown file part {unknown[0]!r}. The article is `file`, its images are `asset`.", places=places)
    check_fonts(files.get(FONT, []))
    if not files.get("file") and not urls:
        raise MissingFile("Send the article as part `file`; in a JSON body as `text`, or as base64 in `files`.")


def check_fonts(parts: Sequence[FileStorage]) -> None:
    """Raises ValidationFailed for a font file without the suffix of a font, for two with the same name, and for too many."""
    names = [label(each.filename, "font") for each in parts]
    for name in names:
        if not font_files.is_font(name):
            detail = f"{name!r} is not a font file. Its name must end in {', '.join(font_files.SUFFIXES)}."
            raise ValidationFailed(detail, places=[Place(detail, f"/{FONT}")])
        if names.count(name) > 1:
            detail = f"Two font files have the name {name!r}."
            raise ValidationFailed(detail, places=[Place(detail, f"/{FONT}")])
    if len(names) > font_files.MOST_FILES:
        detail = f"A conversion may have {font_files.MOST_FILES} font files, not {len(names)}."
        raise ValidationFailed(detail, places=[Place(detail, f"/{FONT}")])


def read_source(files: Mapping[str, list[FileStorage]], conversion: Conversion | None = None, urls: Sequence[str] = ()) -> Source:
    """The article of the upload, or the one at `urls`. Raises as `check_parts` and `addresses.fetched`."""
    check_parts(files, urls)
    found = files.get("file", [])
    if conversion and conversion.combine:
        return read_book(files, conversion, urls)
    if len(found) + len(urls) > 1:
        field = "file" if found else bodies.URL
        raise ValidationFailed("Send one article. Send several as a job.", places=[Place("Only one article.", f"/{field}")])
    if urls:
        return replace(addresses.fetched(urls)[0], assets=read_assets(files))
    return as_source(found[0], _base_name(label(found[0].filename)), read_assets(files))


def with_feeds(source: Source, conversion: Conversion) -> Source:
    """An OPML file of feeds as a book of their entries, if this service fetches pages. Raises as `addresses.with_feeds`."""
    opened = addresses.with_feeds([source], conversion)
    return source if opened == [source] else outlines.book(opened)


def read_book(files: Mapping[str, list[FileStorage]], conversion: Conversion, urls: Sequence[str] = ()) -> Source:
    """All articles of the request as one source, in their order: files before the pages at `urls`.

    Raises ValidationFailed for an archive among several files, and as `addresses.fetched`.
    """
    assets = read_assets(files)
    sources = [as_source(part, _base_name(label(part.filename))) for part in files.get("file", [])]
    sources = addresses.with_feeds([*sources, *addresses.fetched(urls)], conversion)
    if len(sources) > 1 and any(source.name.lower().endswith(".zip") for source in sources):
        raise ValidationFailed(
            "Send one archive, or several articles.", places=[Place("The archive is one of several files.", "/file")]
        )
    book = outlines.book(sources)
    return replace(book, assets=(*book.assets, *assets))


def as_source(part: FileStorage, name: str, assets: tuple[Asset, ...] = ()) -> Source:
    return Source(name, part.read(), part.mimetype or "", part.mimetype_params.get("charset", ""), assets)


def read_assets(files: Mapping[str, list[FileStorage]]) -> tuple[Asset, ...]:
    """The files next to the article; fonts have their folder."""
    assets = [Asset(label(each.filename, "asset"), each.read()) for each in files.get("asset", [])]
    fonts = [Asset(font_files.asset_name(label(each.filename, "font")), each.read()) for each in files.get(FONT, [])]
    return (*assets, *fonts)


def _base_name(name: str) -> str:
    return re.split(r"[/\\]", name)[-1] or "article"


def path_label(name: str | None) -> str:
    """An uploaded name with its folders, for the archive of a job. Parts such as `..` are removed."""
    parts = [part for part in re.split(r"[/\\]", label(name)) if part.strip(" .") and ":" not in part]
    return "/".join(parts) or "article"


def read_object(fields: Mapping[str, list[str]], name: str) -> dict[str, Any]:
    """The JSON object of a field; empty, as forms send fields without a value, means no object. Raises InvalidJson."""
    text = fields.get(name, [""])[-1]
    return strict_json.loads_object(text, name) if text else {}


def read_options(fields: Mapping[str, list[str]], extra: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The raw options of the `options` object, overridden by form fields. The caller of this function reads `extra`."""
    raw = read_object(fields, "options")
    raw.pop("to", None)
    raw |= {name: read_object(fields, name) for name in OBJECTS if fields.get(name, [""])[-1]}
    for name, values in fields.items():
        if name not in PARTS and name not in extra:
            if len(values) > 1:
                raise ValidationFailed(f"{name} occurs {len(values)} times.", places=[Place("Send it once.", f"/{name}")])
            raw[name] = values[0]
    return raw


def read_targets(fields: Mapping[str, list[str]]) -> tuple[str, ...]:
    """`to`, once or several times, each optionally a list with commas; also from the `options` object."""
    values = fields.get("to", [])
    if not values:
        given = read_object(fields, "options").get("to", [])
        values = given if isinstance(given, list) else [given]
    targets = [name.strip().lower() for value in values for name in str(value).split(",") if name.strip()]
    if not targets:
        raise ValidationFailed("The field `to` is missing. It names the output format.", places=[Place("Missing.", "/to")])
    check_targets(targets)
    return tuple(dict.fromkeys(targets))


def read_request(targets: tuple[str, ...] | None = None) -> tuple[Source, Conversion]:
    """All parts of a conversion request. With `targets`, `to` is not one of its fields. Raises QueueFull.

    Without `to`, the Accept header names the target. Raises NotAcceptable if it names no output format.
    """
    authentication.refuse_early()
    fields, files = bodies.read()
    urls = addresses.of(fields)
    check_parts(files, urls)
    to = _targets(fields) if targets is None else targets
    conversion = options.load(to, read_options(fields))
    signing.is_wanted(conversion, services().settings)  # raises where there is no key
    return with_feeds(read_source(files, conversion, urls), conversion), conversion


def _targets(fields: Mapping[str, list[str]]) -> tuple[str, ...]:
    accepted = "" if _names_target(fields) else responses.accepted_target()
    return (accepted,) if accepted else read_targets(fields)


def _names_target(fields: Mapping[str, list[str]]) -> bool:
    return bool(fields.get("to") or read_object(fields, "options").get("to"))


def deadline() -> float | None:
    """The caller's own deadline in seconds, from the header Colophon-Deadline. Raises InvalidHeader's parent BadRequest."""
    text = request.headers.get("Colophon-Deadline")
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,4}(\.\d{1,3})?", text) or float(text) <= 0:
        raise BadRequest("Colophon-Deadline must be a number of seconds between 0 and 9999.")
    return float(text)
