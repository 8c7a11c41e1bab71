"""Faster creation and output of PDF objects: numbers, names, references, dictionaries and arrays.

pydyf gives each object four attributes that few of them change, tests the type of every number and name, and
formats it again. WeasyPrint lists the references to all pages for each element of the structure. Together this is
a third of the time to write a PDF. This patch keeps the text of numbers and keys, and the list of pages while its length
is the same.
"""

from __future__ import annotations

from typing import Any

import pydyf

MOST = 20_000  # numbers, and keys, that are kept
UNCHANGED = {"number": None, "offset": 0, "generation": 0, "free": "n"}  # of most objects, when they are made

plain_bytes = pydyf._to_bytes


class Written(dict[Any, bytes]):
    """The text of objects, by one call of `write` each; emptied when it grows too large."""

    def __init__(self, write: Any) -> None:
        super().__init__()
        self.write = write

    def __missing__(self, key: Any) -> bytes:
        if len(self) >= MOST:
            self.clear()
        written: bytes = self.write(key)
        self[key] = written
        return written


FLOATS = Written(plain_bytes)
KEYS = Written(lambda key: b"/" + plain_bytes(key) + b" ")


def to_bytes(item: Any) -> bytes:
    """Replaces pydyf's function of that name."""
    kind = type(item)
    if kind is bytes:
        written: bytes = item
    elif kind is str:
        written = item.encode("ascii")
    elif kind is float:
        written = FLOATS[item]
    elif kind is int:
        written = b"%d" % item
    else:
        written = plain_bytes(item)
    return written


def _dictionary(one: Any) -> bytes:
    return b"<<" + b"".join([KEYS[key] + to_bytes(value) for key, value in one.items()]) + b">>"


def _array(one: Any) -> bytes:
    return b"[" + b" ".join([to_bytes(each) for each in one]) + b"]"


def _reference(one: Any) -> bytes:
    return b"%d %d R" % (one.number, one.generation)


def _page_references(pdf: Any) -> tuple[bytes, ...]:
    """The list only grows."""
    kids = pdf.pages["Kids"]
    listed: tuple[bytes, ...] = pdf.__dict__.get("listed", ())
    if 3 * len(listed) != len(kids):
        listed = pdf.listed = tuple([b"%d 0 R" % number for number in kids[::3]])
    return listed


def _new_object(one: Any) -> None:
    pass


def _new_dictionary(one: Any, values: Any = None) -> None:
    dict.__init__(one, values or {})


def _new_array(one: Any, values: Any = None) -> None:
    list.__init__(one, values or [])


def install() -> None:
    """Installs this. Idempotent."""
    if pydyf._to_bytes is to_bytes:
        return
    pydyf._to_bytes = to_bytes
    for name, value in UNCHANGED.items():
        setattr(pydyf.Object, name, value)
    pydyf.Object.__init__, pydyf.Object.reference = _new_object, property(_reference)
    pydyf.Dictionary.__init__, pydyf.Dictionary.data = _new_dictionary, property(_dictionary)
    pydyf.Array.__init__, pydyf.Array.data = _new_array, property(_array)
    pydyf.PDF.page_references = property(_page_references)
