"""The metadata record (DESIGN section 4): one table of fields with their aliases, for the front matter and for requests.

Front matter is read leniently: what is not understood stays as it was, under `custom`, with a notice. A request's
`metadata` is read strictly: each doubt is a problem with a JSON pointer.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from marshmallow import EXCLUDE, Schema

from schemas.record_fields import (
    Authors,
    DateText,
    DisplayText,
    Doi,
    Doubt,
    Isbn,
    Language,
    RecordField,
    SeriesField,
    Text,
    WebAddress,
    Words,
    is_url,
    scalar,
)  # fmt: skip
from service.model.document import Author, Metadata, Notice, Series
from service.model.errors import Place, ValidationFailed
from service.model.notices import notice
from service.model.text import json_values
from service.model.text.characters import CONTROLS

MAX_DEPTH = 8


def aliases(*names: str, meaning: str = "") -> dict[str, Any]:
    return {"aliases": names, "help": meaning}


PUBLISHED = (
    "published", "published_at", "publish_date", "published_date", "date_published",
    "pubdate", "pub_date", "created", "created_at", "日期", "发布日期", "发布时间", "發布日期", "發布時間",
)  # fmt: skip


class MetadataSchema(Schema):
    """A field's aliases are its other names, by precedence after its own; `-`, `_` and case are alike."""

    class Meta:
        unknown = EXCLUDE  # every other key is custom, not an error

    title = DisplayText(
        metadata=aliases("标题", "標題", meaning="Title; if missing, the one heading above the text, else the file name.")
    )
    subtitle = DisplayText(metadata=aliases("sub_title", "副标题", "副標題"))
    authors = Authors(
        metadata=aliases("author", "by", "creator", "creators", "byline", "作者", meaning="Texts or maps; `;` parts them.")
    )
    date = DateText(metadata=aliases(*PUBLISHED))
    modified = DateText(
        metadata=aliases(
            "updated", "updated_at", "lastmod", "last_modified", "date_modified", "modified_at",
            "更新日期", "更新时间", "更新時間",
        )
    )  # fmt: skip
    lang = Language(metadata=aliases("language", "locale", "语言", "語言", meaning="BCP 47; if missing, told from the text."))
    description = Text(metadata=aliases("abstract", "summary", "excerpt", "摘要", "简介", "簡介"))
    keywords = Words(
        metadata=aliases("tags", "keyword", "tag", "标签", "標籤", "关键词", "關鍵詞", meaning="A list, or a text with commas.")
    )
    categories = Words(metadata=aliases("category", "分类", "分類"))
    source_url = WebAddress(
        metadata=aliases(
            "url", "link", "canonical", "canonical_url", "permalink", "链接", "鏈接", "原文链接", "原文鏈接", "网址", "網址",
            meaning="Base of relative links.",
        )
    )  # fmt: skip
    source_name = DisplayText(
        metadata=aliases("source", "site", "site_name", "publication", "feed", "来源", "來源", "出处", "出處")
    )
    fetched_at = DateText(metadata=aliases("fetch_date", "fetched", "retrieved", "retrieved_at", "accessed", "accessed_at"))
    publisher = Text(metadata=aliases())
    rights = Text(metadata=aliases("copyright"))
    license = Text(metadata=aliases("licence"))
    identifier = Text(metadata=aliases("uuid"))
    doi = Doi(metadata=aliases())
    isbn = Isbn(metadata=aliases())
    series = SeriesField(metadata=aliases(meaning="A name, or a map of name and index; series_index is taken too."))
    cover = Text(metadata=aliases(meaning="Name of an uploaded image."))
    version = Text(metadata=aliases())
    type = Text(metadata=aliases())


