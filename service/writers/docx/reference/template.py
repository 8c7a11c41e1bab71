"""The DOCX that the option `reference` names, accepted or refused. Content that Word would run or load is not allowed."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from service.containers import archives
from service.containers.packages import parse
from service.model import profiles
from service.model.document import Conversion, Document
from service.model.errors import Place, Refused, ValidationFailed
from service.model.references import normal_reference
from service.model.settings import Settings
from service.writers.docx.body import HYPERLINK, RELATIONS, SAFE_LINKS, w

MAIN = "word/document.xml"
STYLES = "word/styles.xml"
MAX_PART = 5_000_000  # bytes of one XML part
SUFFIXES = (".docx", ".dotx")
# Relationships (by the end of their type) of parts that run, or that Word loads when it opens the document.
ACTIVE = ("vbaProject", "wordVbaData", "oleObject", "package", "control", "activeXControlBinary", "aFChunk", "attachedTemplate",
          "mailMergeSource", "keyMapCustomizations", "subDocument", "frame", "ui/extensibility")  # fmt: skip
# Fields that fetch or run something (ECMA-376 part 1, 17.16.5); the first word of the instruction.
FETCHING = re.compile(r"\s*(DDE|DDEAUTO|INCLUDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|EMBED|RD)\b", re.I)


@dataclass(frozen=True, slots=True)
class Template:
    """The parts of an accepted template, by name."""

    parts: Mapping[str, bytes]

    def relations(self, part: str) -> dict[str, tuple[str, str, bool]]:
        """Identifier → end of the type, target (a part of the package, or an address), whether it leads out."""
        data = self.parts.get(relations_of(part))
        found = parse(data).iter(f"{{{RELATIONS}}}Relationship") if data else ()
        return {each.get("Id", ""): _relation(each, part) for each in found}


def relations_of(part: str) -> str:
    """The part with the relationships of `part`."""
    folder, name = posixpath.split(part)
    return f"{folder}/_rels/{name}.rels"


def _relation(each: etree._Element, part: str) -> tuple[str, str, bool]:
    target, outside = each.get("Target", ""), each.get("TargetMode") == "External"
    kind = each.get("Type", "").rpartition("/relationships/")[2]
    place = target if outside else posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
    return kind, place, outside


def chosen(document: Document, conversion: Conversion, settings: Settings) -> tuple[str, Template | None]:
    """The name and the parts of the template: the one of the option, else that of a profile of the operator.

    Raises ValidationFailed, with a remedy, if it is refused.
    """
    if name := conversion.reference:
        return name, of(document, name, settings)
    house = profiles.load(conversion.profile).house
    if house is None or not house.template:
        return "", None
    try:
        return house.template, accepted(house.template, (house.folder / house.template).read_bytes(), settings)
    except OSError as error:
        raise refused(f"{house.template!r} of the profile {house.folder.name!r} cannot be read.") from error


def of(document: Document, name: str, settings: Settings) -> Template:
    """The template of that name among the uploads. Raises ValidationFailed, with a remedy, if it is refused."""
    wanted = normal_reference(name)
    data = next((asset.data for asset in document.source.assets if normal_reference(asset.name) == wanted), None)
    if data is None:
        raise refused(f"{name!r} was not uploaded. Send it as `asset` or in the bundle.")
    return accepted(name, data, settings)


def accepted(name: str, data: bytes, settings: Settings) -> Template:
    """Raises ValidationFailed, with a remedy, if it is refused."""
    if not name.lower().endswith(SUFFIXES):
        raise refused(f"{name!r} is not a DOCX or DOTX. Save the template as one of them, without macros.")
    template = Template(_unpacked(name, data, settings))
    for problem in _problems(template):
        raise refused(f"{name!r} {problem}")
    return template


def refused(detail: str) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, "/reference")])


def _unpacked(name: str, data: bytes, settings: Settings) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archives.inflated(archive, archives.checked(archive.infolist(), settings), settings)
    except Refused as error:
        raise refused(f"{name!r} cannot be used: {error.detail}") from error
    except archives.DAMAGED as error:
        raise refused(f"{name!r} is not a DOCX: the file is damaged.") from error
    if not {MAIN, STYLES, "[Content_Types].xml"} <= parts.keys():
        raise refused(f"{name!r} is not a DOCX with a document and styles.")
    return parts


def _problems(template: Template) -> Iterator[str]:
    """The reasons to refuse a template, the most dangerous first."""
    parts = template.parts
    if any("vbaproject" in name.lower() for name in parts) or b"macroEnabled" in parts["[Content_Types].xml"]:
        yield "has macros. Save it without macros."
    for name in parts:
        if not name.endswith(".rels"):
            continue
        folder, base = posixpath.split(name)
        owner = posixpath.join(posixpath.dirname(folder), base.removesuffix(".rels"))
        for kind, target, outside in template.relations(owner).values():
            if kind.endswith(ACTIVE):
                yield f"has a part that runs or loads something ({kind}). Remove it from the template."
            if outside and not (HYPERLINK.endswith(f"/{kind}") and target.lower().startswith(SAFE_LINKS)):
                yield f"refers to {target[:100]!r} outside the file. Embed it or remove it."
    for name, data in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            yield from _faults(name, data)


def _faults(name: str, data: bytes) -> Iterator[str]:
    if len(data) > MAX_PART:
        yield f"has a part, {name}, of {len(data):,} bytes. The limit is {MAX_PART:,} bytes."
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        yield f"declares entities in {name}. Save it again with Word or LibreOffice."
    try:
        top = parse(data)
    except etree.XMLSyntaxError:
        yield f"is damaged: {name} is no XML."
        return
    words = [each.text or "" for each in top.iter(w("instrText"))] + [
        each.get(w("instr"), "") for each in top.iter(w("fldSimple"))
    ]
    if field := next(filter(FETCHING.match, ["".join(words), *words]), None):
        yield f"has a field that fetches something ({field.strip()[:40]!r}). Remove it from {name}."
