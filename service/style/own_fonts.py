"""The fonts of a conversion, and the part of the text for each.

An option names a family or a file. Without options, the first family is for the text, the second for headings, and a family
of one width for code.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from service.ast import pandoc_ast
from service.engines.fonts.face import Face, Unreadable
from service.model import font_files
from service.model.document import Asset, Conversion, Document, Notice
from service.model.errors import Place, ValidationFailed
from service.model.font_files import ROLES, TAG
from service.model.notices import notice
from service.model.references import normal_reference
from service.model.text import labels

FONT_DECLARATION = re.compile(r"\bfont(?:-family)?:[^;{}]*")
BOLD = 600  # the least weight of a bold face
# Characters of a page besides those of the text: Latin, Greek and Cyrillic letters, punctuation, currency, arrows.
USUAL = frozenset([*range(0x20, 0x530), *range(0x2000, 0x2070), *range(0x20A0, 0x20D0), *range(0x2190, 0x2200)])


@dataclass(frozen=True, slots=True)
class OwnFonts:
    """`faces`: option → the faces of the family that sets its part of the text. `notices` report fonts that were not used.

    A family that the style sheet of the caller names has its own name in place of an option.
    """

    faces: Mapping[str, Sequence[Face]] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()

    def allowed(self, target: str) -> Mapping[str, Sequence[Face]]:
        """The faces whose licence allows them in that format."""
        kinds = {"pdf": {"any", "print"}, "epub": {"any"}}.get(target, set())
        return {role: found for role, found in self.faces.items() if all(each.permission in kinds for each in found)}


NONE = OwnFonts()


def of(conversion: Conversion, document: Document, css: str = "") -> OwnFonts:
    """`css`: the style sheet of the caller, in which families can be named.

    Raises ValidationFailed, with the file, if it is not a font, damaged or too large, or if there are too many.
    """
    given = _given(conversion, document)
    uploads = {each.name for each in given}
    given += _of_operator(conversion, given)
    if not given:
        return NONE
    if len(given) > font_files.MOST_FILES:
        raise _refused(f"A conversion may have {font_files.MOST_FILES} font files, not {len(given)}.", "/font")
    text = _characters(conversion, document)
    families = _families([face for each in given for face in _faces(each, text)])
    chosen = _chosen(conversion, families)
    chosen |= _in_style_sheet(families, chosen, css)
    used = {face.file for found in chosen.values() for face in found}
    unused = [PurePosixPath(name).name for name in sorted(uploads - used)]
    return OwnFonts(chosen, (notice("font-unused", stage="write", data={"files": unused}),) if unused else ())


def reported(own: OwnFonts, target: str) -> tuple[Notice, ...]:
    """The notices for an artifact: fonts that are not used, and those whose licence forbids to embed them."""
    barred = {
        face.family: PurePosixPath(face.file).name
        for role in own.faces.keys() - own.allowed(target).keys()
        for face in own.faces[role]
    }
    if target not in ("pdf", "epub") or not barred:
        return (*own.notices, *(_incomplete(own) if target == "pdf" else ()))
    message = f"The licence of the font {', '.join(sorted(barred))} does not allow it in {target.upper()} files (OS/2 fsType)."
    about = {"families": sorted(barred), "files": sorted(set(barred.values()))}
    return (*own.notices, notice("font-not-embedded", message, stage=target, data=about))


def _incomplete(own: OwnFonts) -> tuple[Notice, ...]:
    """A notice for a family of the text without a bold or an italic face."""
    found = own.faces.get("font", ())
    kinds = {"bold": any(face.weight >= BOLD for face in found), "italic": any(face.italic for face in found)}
    missing = [name for name, there in kinds.items() if not there] if found else []
    if not missing:
        return ()
    message = f"The font {found[0].family!r} has no {' and no '.join(missing)} face. The profile's font shows such text."
    return (notice("font-face-missing", message, stage="pdf", data={"family": found[0].family, "missing": missing}),)


def _given(conversion: Conversion, document: Document) -> list[Asset]:
    """The uploaded fonts, and those files next to the article that an option names."""
    named = {normal_reference(conversion[role]) for role in ROLES if font_files.is_font(conversion[role])}
    assets = document.source.assets
    return [each for each in assets if font_files.is_uploaded(each.name) or normal_reference(each.name) in named]


def _of_operator(conversion: Conversion, given: Sequence[Asset]) -> list[Asset]:
    """The files in the folder of the operator with a family that an option names, if no upload has it."""
    wanted = {_folded(conversion[role]) for role in ROLES if conversion[role]} - {"", "serif", "sans", "mono"}
    files = font_files.of_operator() if wanted else []
    if given:  # an upload with the same name comes first
        files = [file for file in files if file.name not in {PurePosixPath(each.name).name for each in given}]
    found = []
    if files:
        from service.engines.fonts import faces
    for file in files:
        data = file.read_bytes()
        try:
            names = {_folded(name) for name in faces.families_of(data)} | {file.name.casefold()}
        except Unreadable:
            continue
        if names & wanted:
            found.append(Asset(f"{font_files.FOLDER}/{file.name}", data))
    return found


def _faces(asset: Asset, text: frozenset[int]) -> list[Face]:
    from service.engines.fonts import faces

    name = PurePosixPath(asset.name).name
    try:
        return faces.of(asset.name, asset.data, text)
    except Unreadable as error:
        raise _refused(f"The font file {name!r} {error}.", f"/font/{name}") from error


def _families(found: Sequence[Face]) -> list[list[Face]]:
    """The faces by families, in the order of the files. Of two for the same weight and slant, the first."""
    families: dict[str, dict[tuple[int, bool], Face]] = {}
    for face in found:
        families.setdefault(face.family, {}).setdefault((face.weight, face.italic), face)
    return [list(each.values()) for each in families.values()]


def _chosen(conversion: Conversion, families: Sequence[Sequence[Face]]) -> dict[str, Sequence[Face]]:
    chosen = {role: found for role in ROLES if (found := _named(conversion[role], families))}
    free = [each for each in families if each not in chosen.values()]
    text = iter([each for each in free if not each[0].mono])
    mono = iter([each for each in free if each[0].mono])
    for role, rest in (("font", text), ("heading_font", text), ("code_font", mono)):
        if not conversion[role] and (found := next(rest, None)):
            chosen[role] = found
    return chosen


def _in_style_sheet(
    families: Sequence[Sequence[Face]], chosen: Mapping[str, Sequence[Face]], css: str
) -> dict[str, Sequence[Face]]:
    """The families that set no part of the text and are named in the style sheet."""
    named = " ".join(match[0] for match in FONT_DECLARATION.finditer(css))
    free = (each for each in families if each not in chosen.values())
    return {family[0].family: family for family in free if family[0].family in named}


def renamed(css: str, own: OwnFonts) -> str:
    """The style sheet with the tagged names of the families: see `tagged`."""
    names = {family[0].family: f'"{tagged(family)}"' for family in own.allowed("pdf").values()}
    return FONT_DECLARATION.sub(lambda match: _with_tags(match[0], names), css) if names else css


def _with_tags(declaration: str, names: Mapping[str, str]) -> str:
    """A name is the end of a part: `font: bold 12pt "Harbour", serif`."""
    parts = declaration.split(",")
    for number, part in enumerate(parts):
        text = part.rstrip()
        for name, tag in names.items():
            form = next((each for each in (f'"{name}"', name) if text.endswith((f" {each}", f":{each}")) or text == each), "")
            if form:
                parts[number] = text.removesuffix(form) + tag
    return ",".join(parts)


def _named(value: str, families: Sequence[Sequence[Face]]) -> Sequence[Face] | None:
    """The family with that name, or with a face in the file of that name."""
    wanted = _folded(value)
    if not wanted:
        return None
    for family in families:
        files = {PurePosixPath(face.file).name.casefold() for face in family} | {face.file.casefold() for face in family}
        if wanted in files or any(wanted in face.names for face in family):
            return family
    return None


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _characters(conversion: Conversion, document: Document) -> frozenset[int]:
    """The characters of the document, its metadata, the texts of options and the labels, and of a page in general."""
    words = labels.WORDS.get(labels.language(document.metadata.lang), {}).values()
    texts = [pandoc_ast.dumps(document.blocks).decode(), repr(document.metadata), conversion.header, conversion.footer, *words]
    return USUAL.union(*(map(ord, each) for each in texts))


def _refused(detail: str, pointer: str) -> ValidationFailed:
    return ValidationFailed(detail, places=[Place(detail, pointer)])


def tagged(family: Sequence[Face]) -> str:
    """A name that no other font has, not even another version of the same: a worker remembers what it measured by the name."""
    digest = hashlib.sha256(b"".join(face.data for face in family)).hexdigest()[:8]
    return f"{TAG}{digest} {family[0].family}"
