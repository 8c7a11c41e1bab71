"""The pages of a section as PDF objects that fit into another document: drawn in one process, joined in another.

Pages, links and destinations, the structure and its numbers are joined. Fonts are not part of a section: it reports the
glyphs that it used, and the joined document embeds each font once, with the glyphs of all sections.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any

import pydyf
import weasyprint.pdf
from weasyprint.pdf import anchors

from service.engines.weasyprint.pdf import bare_elements, containment, file_links, structure_destinations, tag_relations, tag_tree
from service.engines.weasyprint.pdf.serialization import Finished
from service.engines.weasyprint.sections import Unjoinable, font_usage
from service.engines.weasyprint.sections.margins import Margins, outline_of
from service.engines.weasyprint.sections.page_offsets import Place

SCALE = 0.75  # PDF points per CSS pixel
PAGES, CATALOG = 1, 2  # the numbers of pydyf's first objects


class _Drawn(Exception):
    """Ends WeasyPrint's writing when its objects are made."""


def draw(document: Any, options: Mapping[str, Any]) -> Piece:
    """The pages of `document`; links may lead to anchors of other sections. For a process that ends afterwards."""
    weasyprint.pdf.resolve_links = partial(_resolved, None)
    weasyprint.pdf.build_fonts_dictionary = _left_out
    pieces: list[Piece] = []

    def finish(_: Any, pdf: Any) -> None:
        tag_tree.fix(pdf)
        if options["pdf_variant"] in structure_destinations.VARIANTS:
            tag_relations.mark_notes(pdf, structure_destinations.places(pdf))
            containment.fix(pdf)
            structure_destinations.name_elements(pdf, structure_destinations.places(pdf).anchors)
            tag_relations.fix(pdf, structure_destinations.places(pdf))
        else:
            tag_relations.forget(structure_destinations.places(pdf))
        file_links.point(pdf)
        bare_elements.leave_out(pdf)
        pieces.append(Piece(pdf, document.fonts, outline_of(document.pages), _targets(document.pages)))
        for stream in pieces[0].streams():
            stream.stream = [b"\n".join(map(pydyf._to_bytes, stream.stream))]  # a page is thousands of operators
        raise _Drawn

    with contextlib.suppress(_Drawn):
        document.write_pdf(finisher=finish, **options)
    return pieces[0]


def _targets(pages: Sequence[Any]) -> frozenset[str]:
    """The anchors that links of the pages lead to."""
    return frozenset(link[1] for page in pages for link in page.links if link[0] == "internal")


def _resolved(known: frozenset[str] | None, pages: Sequence[Any]) -> Iterator[tuple[list[Any], list[Any]]]:
    """WeasyPrint's `resolve_links`, for a document that does not end with its own pages. `known` is None before all are known."""
    own: set[str] = set()
    for page in pages:
        new = [(name, x, y) for name, (x, y, _, _) in page.anchors.items() if name not in own]
        own.update(name for name, _, _ in new)
        yield [link for link in page.links if known is None or link[0] != "internal" or link[1] in known], new


def _left_out(*_: Any) -> Any:
    return pydyf.Dictionary({"Left": "out"})


