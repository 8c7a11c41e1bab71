"""Objects of a PDF are written as pydyf writes them."""

from __future__ import annotations

from typing import Any

import pydyf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.engines.weasyprint.patches import pdf_objects

NUMBERS = st.one_of(st.floats(), st.integers(), st.booleans(), st.sampled_from([0.0, -0.0, 1.0, -1e-9, 1e21, 0.1 + 0.2]))
LEAVES = st.one_of(NUMBERS, st.binary(max_size=9), st.text("AZ09/ ()", max_size=9), st.none())
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("Kids", min_size=1), inner))


def built(value: Any) -> Any:
    if isinstance(value, dict):
        return pydyf.Dictionary({key: built(each) for key, each in value.items()})
    return pydyf.Array([built(each) for each in value]) if isinstance(value, list) else value


def plainly(value: Any) -> bytes:
    """By pydyf 0.13."""
    if isinstance(value, dict):
        return b"<<" + b"".join(b"/" + plainly(key) + b" " + plainly(each) for key, each in value.items()) + b">>"
    return b"[" + b" ".join(plainly(each) for each in value) + b"]" if isinstance(value, list) else pdf_objects.plain_bytes(value)


@given(VALUES)
def test_same_bytes(value: Any) -> None:
    expected = plainly(value)
    assert pydyf._to_bytes(built(value)) == expected
    assert pydyf._to_bytes(built(value)) == expected  # now that it is kept


def test_text_without_ascii_is_for_strings_alone() -> None:
    with pytest.raises(UnicodeEncodeError):
        pydyf._to_bytes("é")
    assert pydyf.String("é").data == b"<feff00e9>"


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_objects, "MOST", 10)
    kept = pdf_objects.Written(pdf_objects.plain_bytes)
    assert [kept[each / 7] for each in range(100)] == [pdf_objects.plain_bytes(each / 7) for each in range(100)]
    assert len(kept) <= 10


def test_an_object_has_its_number_alone() -> None:
    first, second, pdf = pydyf.Dictionary(), pydyf.Array([1]), pydyf.PDF()
    pdf.add_object(first)
    assert (first.reference, second.number, second.free, second.offset, pydyf.Dictionary().number) == (
        b"3 0 R",
        None,
        "n",
        0,
        None,
    )


def test_references_to_pages_follow_them() -> None:
    pdf = pydyf.PDF()
    assert pdf.page_references == ()
    for _ in range(2):
        pdf.add_page(pydyf.Dictionary())
        assert pdf.page_references == tuple(b"%d 0 R" % number for number in pdf.pages["Kids"][::3])
    assert len(pdf.page_references) == 2