SCHEMA = MetadataSchema()
FIELDS: Mapping[str, RecordField] = {name: item for name, item in SCHEMA.fields.items() if isinstance(item, RecordField)}
MERGED = frozenset({"keywords", "categories"})
INDEX_KEYS = ("series_index", "series_number", "series_position")
# Keys by which pandoc and others reach for files, the network or raw markup; kept as data, obeyed by nothing.
IGNORED_WORDS = """css stylesheet stylesheets bibliography csl citation_style cover_image epub_cover_image header_includes
    include_before include_after include_before_body include_after_body include_in_header template reference_doc reference_docx
    reference_odt lua_filter filter filters pdf_engine metadata_file metadata_files resource_path epub_fonts epub_embed_font
    extract_media data_dir output output_file abbreviations citation_abbreviations syntax_definition syntax_definitions
    epub_metadata defaults"""
IGNORED = frozenset(IGNORED_WORDS.split())


@dataclass(slots=True)
class _Reading:
    """What became of a mapping; `doubts` have the key they are about before their path."""

    values: dict[str, Any] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)


def load(data: Mapping[str, Any], *, pointer_prefix: str = "") -> tuple[Metadata, tuple[Notice, ...]]:
    """The record of a front matter. Nothing is refused and nothing dropped: the rest is in `custom`, doubts are notices."""
    data = json_values.kept(data)
    reading = _read(data)
    custom = {key: value for key, value in data.items() if key not in reading.used}
    notices = [_doubtful(doubt, pointer_prefix) for doubt in reading.doubts]
    notices += [
        notice("metadata-ignored", f"{key!r} is kept as data and not obeyed.", stage="read", data={"key": key})
        for key in custom
        if same(key) in IGNORED
    ]
    return Metadata(**reading.values, custom=custom, front_matter=dict(data)), tuple(notices)


def load_overrides(data: Any) -> dict[str, Any]:
    """Fields of Metadata by name as a request sets them, unknown keys under "custom"; null clears a field.

    Raises ValidationFailed with one place a problem, pointers under /metadata.
    """
    if not isinstance(data, Mapping):
        raise _failed([Place("Must be a JSON object.", "/metadata")])
    _check(data)
    own = data.get("custom")
    reading = _read({key: value for key, value in data.items() if key != "custom"})
    places = [Place(doubt.message, pointer("/metadata", *doubt.path)) for doubt in reading.doubts]
    if own is not None and not isinstance(own, Mapping):
        places.append(Place("Must be a JSON object.", "/metadata/custom"))
    if "front_matter" in data:
        places.append(Place("The front matter itself can't be set.", "/metadata/front_matter"))
    if places:
        raise _failed(places)
    cleared = {name: getattr(EMPTY, name) for key, value in data.items() if value is None and (name := field_of(key))}
    rest = {key: value for key, value in data.items() if key not in reading.used and key != "custom"}
    return {**cleared, **reading.values, "custom": {**rest, **(own or {})}}


def override(metadata: Metadata, overrides: Mapping[str, Any]) -> Metadata:
    """`metadata` with what `load_overrides` returned on top; a custom key that is null there goes."""
    fields = {name: value for name, value in overrides.items() if name in FIELDS}
    own = overrides.get("custom", {})
    kept = {key: value for key, value in metadata.custom.items() if own.get(key, value) is not None or key not in own}
    return replace(metadata, **fields, custom=kept | {key: value for key, value in own.items() if value is not None})


def dump(metadata: Metadata) -> dict[str, Any]:
    """JSON: every field in the order of the record; not given is null, or [] for lists. The raw front matter is not in it."""
    out: dict[str, Any] = {name: dumped(getattr(metadata, name)) for name in FIELDS}
    return out | {"custom": dict(metadata.custom)}


EMPTY = Metadata()


def dumped(value: Any) -> Any:
    """A value of a field as JSON has it."""
    if isinstance(value, tuple):
        return [dumped(item) for item in value]
    if isinstance(value, (Author, Series)):
        return {name: text for name, text in dataclasses.asdict(value).items() if text}
    return value or None


def same(key: str) -> str:
    """The key as aliases are compared."""
    return key.strip().lower().replace("-", "_").replace(" ", "_")


