"""The metadata record: every alias, nothing dropped, doubts reported or refused with a pointer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.field_names import NAMES, plain_name
from schemas.metadata import ALIASES, FIELDS, INDEX_KEYS, dump, field_of, load, load_overrides, override
from service.input.encoding import decode
from service.input.frontmatter import split
from service.model.document import Author, Metadata, Series
from service.model.errors import ValidationFailed
from service.model.text import json_values


def test_the_fields_are_those_of_the_record() -> None:
    assert [*FIELDS, "custom", "front_matter"] == list(Metadata.__dataclass_fields__)


def test_the_archives_five_keys() -> None:
    data = {
        "title": "a",
        "url": "https://x.example/p",
        "source": "S",
        "date": "2024-11-21",
        "fetch_date": "2025-10-06T19:16:36.499828",
    }
    record, notices = load(data)
    assert (record.title, record.source_url, record.source_name, record.date) == ("a", "https://x.example/p", "S", "2024-11-21")
    assert (record.fetched_at, record.custom, notices) == ("2025-10-06T19:16:36.499828", {}, ())
    assert record.front_matter == data


@pytest.mark.parametrize(("alias", "name"), [(alias, name) for name, names in ALIASES.items() for alias in names])
def test_every_alias_in_every_spelling(alias: str, name: str) -> None:
    value = {"isbn": "9780306406157", "doi": "10.1000/182", "lang": "en", "source_url": "https://a.example"}.get(name, "2024")
    for key in (alias, alias.upper(), alias.replace("_", "-"), alias.replace("_", " ").title()):
        record, notices = load({key: value})
        assert getattr(record, name), key
        assert not record.custom
        assert not notices


def test_precedence_and_merging() -> None:
    record, _ = load(
        {"by": "Second", "author": "First", "tags": ["b", "a"], "keywords": "a, c；d", "excerpt": "s", "summary": "x"}
    )
    assert record.authors == (Author("First"),)
    assert record.keywords == ("a", "c", "d", "b")
    assert record.description == "x"
    assert record.custom == {"by": "Second", "excerpt": "s"}


def test_a_name_belongs_to_one_field() -> None:
    assert NAMES.keys() <= FIELDS.keys()
    names = [plain_name(name) for names in ALIASES.values() for name in names]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize(
    ("data", "wanted"),
    [({"publishedAt": "2024-05-06", "updatedAt": "2024-05-07", "siteName": "S"},
      {"date": "2024-05-06", "modified": "2024-05-07", "source_name": "S"}),
     ({"datePublished": "2024-05-06", "dateModified": "2024-05-07", "headline": "H", "inLanguage": "it"},
      {"date": "2024-05-06", "modified": "2024-05-07", "title": "H", "lang": "it"}),
     ({"og:title": "H", "og:description": "D", "article:published_time": "2024-05-06", "article:tag": ["a"]},
      {"title": "H", "description": "D", "date": "2024-05-06", "keywords": ("a",)}),
     ({"DC.Title": "H", "dc:creator": "A", "dcterms.issued": "2024-05-06", "DC.subject": "a; b"},
      {"title": "H", "authors": (Author("A"),), "date": "2024-05-06", "keywords": ("a", "b")}),
     ({"Created time": "March 4, 2024 10:20 AM", "Last edited time": "March 5, 2024 1:00 PM"},
      {"date": "2024-03-04T10:20", "modified": "2024-03-05T13:00"}),
     ({"desc": "D", "created": 1709546430123, "updated": 1709546430},
      {"description": "D", "date": "2024-03-04T10:00:30.123Z", "modified": "2024-03-04T10:00:30Z"}),
     ({"dc": {"title": "Low tide", "creator": "Mara Vogt", "language": "fr"}, "meta": {"date": "2024-05-06"}},
     {"title": "Low tide", "lang": "fr", "date": "2024-05-06"}),
    ({"taxonomies": {"tags": ["a"], "categories": ["c"]}, "last_update": {"date": "2024-05-06"}},
      {"keywords": ("a",), "categories": ("c",), "modified": "2024-05-06"}),
     ({"date": {"published": "2024-05-06", "modified": "2024-05-07"}}, {"date": "2024-05-06", "modified": "2024-05-07"}),
     ({"tags": "[a, 'b c', \"d\"]"}, {"keywords": ("a", "b c", "d")}),
     ({"categories": [["Travel", "Rome"], ["Food"], "Art"]}, {"categories": ("Travel", "Rome", "Food", "Art")})],
)  # fmt: skip
def test_names_and_shapes_of_vendors(data: dict[str, Any], wanted: dict[str, Any]) -> None:
    record, notices = load(data)
    assert {name: getattr(record, name) for name in wanted} == wanted
    assert not notices


def test_what_a_field_does_not_hold_stays_as_it_was() -> None:
    nested = {"categories": [["Travel", "Rome"], ["Food"]], "date": {"published": "2024-05-06", "embargo": "2024-06-01"}}
    assert load(nested)[0].custom == nested
    assert load({"date": {"start": "2024-05-06"}})[0].date == ""


def test_metadata_blocks_of_pandocs_epub() -> None:
    record, notices = load({
        "title": [{"type": "main", "text": "Tides"}, {"type": "subtitle", "text": "A handbook"}],
        "creator": [{"role": "author", "text": "Mara Vogt", "file-as": "Vogt, Mara"}, {"role": "edt", "text": "Tom Reed"}],
        "identifier": [{"scheme": "ISBN-13", "text": "978-0-306-40615-7"}, {"scheme": "DOI", "text": "doi:10.1000/182"},
                       {"text": "urn:uuid:1"}],
        "belongs-to-collection": "Seas", "group-position": 2, "rights": "Free",
    })  # fmt: skip
    assert (record.title, record.subtitle, record.rights) == ("Tides", "A handbook", "Free")
    assert record.authors == (Author("Mara Vogt", sort="Vogt, Mara"), Author("Tom Reed", role="editor"))
    assert (record.isbn, record.doi, record.identifier) == ("9780306406157", "10.1000/182", "urn:uuid:1")
    assert (record.series, record.custom, notices) == (Series("Seas", "2"), {}, ())
    more = [{"type": "main", "text": "Tides"}, {"type": "short", "text": "T"}]
    assert load({"title": more})[0].custom == {"title": more}


@pytest.mark.parametrize("key", ["published", "lastUpdated", "author", "tags", "license", "description", "cover"])
def test_a_switch_is_no_value(key: str) -> None:
    record, notices = load({key: True})
    name = field_of(key)
    assert (getattr(record, name), record.custom) == (getattr(Metadata(), name), {key: True})
    assert bool(notices) == (key == name)


@pytest.mark.parametrize(
    "value",
    ["`r Sys.Date()`", "today", "Last Modified", "{{ date }}", "<% tp.date.now() %>", "!r format(Sys.time(), '%d %B')", "\\today",
     "${DATE}", "YYYY-MM-DD", "$Date$", "{{< now >}}"],
)  # fmt: skip
def test_a_program_is_data(value: str) -> None:
    record, notices = load({"date": value, "title": "T"})
    assert (record.date, record.custom, record.front_matter["date"]) == ("", {"date": value}, value)
    assert [(reported.code, reported.severity) for reported in notices] == [("metadata-program", "info")]


def test_a_program_in_another_field() -> None:
    record, _ = load({"author": "`r params$author`", "title": "{{ page.title }}", "tags": "$x$ and {{ y }}"})
    assert (record.title, record.authors, record.keywords) == ("", (), ("$x$ and {{ y }}",))
    assert load({"date": "$Date: 2024-05-06 10:00:00 $"})[0].date == "2024-05-06T10:00:00"


@pytest.mark.parametrize(
    ("value", "words"),
    [([{"name": "One", "slug": "one"}, {"label": "Two"}], ("One", "Two")), ("#one #two", ("one", "two")),
     (["#one", "C#", "two"], ("one", "C#", "two")), ("one、two，three", ("one", "two", "three")), ("one / two", ("one", "two")),
     ("one/two/three", ("one", "two", "three")), ("CI/CD", ("CI/CD",)), ("one | two", ("one", "two")),
     ("one two-three", ("one", "two-three")), ("New York", ("New York",)), ("前端 后端", ("前端", "后端")),
     ({"one": None, "two": None}, ("one", "two")), ({"name": "One"}, ("One",))],
)  # fmt: skip
def test_keywords(value: Any, words: tuple[str, ...]) -> None:
    record, notices = load({"tags": value})
    assert (record.keywords, notices, record.custom) == (words, (), {})


def test_blanks_divide_no_keywords() -> None:
    assert load({"keywords": "machine learning"})[0].keywords == ("machine learning",)


@pytest.mark.parametrize(
    ("data", "names"),
    [({"author": "张三，李四、王五"}, ["张三", "李四", "王五"]), ({"authors": "Ann Lee, Bob Ray"}, ["Ann Lee", "Bob Ray"]),
     ({"author": "Ann Lee, Bob Ray"}, ["Ann Lee, Bob Ray"]), ({"authors": "Lee, Ann"}, ["Lee, Ann"]),
     ({"authors": "Ann Lee, University of Iowa"}, ["Ann Lee, University of Iowa"]),
     ({"author": {"Ann Lee": None, "Bob Ray": {"email": "b@x.example"}}}, ["Ann Lee", "Bob Ray"]),
     ({"authors": {"ann": {"name": "Ann Lee"}, "bob": {"name": "Bob Ray"}}}, ["Ann Lee", "Bob Ray"]),
     ({"author": [{"Ann Lee": {"institute": "X"}}, "Bob Ray"]}, ["Ann Lee", "Bob Ray"]),
     ({"author": [{"given": "三", "family": "张"}, {"name": {"given": "Bob", "family": "Ray"}}]}, ["张三", "Bob Ray"])],
)  # fmt: skip
def test_people(data: dict[str, Any], names: list[str]) -> None:
    record, notices = load(data)
    assert [each.name for each in record.authors] == names
    assert not notices


def test_affiliations_that_authors_refer_to() -> None:
    authors = [{"name": "Ann Lee", "affiliation": "1, 2"}, {"name": "Bob Ray", "affiliations": [{"ref": "u"}]}]
    known = [{"name": "Iowa", "index": 1}, {"name": "Oslo", "index": 2, "id": "u"}]
    record, notices = load({"authors": authors, "affiliations": known})
    assert [each.affiliation for each in record.authors] == ["Iowa; Oslo", "Oslo"]
    assert not notices
    assert record.custom == {"affiliations": known}


def test_the_abstract_stands_in_for_a_description() -> None:
    record, _ = load({"abstract": "We dug."})
    assert (record.abstract, record.description) == ("We dug.", "We dug.")
    record, _ = load({"abstract": "We dug.", "description": "Digging"})
    assert (record.abstract, record.description) == ("We dug.", "Digging")
    assert override(record, load_overrides({"abstract": "We sang."})).description == "Digging"


def test_authors() -> None:
    maps = [
        {"name": "A B", "ORCID": "https://orcid.org/0000-0002-1825-0097", "email": "a@b.example"},
        "C, D and E",
        {"given": "F", "family": "G"},
    ]
    record, notices = load({"authors": maps})
    assert record.authors == (
        Author("A B", email="a@b.example", orcid="0000-0002-1825-0097"),
        Author("C, D and E"),
        Author("F G", sort="G, F"),
    )
    assert not notices
    assert load({"author": "A and B; 甲 乙；丙"})[0].authors == (Author("A and B"), Author("甲 乙"), Author("丙"))
    assert (
        load({"author": "D&#8217;Arc; R&amp;D"})[0].authors
        == (Author("D’Arc"), Author("R&D"))
        == load({"author": ["D&#8217;Arc", "R&amp;D"]})[0].authors
    )
    assert load({"author": {"name": "X", "role": "editor"}})[0].authors == (Author("X", role="editor"),)


def test_links_to_notes_are_what_they_show() -> None:
    record, notices = load({"author": ["[[Jane Doe]]", "[[people/li|李四]]", "[x]"], "tags": ["[[Gardens]]"], "by": "[[A]]; B"})
    assert [each.name for each in record.authors] == ["Jane Doe", "李四", "[x]"]
    assert (record.keywords, notices) == (("Gardens",), ())
    assert record.front_matter["author"] == ["[[Jane Doe]]", "[[people/li|李四]]", "[x]"]


def test_what_an_author_has_no_field_for_is_kept() -> None:
    value = [{"name": "A", "url": "https://a.example", "orcid": "nonsense"}]
    record, notices = load({"author": value})
    assert record.authors == (Author("A", orcid="nonsense"),)
    assert record.custom == {"author": value}
    assert [reported.data["pointer"] for reported in notices] == ["/author/0/url", "/author/0/orcid"]


def test_source_that_is_an_address() -> None:
    assert load({"source": "https://a.example/x"})[0].source_url == "https://a.example/x"
    record, _ = load({"source": "https://a.example/x", "url": "https://b.example"})
    assert (record.source_url, record.source_name) == ("https://b.example", "https://a.example/x")


def test_a_permalink_that_is_no_address_is_custom() -> None:
    record, notices = load({"permalink": "/2024/x/", "link": "https://a.example"})
    assert (record.source_url, record.custom) == ("https://a.example", {"permalink": "/2024/x/"})
    assert not notices
    record, notices = load({"permalink": "/2024/x/"})
    assert (record.source_url, record.custom, len(notices)) == ("", {"permalink": "/2024/x/"}, 1)


def test_entities_are_decoded_where_people_read() -> None:
    record, _ = load({"title": "&#x5b;Guest&#x5d; A &amp; B &copy R&D", "source": "S&amp;N", "description": "a &amp; b"})
    assert (record.title, record.source_name, record.description) == ("[Guest] A & B &copy R&D", "S&N", "a &amp; b")
    assert record.front_matter["title"] == "&#x5b;Guest&#x5d; A &amp; B &copy R&D"


def test_unknown_forms_stay_text() -> None:
    record, notices = load({"date": "sometime", "lang": "klingon", "isbn": "123"})
    assert (record.date, record.lang, record.isbn) == ("sometime", "", "123")
    assert record.custom == {"lang": "klingon"}
    assert {reported.code: reported.severity for reported in notices} == {
        "date-unrecognised": "warning",
        "metadata-unrecognised": "info",
    }


def test_identifiers() -> None:
    record, notices = load(
        {"doi": "https://doi.org/10.1000/182", "isbn": "978-0-306-40615-7", "series": "S", "series_index": 3, "version": "1.10"}
    )
    assert (record.doi, record.isbn, record.series, record.version) == ("10.1000/182", "9780306406157", Series("S", "3"), "1.10")
    assert not notices
    assert load({"series_index": 3})[0].custom == {"series_index": 3}


def test_keys_that_reach_for_files_are_data() -> None:
    data = {"css": "/etc/passwd", "header-includes": ["x"], "cover-image": "http://10.0.0.1/"}
    record, notices = load(data)
    assert record.custom == data
    assert [reported.code for reported in notices] == ["metadata-ignored"] * 3


def test_dump_is_stable_json() -> None:
    empty = dump(Metadata())
    assert list(empty) == [*FIELDS, "custom"]
    assert (empty["title"], empty["authors"], empty["series"], empty["custom"]) == (None, [], None, {})
    full = dump(load({"author": [{"name": "A", "role": "r"}], "series": {"name": "S", "index": 1}, "x": {"y": [1, None]}})[0])
    assert (full["authors"], full["series"], full["custom"]) == (
        [{"name": "A", "role": "r"}],
        {"name": "S", "index": "1"},
        {"x": {"y": [1, None]}},
    )


@pytest.mark.parametrize(
    ("data", "pointers"),
    [({"authors": [{"name": "A", "orcid": "x"}]}, ["/metadata/authors/0/orcid"]), ({"title": ["a"]}, ["/metadata/title"]),
     ({"date": "2024-13-45", "lang": "klingon"}, ["/metadata/date", "/metadata/lang"]), ({"url": "ftp://x"}, ["/metadata/url"]),
     ({"a/b~c": "\0"}, ["/metadata/a~1b~0c"]), ({"x": {"y": [2**63]}}, ["/metadata/x/y/0"]),
     ({"custom": 3}, ["/metadata/custom"]),
     ({"authors": [{"role": "x"}]}, ["/metadata/authors/0"]), ({"front_matter": {}}, ["/metadata/front_matter"]),
     ([1], ["/metadata"]),
     ({"x": float("nan")}, ["/metadata/x"]), ({"x": "\ud800"}, ["/metadata/x"])],
)  # fmt: skip
def test_overrides_are_refused_with_pointers(data: Any, pointers: list[str]) -> None:
    with pytest.raises(ValidationFailed) as caught:
        load_overrides(data)
    assert [place.pointer for place in caught.value.places] == pointers


def test_overrides_too_deep() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(ValidationFailed, match="deep"):
        load_overrides({"x": deep})


def test_override() -> None:
    record, _ = load({"title": "a", "author": "A", "x": 1, "y": 2})
    changed = override(record, load_overrides({"title": "b", "author": None, "x": 9, "custom": {"z": 3}}))
    assert (changed.title, changed.authors, changed.custom) == ("b", (), {"x": 9, "y": 2, "z": 3})
    assert changed.front_matter == record.front_matter
    assert override(record, load_overrides({})) == record


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    [alias for names in ALIASES.values() for alias in names] + ["css", "Title", "series_index", "自定义"]
) | st.text(max_size=8)


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_nothing_is_dropped(data: dict[str, Any]) -> None:
    record, _ = load(data)
    data = json_values.kept(data)  # integers beyond 64 bits are text
    assert record.front_matter == data
    out = dump(record)
    json.dumps(out)
    for key, value in data.items():
        if not field_of(key) and plain_name(key) not in INDEX_KEYS:
            assert record.custom[key] == value
    assert override(record, {}) == record


@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_overrides_are_taken_or_refused(data: dict[str, Any]) -> None:
    try:
        overrides = load_overrides(data)
    except ValidationFailed as refused:
        assert all(str(place.pointer).startswith("/metadata") for place in refused.places)
        return
    override(Metadata(), overrides)


def test_the_corpus_has_no_doubt(corpus: list[Path]) -> None:
    for path in corpus:
        data = split(decode(path.read_bytes())[0]).data
        record, notices = load(data)
        assert record.title or not data.get("title"), path.name
        assert not record.custom, path.name
        assert not notices, (path.name, notices)