@dataclass(slots=True)
class Piece:
    """The drawn section, in the process that drew it: its objects, fonts, bookmarks, and the anchors that its links lead to."""

    pdf: Any
    fonts: Mapping[int, Any]
    outline: Sequence[Any]
    targets: frozenset[str]
    numbers: dict[int, int] = field(default_factory=dict)
    keys: int = 0
    prefix: int = 0

    @property
    def _root(self) -> Any:
        reference = self.pdf.catalog.get("StructTreeRoot")
        return self._at(reference) if reference else None

    def _at(self, reference: bytes) -> Any:
        return self.pdf.objects[int(reference.split()[0])]

    def place_in(self, place: Place, margins: Margins) -> None:
        """Draws the margins. Raises Unjoinable where a link leads to no anchor of the whole document."""
        if not self.targets.issubset(place.anchors):
            raise Unjoinable("a link to nowhere")
        margins.draw(place, self.streams(), self.pdf)

    def streams(self) -> list[Any]:
        """The resources of the pages."""
        return [self._at(self._at(page)["Contents"]) for page in self.pdf.page_references]

    def reported(self) -> dict[str, Any]:
        """The facts that the joined document needs before: numbers of objects and keys of structure, glyphs, bookmarks."""
        self.numbers = {number: index for index, number in enumerate(self._reachable())}
        notes, calls = tag_relations.numbers(structure_destinations.places(self.pdf))
        return {
            "objects": len(self.numbers),
            "keys": len(self._parents()) // 2,
            "fonts": [font_usage.usage(key, font) for key, font in self.fonts.items()],
            "notes": {name: self.numbers[number] for name, number in notes.items()},
            "calls": {name: [self.numbers[number] for number in each] for name, each in calls.items()},
            "bookmarks": [[page.height, page.bookmarks] for page in self.outline],
        }

    def _parents(self) -> list[Any]:
        root = self._root
        return list(self._at(root["ParentTree"])["Nums"]) if root is not None else []

    def _namespaces(self) -> list[bytes]:
        return list(self._root.get("Namespaces", [])) if self._root is not None else []

    def _elements(self) -> list[bytes]:
        return list(self._at(self._root["K"][0])["K"]) if self._root is not None else []

    def _reachable(self) -> list[int]:
        """The numbers of what the pages and the structure hold together, in their order; not what stands once a document."""
        todo = [*self.pdf.page_references, *self._elements(), *(ref for ref in _references(self._parents()))]
        fixed, found = self._fixed(), set[int]()
        while todo:
            number = int(todo.pop().split()[0])
            if number not in found and number not in fixed:
                found.add(number)
                one = self.pdf.objects[number]
                todo += _references(one.extra if isinstance(one, pydyf.Stream) else one)
        return sorted(found)

    def _fixed(self) -> set[int]:
        """The objects that the joined document has only once: the tree of pages, the structure's top, the fonts."""
        left_out = (each for each in self.pdf.objects if isinstance(each, pydyf.Dictionary) and "Left" in each)
        tops = {PAGES, CATALOG, *(each.number for each in left_out)}
        tops |= {int(each.split()[0]) for each in self._namespaces()}
        return tops | ({self._root.number, int(self._root["K"][0].split()[0])} if self._root is not None else set())

    def moved(self, place: Mapping[str, Any]) -> tuple[dict[str, Any], list[bytes]]:
        """The objects, numbered from `place["base"]` on, as bytes; and where in them pages, names and structure are."""
        self.numbers = {number: place["base"] + index for number, index in self.numbers.items()}
        order = list(self.numbers)
        for number in self._fixed() - {CATALOG}:
            self.numbers[number] = place["fonts"] if "Left" in self.pdf.objects[number] else place["top"]
        self.numbers |= {int(each.split()[0]): place["space"] for each in self._namespaces()}
        self.numbers[PAGES] = PAGES
        self.keys, self.prefix = place["key"], place["base"]
        tag_relations.refer(structure_destinations.places(self.pdf), place["notes"], place["calls"])
        objects = [self.pdf.objects[number] for number in order]
        data = [self._bytes(each) for each in objects]
        header = {
            "sizes_of": [len(each) for each in data],
            "streams": [isinstance(each, pydyf.Stream) for each in objects],
            "pages": [self._new(reference) for reference in self.pdf.page_references],
            "names": self._names(),
            "elements": [self._new(reference) for reference in self._elements()],
            "bookmarked": [self._new(each) if each else 0 for each in structure_destinations.places(self.pdf).bookmarks],
            "parents": [_text(self._move(each)) for each in self._parents()[1::2]],
        }
        return header, [b"".join(data)]

    def _names(self) -> list[tuple[str, str]]:
        listed = self.pdf.catalog.get("Names", {}).get("Dests", {}).get("Names", [])
        return [(name.string, _text(self._move(target))) for name, target in zip(listed[::2], listed[1::2], strict=True)]

    def _new(self, reference: bytes) -> int:
        return self.numbers[int(reference.split()[0])]

    def _bytes(self, one: Any) -> bytes:
        if isinstance(one, pydyf.Stream):
            moved: Any = pydyf.Stream(one.stream, self._move(one.extra), one.compress)
        else:
            moved = self._move(one)
        data: bytes = moved.data
        return data

    def _move(self, value: Any, key: str = "") -> Any:
        """The value with its references, keys of structure and identifiers those of the other document."""
        if isinstance(value, bytes) and value.endswith(b" 0 R") and value[:-4].isdigit():
            return b"%d 0 R" % self._new(value)
        if isinstance(value, dict):
            return pydyf.Dictionary({name: self._move(each, name) for name, each in value.items()})
        if isinstance(value, list):
            return pydyf.Array([self._move(each, key) for each in value])
        if key in ("StructParents", "StructParent"):
            return value + self.keys
        if key in ("ID", "Headers") and isinstance(value, pydyf.String):
            return pydyf.String(f"{self.prefix}-{value.string}")
        return value


