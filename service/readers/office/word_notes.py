"""The size of the notes of a DOCX, before pandoc puts each in the place of its call.

Word creates no note within a note, but a file may have one that calls itself, on which pandoc does not end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lxml import etree

from service.containers import packages
from service.model.errors import TooComplex
from service.readers.office.word_names import w
from service.readers.office.word_package import KNOWN
from service.readers.shared import note_calls

KINDS = ("footnote", "endnote")
MAX_NOTES = note_calls.MAX_NOTES


def check(parts: Mapping[str, bytes], main: str) -> None:
    """Raises TooComplex if notes call themselves, or become too many."""
    calls: dict[str, list[str]] = {}
    for kind in KINDS:
        data = parts.get(KNOWN[f"{kind}s"], b"")
        for note in packages.parse(data).iter(w(kind)) if data.strip() else ():
            calls.setdefault(f"{kind} {note.get(w('id'), '')}", []).extend(_calls(note))
    if not any(calls.values()):
        return
    weights = note_calls.weigh(calls, _refused)
    if sum(weights.get(each, 0) for each in _calls(packages.parse(parts[main]))) > MAX_NOTES:
        detail = f"The notes come to more than {MAX_NOTES:,}, each as often as it is called."
        raise TooComplex(detail, extra={"limit": MAX_NOTES})


def _calls(part: etree._Element) -> Iterator[str]:
    for kind in KINDS:
        for each in part.iter(w(f"{kind}Reference")):
            yield f"{kind} {each.get(w('id'), '')}"


def _refused(label: str) -> TooComplex:
    return TooComplex(f"The {label[:60]} calls itself; a note may call no note that leads back to it.")
