"""Metadata of an XML article without a field: it stays in the metadata under the name of its element."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from lxml import etree

from schemas import metadata
from service.readers.shared.letters import WORD, folded
from service.readers.shared.xml import phrase


def add(
    group: etree._Element | None,
    found: dict[str, Any],
    names: Mapping[str, str],
    grouped: Collection[str],
    unsaid: Collection[str] = (),
    cleaned: Callable[[etree._Element], etree._Element] = lambda part: part,
) -> None:
    """Adds to `found` the parts of `group` whose words no value of it has.

    `names` gives the key for the name of an element, which is the key otherwise; the parts of elements in `grouped` are
    kept separately; elements in `unsaid` are ignored. `cleaned` returns the element whose text counts.
    """
    there = set(WORD.findall(folded(" ".join(_strings(found)))))
    for each in group if group is not None else ():
        name = etree.QName(each).localname
        if name in unsaid:
            continue
        for part in each if name in grouped else (each,):
            text = phrase(cleaned(part))
            new = set(WORD.findall(folded(text)))
            if new <= there:
                continue
            key = names.get(etree.QName(part).localname) or names.get(name) or name.replace("-", "_")
            key = f"{key}_text" if metadata.field_of(key) else key
            before = found.get(key, [])
            found[key] = [*(before if isinstance(before, list) else [before]), text]
            there |= new


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)
