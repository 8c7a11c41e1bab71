"""The parts of a template in a document that pandoc wrote: page, headers, footers, theme, fonts, numbering of headings."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from copy import deepcopy

from lxml import etree

from service.containers import packages
from service.containers.packages import parse, serialize
from service.model.document import Notice
from service.model.notices import notice
from service.writers.docx.body import CONTENT_TYPES, RELATIONS, R, add_relation, w
from service.writers.docx.reference.styles import Joined, rename
from service.writers.docx.reference.template import MAIN, STYLES, Template, refused, relations_of

RELATION, TYPES, NUMBERING, SETTINGS = relations_of(MAIN), "[Content_Types].xml", "word/numbering.xml", "word/settings.xml"
REPLACED = ("word/theme/theme1.xml", "word/fontTable.xml")  # one of each in a document
KINDS = {"theme": REPLACED[0], "fontTable": REPLACED[1]}
PREFIX = "reference-"  # prefix of the names of parts from the template
FIRST_NUMBER = 90_000  # first number of the numberings from the template
EMBEDDED = ("embedRegular", "embedBold", "embedItalic", "embedBoldItalic")
CODE_COLOUR = "Tok"  # at the end of the styles that colour code
KEPT_SETTINGS = frozenset({"mirrorMargins", "evenAndOddHeaders", "autoHyphenation", "defaultTabStop"})
# Elements of pandoc's word/settings.xml, in their order (ECMA-376 part 1, 17.15.1.78).
SETTINGS_ORDER = (
    "writeProtection", "view", "zoom", "embedTrueTypeFonts", "embedSystemFonts", "saveSubsetFonts", "saveFormsData",
    "mirrorMargins", "doNotTrackMoves", "stylePaneFormatFilter", "defaultTabStop", "autoHyphenation", "evenAndOddHeaders",
)  # fmt: skip
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def apply(parts: dict[str, bytes], template: Template, joined: Joined) -> None:
    """Adds all parts of the template except its text to pandoc's package. `joined` adds the styles later."""
    for kind, target, outside in template.relations(MAIN).values():
        if not outside and kind in KINDS and target in template.parts:
            parts[KINDS[kind]] = _without_embedded(template.parts[target])
    _set_sections(parts, template, joined)
    _set_settings(parts, template)


def numbered(parts: dict[str, bytes], template: Template, styles: bytes) -> bytes:
    """The styles with their numberings, which have new numbers in the document."""
    top, source = parse(styles), template.parts.get(NUMBERING)
    used = {each.get(w("val"), "") for each in top.iter(w("numId"))}
    if not source or not used - {"0", ""}:
        return styles
    numbering, document = parse(source), parse(parts[NUMBERING])
    abstracts = {each.get(w("abstractNumId"), ""): each for each in numbering.iter(w("abstractNum"))}
    renumbered: dict[str, str] = {}
    for number in numbering.iter(w("num")):
        identifier, link = number.get(w("numId"), ""), number.find(w("abstractNumId"))
        abstract = abstracts.get(link.get(w("val"), "")) if link is not None else None
        if identifier in used and abstract is not None:
            renumbered[identifier] = str(FIRST_NUMBER + len(renumbered))
            _add_numbering(document, abstract, number, renumbered[identifier])
    for each in top.iter(w("numId")):
        each.set(w("val"), renumbered.get(each.get(w("val"), ""), "0"))
    parts[NUMBERING] = serialize(document)
    return serialize(top)


def _add_numbering(document: etree._Element, abstract: etree._Element, number: etree._Element, identifier: str) -> None:
    """Sorts by the schema: every abstract numbering before the first numbering."""
    own, use = deepcopy(abstract), deepcopy(number)
    own.set(w("abstractNumId"), identifier)
    for extra in own.findall(w("nsid")):
        own.remove(extra)  # Word joins numberings of the same nsid
    use.set(w("numId"), identifier)
    link = use.find(w("abstractNumId"))
    assert link is not None
    link.set(w("val"), identifier)
    before = document.find(w("num"))
    if before is None:
        document.append(own)
    else:
        before.addprevious(own)
    document.append(use)


