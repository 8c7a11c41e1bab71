"""Zip containers, identifiers, and the parts about a document: small pieces, each separately."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ast import pandoc_ast, title_block
from service.containers import property_names
from service.containers.packages import identifier, pack, source_name, source_type, unpack
from service.model.document import Document, Metadata, Source
from service.model.text.characters import legal
from service.writers.docx import properties
from service.writers.epub import accessibility, navigation, opf
from service.writers.epub.chapters import Entry


def make(name: str = "a.md", **fields: str) -> Document:
    return Document(Metadata(**fields), (), Source(name, b"text"))  # type: ignore[arg-type]


def test_pack_is_free_of_clock_and_host() -> None:
    data = pack({"mimetype": b"x", "b": b"bb", "a": b"aa"}, stored=frozenset({"mimetype"}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == ["mimetype", "b", "a"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert entries[0].compress_type == zipfile.ZIP_STORED
    assert unpack(data) == {"mimetype": b"x", "b": b"bb", "a": b"aa"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"doi": "10.1/x", "isbn": "1", "identifier": "i"}, "https://doi.org/10.1/x"),
        ({"isbn": "978-3-16 1"}, "urn:isbn:9783161"),
        ({"identifier": "urn:x:1"}, "urn:x:1"),
        ({"source_url": "https://example.org/"}, "urn:uuid:"),
        ({}, "urn:uuid:"),
    ],
)
def test_identifier(fields: dict[str, str], expected: str) -> None:
    assert identifier(make(**fields)).startswith(expected)
    assert identifier(make(**fields)) == identifier(make("other.md", **fields))


@pytest.mark.parametrize(
    ("name", "kept", "mime"),
    [
        ("a.md", "source.md", "text/markdown"),
        ("../../etc/x.HTML", "source.html", "text/html"),
        ("C:\\x\\y.docx", "source.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("no suffix", "source.bin", "application/octet-stream"),
        ("a.weird name", "source.bin", "application/octet-stream"),
    ],
)
def test_source_name(name: str, kept: str, mime: str) -> None:
    assert source_name(Source(name, b"")) == kept
    assert source_type(Source(name, b"")) == mime


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_property_names_are_reversible_and_ascii(key: str) -> None:
    name = property_names.property_name(key)
    assert name.isascii()
    assert property_names.property_key(name) == key


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_becomes_xml(text: str) -> None:
    document = make(title=text, description=text, source_url=text)
    assert properties.core(document, text)
    assert properties.custom([(text, text)])
    assert opf.write(opf.Package(document.metadata, legal(text).strip() or "x", "urn:x", "2024-01-01T00:00:00Z", []))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, ("bool", "true")),
        (7, ("i4", "7")),
        (2**40, ("lpwstr", "1099511627776")),
        (1.5, ("r8", "1.5")),
        ("2024-01-02T03:04:05Z", ("filetime", "2024-01-02T03:04:05Z")),
        ("2024-01-02T03:04:05+08:00", ("lpwstr", "2024-01-02T03:04:05+08:00")),
        ("2024-01-02", ("lpwstr", "2024-01-02")),
        (["a", {"b": None}], ("lpwstr", '["a",{"b":null}]')),
        (None, ("lpwstr", "null")),
    ],
)
def test_typed_properties(value: object, expected: tuple[str, str]) -> None:
    assert properties.typed(value) == expected


def test_property_names_that_word_takes_for_one_are_distinguished() -> None:
    data = properties.custom([("Key", 1), ("key", 2)]).decode()
    assert 'name="Key"' in data
    assert 'name="key (2)"' in data


def test_contents_nest_and_stop_at_the_depth_asked_for() -> None:
    entries = [Entry(1, "title", "a#t"), Entry(2, "one", "a#1"), Entry(4, "deep", "a#d"), Entry(2, "two", "a#2")]
    (top,) = navigation.nest(entries, 3)
    assert [branch.entry.text for branch in top.children] == ["one", "two"]
    assert [branch.entry.text for branch in top.children[0].children] == ["deep"]
    (flat,) = navigation.nest(entries, 1)
    assert flat.children == []


def test_headings_are_lifted_to_level_one() -> None:
    blocks = [pandoc_ast.header(3, [pandoc_ast.string("a")]), pandoc_ast.header(4, [pandoc_ast.string("b")])]
    assert [block["c"][0] for block in title_block.lifted(blocks)] == [1, 2]
    assert title_block.lifted(title_block.lifted(blocks)) == title_block.lifted(blocks)


def test_a_title_is_never_empty() -> None:
    assert title_block.title_of(make("folder/my article.md")) == "my article"
    assert title_block.title_of(make(".md")) == "Untitled"
    assert title_block.title_of(make(title=" T ")) == "T"


def test_accessibility_claims_are_true() -> None:
    described = [pandoc_ast.para([pandoc_ast.image([pandoc_ast.string("alt")], "a.png")])]
    bare = [pandoc_ast.para([pandoc_ast.image([], "a.gif")])]
    assert ("accessibilityFeature", "alternativeText") in accessibility.claims(described, frozenset({"image/png"}))
    claims = accessibility.claims(bare, frozenset({"image/gif"}))
    assert ("accessibilityFeature", "alternativeText") not in claims
    assert ("accessModeSufficient", "textual") not in claims
    assert ("accessibilityHazard", "unknown") in claims
    assert ("accessMode", "visual") not in accessibility.claims([], frozenset())
