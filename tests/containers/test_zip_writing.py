"""The same bytes as from `zipfile`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.containers import zip_writing
from service.containers.packages import pack


def by_zipfile(parts: Mapping[str, bytes], stored: frozenset[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()


NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\:"), min_size=1, max_size=20)


@given(st.dictionaries(NAMES, st.binary(max_size=300), max_size=5), st.booleans())
def test_any_parts(parts: dict[str, bytes], plain: bool) -> None:
    stored = frozenset(parts if plain else ())
    assert pack(parts, stored) == by_zipfile(parts, stored)


@pytest.mark.parametrize("size", [0, 1, 100, 70_000, 3_000_000])
def test_any_size(size: int) -> None:
    parts = {"mimetype": b"application/epub+zip", "a/文.txt": bytes(number * number % 251 for number in range(size))}
    assert pack(parts, frozenset({"mimetype"})) == by_zipfile(parts, frozenset({"mimetype"}))


def test_what_was_packed_before_is_taken_as_it_is() -> None:
    parts = {"a": b"one " * 100, "b": b"two " * 100}
    assert pack(parts, ready={"a": zip_writing.deflated(parts["a"])}) == by_zipfile(parts, frozenset())
