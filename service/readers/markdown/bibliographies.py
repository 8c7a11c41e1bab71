"""The works that a text cites: named by the options or the front matter, uploaded next to the article, or listed in it.

A document cannot open files by name: a bibliography is found among the files of the upload and parsed
as data, a style is checked before pandoc reads it, and one that would make pandoc fetch its parent is
refused. A missing file is an error if the options name it, and a notice if the front matter does.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from schemas.field_names import plain_name
from service.ast import pandoc_ast
from service.ast.cross_references import IDENTIFIER
from service.ast.pandoc_ast import Node
from service.engines import Engines
from service.input import frontmatter
from service.model.document import Conversion, Metadata, Notice, Source
from service.model.errors import InvalidDocument, Place, ValidationFailed
from service.model.notices import notice
from service.model.references import normal_reference
from service.readers.markdown import bibtex, citation_styles

LISTED = "markdown"  # pandoc's format of a list of works in YAML: the metadata block of a text
FORMATS = {
    ".bib": "biblatex", ".bibtex": "bibtex", ".json": "csljson", ".ris": "ris", ".xml": "endnotexml",
    ".yaml": LISTED, ".yml": LISTED,
}  # fmt: skip
OBEYED = frozenset(map(plain_name, ("bibliography", "csl", "citation-style")))
CITED = re.compile(r"@\{?([\w][^\s,;\]}]*)")


@dataclass(frozen=True, slots=True)
class Bibliography:
    """`works` are texts with their formats; `keys` are the works' names; `style` is a CSL file, or empty."""

    works: Sequence[tuple[bytes, str]] = ()
    keys: frozenset[str] = frozenset()
    style: bytes = b""
    options: dict[str, Any] = field(default_factory=dict)

    def cited(self, blocks: Sequence[Node], engines: Engines, lang: str) -> Sequence[Node]:
        """The blocks with citations set, the list of works at their end, or in a block with the id `refs`."""
        if not self.works:
            return blocks
        blocks = pandoc_ast.walk(blocks, _referring, {"Cite"})
        try:
            ast = engines.pandoc.cite(pandoc_ast.dumps(blocks), self.works, style=self.style, lang=lang, options=self.options)
        except InvalidDocument as error:
            raise _refused("bibliography", "The bibliography or the citation style cannot be read.") from error
        return pandoc_ast.walk(pandoc_ast.loads(ast), _settled, {"Cite"})


def find(
    source: Source, conversion: Conversion, front: frontmatter.FrontMatter, record: Metadata, engines: Engines
) -> tuple[Bibliography, tuple[Notice, ...]]:
    """The bibliography of an article. Raises ValidationFailed if the options name one that is missing or not readable."""
    given = {plain_name(key): value for key, value in record.custom.items()}
    doubts: list[Notice] = []
    works: list[tuple[bytes, str]] = []
    if conversion.bibliography:
        works.append(_work(source, conversion.bibliography))
    else:
        for name in _names(given.get("bibliography")):
            try:
                works.append(_work(source, name))
            except ValidationFailed as missing:
                doubts.append(_missing("bibliography", name, missing))
    if isinstance(given.get("references"), list) and all(isinstance(one, dict) for one in given["references"]):
        works.append((_listed(given["references"]), LISTED))
    if not works:
        return Bibliography(), frontmatter.placed(doubts, front)
    style, found = _style(source, conversion, given)
    options = {
        "nocite": CITED.findall(" ".join(_names(given.get("nocite")))) + ["*"] * ("@*" in str(given.get("nocite", ""))),
        "title": str(given.get("referencesectiontitle") or ""),
        "suppress": given.get("suppressbibliography") is True,
    }
    keys = frozenset(key for text, form in works for key in _keys(text, form, engines))
    return Bibliography(works, keys, style, options), frontmatter.placed([*doubts, *found], front)


