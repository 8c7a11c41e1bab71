"""Joins the styles of a template with those of a profile: the template wins, and the profile adds missing styles.

A style is identified by its name, not by its identifier, which Word translates (`berschrift1` is "heading 1").
"""

from __future__ import annotations

import re
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from service.containers.packages import parse, serialize
from service.writers.docx.body import w

REFERRING = ("basedOn", "next", "link", "pStyle", "rStyle", "tblStyle", "numStyleLink", "styleLink")
# Name of a style that a template lacks → the style of the template that replaces it.
FOLLOWS = {
    "body text": "normal", "first paragraph": "body text", "compact": "body text", "block text": "quote",
    "image caption": "caption", "table caption": "caption", "abstract": "body text", "bibliography": "body text",
    "definition": "body text", "definition term": "body text", "author": "subtitle", "date": "subtitle",
    "source code": "html preformatted", "verbatim char": "html code", "table": "table grid", "toc heading": "heading 1",
    **{f"heading {level}": f"heading {level - 1}" for level in range(2, 7)},
}  # fmt: skip
HEADING = re.compile(r"heading (\d)")
MONOSPACED = frozenset({"SourceCode", "VerbatimChar", "Keyboard", "CodeTitle"})


@dataclass(frozen=True, slots=True)
class Joined:
    """`data` is the word/styles.xml. `renamed`: identifier in the template → identifier in the document.

    `own` are the identifiers from the template, `follows` those that it lacks → its style in their place.
    """

    data: bytes
    renamed: dict[str, str]
    own: frozenset[str]
    follows: dict[str, str] = field(default_factory=dict)


def joined(template: bytes, profile: bytes) -> Joined:
    top, ours = parse(template), parse(profile)
    expected = {name_of(style): _identifier(style) for style in ours.iter(w("style"))}
    renamed = _renamed(top, expected)
    rename(top, renamed)
    for style in top.iter(w("style")):
        style.set(w("styleId"), renamed.get(_identifier(style), _identifier(style)))
    _with_default_fonts(top)
    own = {name_of(style): _identifier(style) for style in top.iter(w("style"))}
    follows: dict[str, str] = {}
    for style in list(ours.iter(w("style"))):
        if name_of(style) not in own:
            added, leader = _added(style, own | {name: expected[name] for name in follows})
            top.append(added)
            if leader:
                follows[name_of(style)] = leader
    return Joined(serialize(top), renamed, frozenset(own.values()), {expected[name]: leader for name, leader in follows.items()})


def name_of(style: etree._Element) -> str:
    found = style.find(w("name"))
    return str(found.get(w("val"), "")).casefold() if found is not None else ""


def rename(top: etree._Element, renamed: dict[str, str]) -> None:
    """The references to styles with the new identifiers."""
    for tag in REFERRING:
        for element in top.iter(w(tag)):
            if (value := element.get(w("val"), "")) in renamed:
                element.set(w("val"), renamed[value])


def _identifier(style: etree._Element) -> str:
    return str(style.get(w("styleId"), ""))


def _renamed(top: etree._Element, expected: dict[str, str]) -> dict[str, str]:
    """Identifier → unique identifier in the document for a style of that name."""
    found: dict[str, str] = {}
    for style in top.iter(w("style")):
        found.setdefault(_identifier(style), expected.get(name_of(style), _identifier(style)))
    taken = frozenset(new for old, new in found.items() if old != new)
    return {old: f"{old}-template" if old == new and new in taken else new for old, new in found.items()}


def _with_default_fonts(top: etree._Element) -> None:
    """The defaults of the document with an element for fonts and one for languages, which other steps set."""
    defaults = top.find(w("docDefaults"))
    if defaults is None:
        defaults = etree.Element(w("docDefaults"))
        top.insert(0, defaults)
    run = defaults.find(w("rPrDefault"))
    if run is None:
        run = etree.Element(w("rPrDefault"))
        defaults.insert(0, run)
    look = run.find(w("rPr"))
    look = etree.SubElement(run, w("rPr")) if look is None else look
    if look.find(w("rFonts")) is None:
        look.insert(0, etree.Element(w("rFonts")))
    if look.find(w("lang")) is None:
        etree.SubElement(look, w("lang"))


def _added(style: etree._Element, known: dict[str, str]) -> tuple[etree._Element, str]:
    """The profile's style for a template without it: based on a style of the template, else the profile's without its fonts."""
    leader = known.get(FOLLOWS.get(name_of(style), ""), "")
    if leader:
        return _following(style, leader), leader
    added = deepcopy(style)
    for fonts in list(added.iter(w("rFonts"))):
        if _identifier(style) not in MONOSPACED and (parent := fonts.getparent()) is not None:
            parent.remove(fonts)
    added.attrib.pop(w("default"), "")  # the template has the defaults
    return added, ""


def _following(style: etree._Element, leader: str) -> etree._Element:
    added = etree.Element(w("style"), {str(key): str(value) for key, value in style.attrib.items()})
    added.attrib.pop(w("default"), "")
    name = style.find(w("name"))
    assert name is not None
    added.append(deepcopy(name))
    etree.SubElement(added, w("basedOn")).set(w("val"), leader)
    if (level := HEADING.fullmatch(name_of(style))) is not None:
        etree.SubElement(added, w("qFormat"))
        look = etree.SubElement(added, w("pPr"))
        etree.SubElement(look, w("outlineLvl")).set(w("val"), str(int(level[1]) - 1))
    return added