def _without_embedded(data: bytes) -> bytes:
    """A list of fonts without embedded files: their licence is for the template, not for documents made from it."""
    top = parse(data)
    for tag in EMBEDDED:
        for each in list(top.iter(w(tag))):
            parent = each.getparent()
            assert parent is not None
            parent.remove(each)
    return serialize(top)


def _set_sections(parts: dict[str, bytes], template: Template, joined: Joined) -> None:
    """Replaces the profile's page by that of the template's last section, with its headers and footers."""
    source = parse(template.parts[MAIN])
    section = next(reversed(list(source.iter(w("sectPr")))), None)
    if section is None or section.find(w("pgSz")) is None or section.find(w("pgMar")) is None:
        raise refused("The template has no page with a size and margins. Save it again with Word or LibreOffice.")
    _drop_running_lines(parts)
    known = template.relations(MAIN)
    section = deepcopy(section)
    for tag in ("headerReference", "footerReference"):
        for each in section.findall(w(tag)):
            kind, target, _ = known.get(each.get(f"{{{R}}}id", ""), ("", "", False))
            if target not in template.parts:
                section.remove(each)
                continue
            each.set(f"{{{R}}}id", _add_part(parts, template, target, kind, joined))
    for change in section.findall(w("sectPrChange")):
        section.remove(change)
    top = parse(parts[MAIN])
    last = next(reversed(list(top.iter(w("sectPr")))))
    parent = last.getparent()
    assert parent is not None
    parent.replace(last, section)
    parts[MAIN] = serialize(top)


def _drop_running_lines(parts: dict[str, bytes]) -> None:
    relations, types = parse(parts[RELATION]), parse(parts[TYPES])
    for each in list(relations):
        if each.get("Type", "").rpartition("/")[2] in ("header", "footer"):
            name = f"word/{each.get('Target')}"
            relations.remove(each)
            parts.pop(name, None)
            for entry in [entry for entry in types if entry.get("PartName") == f"/{name}"]:
                types.remove(entry)
    parts[RELATION], parts[TYPES] = serialize(relations), serialize(types)


def _add_part(parts: dict[str, bytes], template: Template, name: str, kind: str, joined: Joined) -> str:
    """The identifier of the relationship to a header or footer, which is added with its pictures and links."""
    new = _part_name(parts, kind)
    identifier = f"rId{PREFIX}{posixpath.splitext(new)[0]}"
    top = parse(template.parts[name])
    rename(top, joined.renamed)
    parts[f"word/{new}"] = serialize(top)
    parts[RELATION] = add_relation(parts[RELATION], identifier, f"{R}/{kind}", new)
    _add_type(parts, f"/word/{new}", f"{MEDIA_TYPE}.{kind}+xml")
    own = packages.root(RELATIONS, "Relationships")
    for link, (link_kind, target, outside) in template.relations(name).items():
        attributes = {"Id": link, "Type": f"{R}/{link_kind}", "Target": target}
        if outside:
            attributes["TargetMode"] = "External"
        elif target in template.parts:
            media = f"media/{PREFIX}{posixpath.basename(target)}"
            parts[f"word/{media}"] = template.parts[target]
            _declare(parts, template, target)
            attributes["Target"] = media
        else:
            continue
        etree.SubElement(own, f"{{{RELATIONS}}}Relationship", attributes)
    if len(own):
        parts[relations_of(f"word/{new}")] = serialize(own)
    return identifier


def _part_name(parts: dict[str, bytes], kind: str) -> str:
    """`header1.xml` and so on, the first that is free."""
    return next(name for number in range(1, 1000) if f"word/{(name := f'{kind}{number}.xml')}" not in parts)


