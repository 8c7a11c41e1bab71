"""The statements of a journal are found under the names that authors use, and only if they are text."""

from __future__ import annotations

from typing import Any

import pytest

from schemas import metadata as schema
from service.model.metadata import Author, Metadata
from service.model.text import journal, journal_labels, labels


@pytest.mark.parametrize(
    ("custom", "field", "text"),
    [
        ({"received": "2024-05-03"}, "received", "2024-05-03"),
        ({"Date Received": "May"}, "received", "May"),
        ({"history": ["received 2001-05-03", "rev-recd 2001-06-01"]}, "received", "2001-05-03"),
        ({"history": {"accepted": "2024-05-03"}}, "accepted", "2024-05-03"),
        ({"录用日期": "2024-05-03"}, "accepted", "2024-05-03"),
        ({"citation": {"volume": 3, "issue": "A"}}, "number", "A"),
        ({"funding": "By the  Quay\nFund"}, "funding", "By the Quay Fund"),
        ({"funding": {"statement": "Paid.", "open_access": True}}, "funding", "Paid."),
        ({"funding": [{"source": "Quay Fund", "award": "Q7"}, "Sea Trust"]}, "funding", "Quay Fund, Q7; Sea Trust"),
        ({"competing-interests": "None."}, "conflict_of_interest", "None."),
    ],
)
def test_found(custom: dict[str, Any], field: str, text: str) -> None:
    assert journal.found(Metadata(custom=custom))[field] == text


@pytest.mark.parametrize(
    "value", [True, False, None, "", [], {}, [True], {"enabled": True}, "{{ site.funding }}", "`r fund()`", "<%= x %>", "${X}"]
)
@pytest.mark.parametrize("key", ["received", "funding", "conflict_of_interest", "volume", "corresponding_author"])
def test_a_switch_and_a_program_are_not_shown(key: str, value: Any) -> None:
    assert journal.found(Metadata(custom={key: value})) == {}


@pytest.mark.parametrize(
    ("custom", "shown"),
    [
        ({"volume": 12, "issue": 3, "pages": "44-58"}, "12 (3), 44–58"),
        ({"volume": "7"}, "7"),
        ({"volume": 12, "fpage": "e1", "lpage": "e9"}, "12, e1–e9"),
        ({"volume": 12, "elocation-id": "e17"}, "12, e17"),
        ({"pages": 12}, ""),
        ({"pages": "pp. 3 — 9"}, "pp. 3–9"),
        ({"issue": 4}, ""),
    ],
)
def test_place_in_the_journal(custom: dict[str, Any], shown: str) -> None:
    assert journal.place(journal.found(Metadata(custom=custom))) == shown


def test_every_language_has_every_label() -> None:
    assert journal_labels.WORDS.keys() == labels.WORDS.keys()
    assert all(all(row.values()) for row in journal_labels.WORDS.values())


def test_marks_of_authors_lead_to_their_affiliations() -> None:
    authors = (
        Author("Ada Vogt", affiliation="Harbour; Quay", orcid="0000-0002-1825-0097", email="a@b.example", corresponding=True),
        Author("Tom Reed", affiliation="Quay", role="editor"),
    )
    shown = ("authors", "affiliations", "orcid", "corresponding")
    assert [(line.label + line.text, line.href) for line in labels.title_lines(Metadata(authors=authors, lang="de"), shown)] == [
        ("Von: Ada Vogt¹,²*, Tom Reed² (editor)", ""),
        ("¹ Harbour", ""),
        ("² Quay", ""),
        ("ORCID: 0000-0002-1825-0097 (Ada Vogt)", "https://orcid.org/0000-0002-1825-0097"),
        ("Korrespondenz: Ada Vogt, a@b.example", "mailto:a@b.example"),
    ]
    (line,) = labels.title_lines(Metadata(authors=authors, lang="en"), ("authors",))
    assert line.text == "Ada Vogt*, Tom Reed (editor)"


@pytest.mark.parametrize(
    ("given", "is_set"),
    [
        ({"name": "Ada", "corresponding": True}, True),
        ({"name": "Ada", "corresponding": "yes"}, True),
        ({"name": "Ada", "attributes": {"corresponding": True}}, True),
        ({"name": "Ada", "corresponding": False}, False),
        ({"name": "Ada"}, False),
    ],
)
def test_the_author_who_answers_letters(given: dict[str, Any], is_set: bool) -> None:
    found, notices = schema.load({"authors": [given, "Tom"]})
    assert [author.corresponding for author in found.authors] == [is_set, False] and not notices
    assert ("corresponding" in schema.dump(found)["authors"][0]) is is_set
