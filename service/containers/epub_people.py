"""The people in the package document of an EPUB: authors and contributors, with their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from service.containers.namespaces import DC, OPF
from service.containers.parts import text
from service.model.record import NAMESPACE

Refinements = dict[str, dict[str, str]]
CREATOR, CONTRIBUTOR = f"{{{DC}}}creator", f"{{{DC}}}contributor"


WRAPPERS = frozenset({"dc-metadata", "x-metadata"})  # of OEBPS 1, in files that call themselves EPUB 2


def entries(package: etree._Element) -> Iterator[etree._Element]:
    """The entries of the package's own metadata, without nested ones and those of collections."""
    for metadata in package.iterchildren("{*}metadata"):
        for each in metadata.iterchildren(etree.Element):
            if etree.QName(each).localname in WRAPPERS:
                yield from each.iterchildren(etree.Element)
            else:
                yield each


def people(package: etree._Element, refined: Refinements) -> dict[str, Any]:
    """`opf:people` are the names of the authors in their order; `opf:creators` and `opf:contributors` have roles and sort keys.

    A file of this service gives an author with another role as a contributor with a place in that order.
    """
    ours = NAMESPACE in package.get("prefix", "")
    roles = _roles(package)
    authors: list[tuple[int, dict[str, Any]]] = []
    others: list[dict[str, Any]] = []
    for element in (each for each in entries(package) if each.tag in (CREATOR, CONTRIBUTOR)):
        about = refined.get(element.get("id", ""), {})
        person = _person(element, about, roles.get(element.get("id", ""), []))
        if not person["name"]:
            continue
        if element.tag == CREATOR or (ours and "display-seq" in about):
            authors.append((_number(about.get("display-seq"), len(authors) + 1), person))
        else:
            others.append(person)
    creators = [person for _, person in sorted(authors, key=lambda one: one[0])]
    found = {
        "opf:people": [person["name"] for person in creators],
        "opf:creators": creators,
        "opf:contributors": others,
    }
    return {place: value for place, value in found.items() if value}


def _person(element: etree._Element, about: Mapping[str, str], roles: list[str]) -> dict[str, Any]:
    """EPUB 2 has role and sort key as attributes, EPUB 3 as refinements."""
    role: Any = roles[0] if len(roles) == 1 else roles or element.get(f"{{{OPF}}}role", "")
    sort = about.get("file-as") or element.get(f"{{{OPF}}}file-as", "")
    found = {"name": text(element), "role": role, "sort": sort}
    return {key: value for key, value in found.items() if value or key == "name"}


def _roles(package: etree._Element) -> dict[str, list[str]]:
    """All roles of each person: one may have several."""
    found: dict[str, list[str]] = {}
    for meta in (each for each in entries(package) if each.tag == f"{{{OPF}}}meta"):
        if meta.get("property") == "role" and (value := text(meta)):
            found.setdefault((meta.get("refines") or "").removeprefix("#"), []).append(value)
    return found


def _number(value: str | None, default: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 9 else default