def _references(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes):
        if value.endswith(b" 0 R") and value[:-4].isdigit():
            yield value
    elif isinstance(value, (dict, list)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _references(each)


def _text(value: Any) -> str:
    data = value if isinstance(value, bytes) else value.data
    return str(data.decode("latin-1"))


# In the joined document


@contextlib.contextmanager
def joint(document: Any, known: frozenset[str], merge_fonts: Callable[[dict[int, Any], Any], None]) -> Iterator[list[Any]]:
    """Within it, `document` is written as the first section: the fonts of all, links to all, the outline left for later.

    Yields a list that then holds the dictionary of the fonts.
    """
    plain_links, plain_fonts = weasyprint.pdf.resolve_links, weasyprint.pdf.build_fonts_dictionary
    built: list[Any] = []

    def build(pdf: Any, own: dict[int, Any], *rest: Any) -> Any:
        merge_fonts(own, document.font_config.font_map)
        built.append(plain_fonts(pdf, own, *rest))
        return built[0]

    weasyprint.pdf.resolve_links, weasyprint.pdf.build_fonts_dictionary = partial(_resolved, known), build
    document.make_bookmark_tree = lambda *_, **__: []
    try:
        yield built
    finally:
        weasyprint.pdf.resolve_links, weasyprint.pdf.build_fonts_dictionary = plain_links, plain_fonts


def room(pdf: Any, reported: Sequence[Mapping[str, Any]], fonts_number: int) -> list[dict[str, Any]]:
    """The places of each section's objects in `pdf`, and the objects of `pdf` that they refer to."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    key = _object(pdf, root["ParentTree"])["Nums"][-2] + 1 if _object(pdf, root["ParentTree"])["Nums"] else 0
    base, top = len(pdf.objects), int(root["K"][0].split()[0])
    space = int(root["Namespaces"][0].split()[0]) if "Namespaces" in root else 0
    found = []
    for each in reported:
        found.append({"base": base, "key": key, "top": top, "space": space, "fonts": fonts_number})
        base, key = base + each["objects"], key + each["keys"]
    notes, calls = tag_relations.numbers(structure_destinations.places(pdf))
    for place, each in zip(found, reported, strict=True):
        notes |= {name: place["base"] + index for name, index in each["notes"].items()}
        for name, indexes in each["calls"].items():
            calls.setdefault(name, []).extend(place["base"] + index for index in indexes)
    tag_relations.refer(structure_destinations.places(pdf), notes, calls)
    return [place | {"notes": notes, "calls": calls} for place in found]


def add(pdf: Any, place: Mapping[str, Any], header: Mapping[str, Any], data: bytes) -> None:
    """The pages of one section behind those that are there."""
    at = 0
    for size, is_stream in zip(header["sizes_of"], header["streams"], strict=True):
        pdf.add_object(Finished(data[at : at + size], is_stream))
        at += size
    for number in header["pages"]:
        pdf.pages["Count"] += 1
        pdf.pages["Kids"].extend([number, 0, "R"])
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    _object(pdf, root["K"][0])["K"].extend(b"%d 0 R" % number for number in header["elements"])
    parents = _object(pdf, root["ParentTree"])["Nums"]
    for key, text in enumerate(header["parents"], place["key"]):
        parents.extend([key, text.encode("latin-1")])
    _add_names(pdf, header["names"])
    structure_destinations.places(pdf).bookmarks += [b"%d 0 R" % number if number else b"" for number in header["bookmarked"]]


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _add_names(pdf: Any, names: Sequence[Sequence[str]]) -> None:
    """Destinations are a name tree, which is sorted (ISO 32000-2, 7.9.6); of two with one name the first holds."""
    tree = pdf.catalog.setdefault("Names", pydyf.Dictionary()).setdefault("Dests", pydyf.Dictionary({"Names": pydyf.Array()}))
    listed = tree["Names"]
    known = dict(zip((name.string for name in listed[::2]), listed[1::2], strict=True))
    for name, target in names:
        known.setdefault(name, target.encode("latin-1"))
    tree["Names"] = pydyf.Array([each for name in sorted(known) for each in (pydyf.String(name), known[name])])


def add_outline(pdf: Any, document: Any, reported: Sequence[Mapping[str, Any]]) -> None:
    """The bookmarks of all pages, one tree. `document` is the first section's."""
    later = [SimpleNamespace(height=height, bookmarks=bookmarks) for each in reported for height, bookmarks in each["bookmarks"]]
    whole = document.copy([*document.pages, *later])
    anchors.add_outlines(pdf, whole.make_bookmark_tree(SCALE, transform_pages=True))