def _declare(parts: dict[str, bytes], template: Template, target: str) -> None:
    """The media type of a picture: by its own entry in the template, or by its suffix."""
    suffix = posixpath.splitext(target)[1].lstrip(".").lower()
    types = parse(template.parts[TYPES])
    by_name = next((each.get("ContentType", "") for each in types if each.get("PartName") == f"/{target}"), "")
    by_suffix = next((each.get("ContentType", "") for each in types if each.get("Extension", "").lower() == suffix), "")
    _add_type(parts, f"/word/media/{PREFIX}{posixpath.basename(target)}", by_name or by_suffix or f"image/{suffix}")


def _add_type(parts: dict[str, bytes], name: str, media_type: str) -> None:
    types = parse(parts[TYPES])
    if not any(entry.get("PartName") == name for entry in types):
        etree.SubElement(types, f"{{{CONTENT_TYPES}}}Override", PartName=name, ContentType=media_type)
        parts[TYPES] = serialize(types)


def _set_settings(parts: dict[str, bytes], template: Template) -> None:
    """Copies the template's settings of pages and lines to their places in the schema."""
    source = template.parts.get(SETTINGS)
    if not source:
        return
    top, given = parse(parts[SETTINGS]), parse(source)
    for place, name in enumerate(SETTINGS_ORDER):
        if name in KEPT_SETTINGS and (found := given.find(w(name))) is not None:
            for old in top.findall(w(name)):
                top.remove(old)
            earlier = frozenset(map(w, SETTINGS_ORDER[:place]))
            behind = [index + 1 for index, each in enumerate(top) if each.tag in earlier]
            top.insert(max(behind, default=0), deepcopy(found))
    parts[SETTINGS] = serialize(top)


def report(parts: dict[str, bytes], joined: Joined, name: str) -> Notice:
    """Reports which styles are from the template, which it lacks, and which were changed by options."""
    names = {str(each.get(w("styleId"))): _name(each) for each in parse(parts[STYLES]).iter(w("style"))}
    used = dict.fromkeys(each for each in _used(parts) if each in names and not each.endswith(CODE_COLOUR))
    given = [names[each] for each in used if each in joined.own]
    derived = {names[each]: names[joined.follows[each]] for each in used if each in joined.follows}
    missing = [names[each] for each in used if each not in joined.own and each not in joined.follows]
    overridden = [names[each] for each in used if each in joined.own and each in _changed(parts[STYLES], joined.data)]
    message = f"The template {name!r} gives {len(given)} of {len(used)} styles of the document"
    message += f", {len(derived)} more follow one of them" if derived else ""
    if missing:
        message += f". Missing: {', '.join(missing[:8])}{', …' if len(missing) > 8 else ''}"
    data = {"used": given, "derived": derived, "missing": missing, "overridden": overridden}
    return notice("reference-styles", message, stage="docx", data=data)


def _name(style: etree._Element) -> str:
    found = style.find(w("name"))
    return str(found.get(w("val"), "")) if found is not None else ""


def _used(parts: dict[str, bytes]) -> Iterator[str]:
    yield "Normal"
    for part in (MAIN, "word/footnotes.xml"):
        top = parse(parts[part])
        for tag in ("pStyle", "rStyle", "tblStyle"):
            yield from (str(each.get(w("val"), "")) for each in top.iter(w(tag)))


def _changed(now: bytes, before: bytes) -> frozenset[str]:
    """The styles that options of the look changed after the join. Defaults count as Normal."""
    old = _canonical(before)
    return frozenset(identifier for identifier, text in _canonical(now).items() if old.get(identifier) != text)


def _canonical(data: bytes) -> dict[str, bytes]:
    top = parse(data)
    found = {str(each.get(w("styleId"))): etree.tostring(each, method="c14n") for each in top.iter(w("style"))}
    fonts = [etree.tostring(each, method="c14n") for each in top.iterfind(f"{w('docDefaults')}//{w('rFonts')}")]
    return found | {"Normal": found.get("Normal", b"") + b"".join(fonts)}
