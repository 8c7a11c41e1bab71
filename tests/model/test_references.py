"""The files next to an article that its text names."""

from __future__ import annotations

import pytest

from service.model.document import Asset
from service.model.references import Uploads, named_files, normal_reference


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("bibliography: works.bib\ncsl: style.csl\n", {"works.bib", "style.csl"}),
        ("bibliography: [a.bib, 'b/c.bib']\n", {"a.bib", "b/c.bib"}),
        ("bibliography:\n  - a.bib\n  - \"b.ris\"\n", {"a.bib", "b.ris"}),
        ("citation-style: ./s.csl\n", {"./s.csl"}),
        ("- words of an item\n- [a](b.md)\n", {"b.md"}),
        ("image::a.gif[A]\n\nimage:b.gif[]\n", {"a.gif", "b.gif"}),
        ("image: c[1].gif\n", {"c[1].gif"}),
        ("csl: https://styles.example/a.csl\n", set()),
    ],
)  # fmt: skip
def test_named(text: str, expected: set[str]) -> None:
    assert set(named_files(text.encode())) == expected


@pytest.mark.parametrize(
    ("reference", "name"),
    [
        ("./a%20b.png?x=1#y", "a b.png"),
        ("img//a.png", "img/a.png"),
        ("img/../a.png", "a.png"),
        ("img\\sub\\..\\a.png", "img/a.png"),
        ("../a.png", "../a.png"),
        ("../../a/../b.png", "../../b.png"),
    ],
)
def test_normal_reference(reference: str, name: str) -> None:
    assert normal_reference(reference) == name == normal_reference(name)


@pytest.mark.parametrize(
    ("reference", "found"),
    [("IMG/Plan.PNG", "img/plan.png"), ("lamp.png", "lamp.png"), ("LAMP.png", None), ("Lamp.png", "Lamp.png"), ("x.png", None)],
)
def test_an_upload_is_found_by_its_name(reference: str, found: str | None) -> None:
    uploads = Uploads([Asset(name, b"", "image/png") for name in ("img/plan.png", "lamp.png", "Lamp.png")])
    asset = uploads.find(reference)
    assert (asset and asset.name) == found


@pytest.mark.parametrize(
    ("reference", "name"),
    [("a%23b.png", "a#b.png"), ("./a%23b.png", "a#b.png"), ("a#b.png", "a#b.png"), ("A%23B.png", "a#b.png"),
     ("why%3F.png", "why?.png"), ("why?.png", "why?.png"),
     ("5%25.png", "5%.png"), ("5%.png", "5%.png"), ("a%2523.png", "a%23.png")],
)  # fmt: skip
def test_the_name_of_an_upload_has_characters_of_addresses(reference: str, name: str) -> None:
    names = ("a#b.png", "why?.png", "5%.png", "a%23.png", "c.png")
    found = Uploads([Asset(each, b"", "image/png") for each in names]).find(reference)
    assert found is not None and found.name == name