def obeyed(doubts: Sequence[Notice]) -> tuple[Notice, ...]:
    """The notices without those that a key of this module has no effect."""
    return tuple(one for one in doubts if one.code != "metadata-ignored" or plain_name(str(one.data.get("key"))) not in OBEYED)


def _names(value: Any) -> list[str]:
    return [str(one) for one in (value if isinstance(value, list) else [value]) if isinstance(one, str) and one.strip()]


def _work(source: Source, name: str) -> tuple[bytes, str]:
    suffix = posixpath.splitext(name)[1].lower()
    if suffix not in FORMATS:
        raise _refused("bibliography", f"{name!r} is in no known format; known are {', '.join(FORMATS)}.")
    data = _uploaded(source, name, "bibliography")
    if FORMATS[suffix] in bibtex.FORMATS:
        bibtex.check(name, data)
    return (_listed(_references(data)), LISTED) if FORMATS[suffix] == LISTED else (data, FORMATS[suffix])


def _references(data: bytes) -> list[Any]:
    """The works of a YAML file, by the strict rules of front matter."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").strip()
    text = text.removeprefix("---").removesuffix("---").removesuffix("...")
    found = frontmatter.split(f"---\n{text.strip()}\n---\n").data.get("references")
    return found if isinstance(found, list) else []


def _listed(works: list[Any]) -> bytes:
    """Works as the metadata of a text; JSON is YAML, and has no aliases."""
    return b"---\n" + orjson.dumps({"references": works}, default=str) + b"\n---\n"


def _keys(text: bytes, form: str, engines: Engines) -> Iterator[str]:
    try:
        ast, _ = engines.pandoc.read(text, form)
    except InvalidDocument as error:
        raise _refused("bibliography", "The bibliography cannot be read in the format that its name says.") from error
    references = orjson.loads(ast)["meta"].get("references", {}).get("c", [])
    for work in references:
        key = work["c"].get("id") if work["t"] == "MetaMap" else None
        if key:
            yield key["c"] if isinstance(key["c"], str) else pandoc_ast.text(key["c"])


def _style(source: Source, conversion: Conversion, given: dict[str, Any]) -> tuple[bytes, list[Notice]]:
    if conversion.csl:
        return _style_of(source, conversion.csl), []
    name = next((one for key in ("csl", "citationstyle") for one in _names(given.get(key))), "")
    try:
        return (_style_of(source, name) if name else b""), []
    except ValidationFailed as missing:
        return b"", [_missing("csl", name, missing)]


def _style_of(source: Source, name: str) -> bytes:
    data = _uploaded(source, name, "csl")
    citation_styles.check(name, data)
    return data


def _uploaded(source: Source, name: str, option: str) -> bytes:
    """The file of that path; else the only one of that name, because a path may begin at the root of a site."""
    wanted = normal_reference(name)
    files = {normal_reference(asset.name): asset.data for asset in source.assets}
    if wanted in files:
        return files[wanted]
    alike = [data for path, data in files.items() if posixpath.basename(path) == posixpath.basename(wanted)]
    if len(alike) != 1:
        raise _refused(option, f"{name!r} was not uploaded; send it as `asset` or in the bundle.")
    return alike[0]


def _missing(key: str, name: str, missing: ValidationFailed) -> Notice:
    reported = f"{missing.places[0].detail} The citations stay as they are written." if key == "bibliography" else ""
    message = reported or f"{missing.places[0].detail} The citations are set in the default style."
    return notice("bibliography-missing", message, stage="read", data={"key": key, "name": name})


def _referring(node: Node) -> Node | list[Node]:
    """A reference to a figure or a table is not a citation: it stays text, which the pass `cross_references` reads."""
    inlines: list[Node] = node["c"][1]
    return inlines if all(IDENTIFIER.match(each["citationId"]) for each in node["c"][0]) else node


def _settled(node: Node) -> Node:
    """A citation as its text, which is then ordinary text."""
    return pandoc_ast.span(node["c"][1], pandoc_ast.attr(classes=["citation"]))


def _refused(option: str, detail: str) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, f"/{option}")])