ALIASES = {name: (name, *item.metadata["aliases"]) for name, item in FIELDS.items()}
FIELD_OF = {alias: name for name, names in ALIASES.items() for alias in names}


def field_of(key: str) -> str:
    """The field that a key maps onto; empty for a custom key."""
    return FIELD_OF.get(same(key), "")


def _read(data: Mapping[str, Any]) -> _Reading:
    keys: dict[str, list[str]] = {}
    for key in data:
        keys.setdefault(same(key), []).append(key)
    reading = _Reading()
    for name, names in ALIASES.items():
        for key in (key for alias in names for key in keys.get(alias, ())):
            _take(name, key, data[key], reading)
    _source_that_is_an_address(data, reading, keys)
    _series_index(data, reading, keys)
    return reading


def _take(name: str, key: str, value: Any, reading: _Reading) -> None:
    """The value for a field, unless a key of higher precedence gave one; an empty value gives nothing and loses nothing."""
    if value is None or value in ("", [], {}):
        reading.used.add(key)
        return
    if name in reading.values and name not in MERGED:
        return
    doubts: list[Doubt] = []
    result = FIELDS[name].read(value, doubts)
    reading.doubts += [replace(doubt, path=(key, *doubt.path)) for doubt in doubts]
    if result:
        reading.values[name] = tuple(dict.fromkeys((*reading.values.get(name, ()), *result))) if name in MERGED else result
    if not any(doubt.lost for doubt in doubts):
        reading.used.add(key)


def _source_that_is_an_address(data: Mapping[str, Any], reading: _Reading, keys: Mapping[str, list[str]]) -> None:
    """`source: https://…` with no other address is where the article came from, not a publication's name."""
    for key in keys.get("source", ()):
        if "source_url" not in reading.values and is_url(data[key]) and reading.values.get("source_name") == data[key].strip():
            reading.values["source_url"] = reading.values.pop("source_name")


def _series_index(data: Mapping[str, Any], reading: _Reading, keys: Mapping[str, list[str]]) -> None:
    series = reading.values.get("series")
    for key in (key for name in INDEX_KEYS for key in keys.get(name, ())):
        index = scalar(data[key])
        if series and not series.index and index:
            series = reading.values["series"] = replace(series, index=index)
            reading.used.add(key)


def pointer(prefix: str, *path: str | int) -> str:
    """An RFC 6901 JSON pointer."""
    return prefix + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def _doubtful(doubt: Doubt, prefix: str) -> Notice:
    where = pointer(prefix, *doubt.path)
    return notice("metadata-unrecognised", f"{where}: {doubt.message} Kept as it is.", stage="read", data={"pointer": where})


def _failed(places: list[Place]) -> ValidationFailed:
    return ValidationFailed(places[0].detail, places=places)


def _check(data: Mapping[str, Any]) -> None:
    """What no file format can hold: control characters, integers beyond 64 bits, nesting without end."""
    places: list[Place] = []
    todo: list[tuple[tuple[str | int, ...], Any]] = [((), data)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, str) and ("\0" in value or CONTROLS.search(value)):
            places.append(Place("Holds control characters.", pointer("/metadata", *path)))
        elif isinstance(value, int) and not -(2**63) <= value < 2**63:
            places.append(Place("Must fit into 64 bits; send it as text.", pointer("/metadata", *path)))
        elif isinstance(value, float) and not abs(value) < float("inf"):
            places.append(Place("Must be a finite number.", pointer("/metadata", *path)))
        elif isinstance(value, (Mapping, list)):
            if len(path) > MAX_DEPTH:
                places.append(Place(f"Nested more than {MAX_DEPTH} deep.", pointer("/metadata", *path)))
                continue
            parts = value.items() if isinstance(value, Mapping) else enumerate(value)
            todo += [((*path, step), inner) for step, inner in parts]
            if isinstance(value, Mapping) and any("\0" in str(key) or CONTROLS.search(str(key)) for key in value):
                places.append(Place("A key holds control characters.", pointer("/metadata", *path)))
    if places:
        raise _failed(places)
