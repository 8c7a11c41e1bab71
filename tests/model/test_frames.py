"""Frames: what is sent is received, and nonsense is refused."""

from __future__ import annotations

import io
import struct

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.model import frames

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=3)
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from("abcdef"), JSON), st.lists(st.binary(max_size=200), max_size=5))
def test_round_trip(header: dict[str, object], blobs: list[bytes]) -> None:
    stream = io.BytesIO()
    frames.send(stream, header, blobs)
    stream.seek(0)
    assert frames.receive(stream) == (header, blobs)
    with pytest.raises(EOFError):
        frames.receive(stream)


@pytest.mark.parametrize(
    "data",
    [struct.pack(">I", 2**31) + b"{}", struct.pack(">I", 2) + b"[]"]
    + [
        struct.pack(">I", len(text)) + text
        for text in (orjson.dumps({"sizes": [-1]}), orjson.dumps({"sizes": [2**40]}), b"nonsense")
    ],
)
def test_nonsense_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        frames.receive(io.BytesIO(data))
