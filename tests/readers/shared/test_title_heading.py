"""The heading that is the title of a document, and headings of sections."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from tests.readers import markups


@pytest.mark.parametrize(
    "text",
    [
        "# Lamps\n\nText.\n\n## Kinds\n\nMore.",
        "## Lamps\n\nText.",
        "![Cover](https://a.example/cover.png)\n\n---\n\n# Lamps\n\n## One\n\n## Two",
        "# Lamps\n\n> ## Quoted",
    ],
)
def test_the_one_above_the_text(engines: Engines, conversion: markups.Recipe, text: str) -> None:
    found = markups.read(text, "notes.md", engines, conversion("epub"))
    assert found.metadata.title == "Lamps"
    assert "Lamps" not in markups.said(found)


@pytest.mark.parametrize(
    ("name", "text", "headings"),
    [
        ("notes.md", "Text.\n\n# Lamps\n\nMore.", ["Lamps"]),
        ("notes.md", "# Lamps\n\nText.\n\n# Ships\n\nMore.", ["Lamps", "Ships"]),
        ("notes.md", "## Lamps\n\nText.\n\n# Ships\n\nMore.", ["Lamps", "Ships"]),
        ("notes.md", "| a |\n|---|\n| b |\n\n# Lamps\n\nText.", ["Lamps"]),
        ("notes.md", "# Lamps\n\nText.\n\n> # Ships", ["Lamps", "Ships"]),
        ("notes.wiki", "'''Notes''' are short.\n\n== Lamps ==\nText.\n\n== Ships ==\nMore.", ["Lamps", "Ships"]),
        ("notes.org", "Words first.\n* Lamps\nText.", ["Lamps"]),
        ("notes.rst", "Words first.\n\nLamps\n=====\n\nText.", ["Lamps"]),
        ("notes.html", "<p>Words first.</p><h1>Lamps</h1><p>Text.</p>", ["Lamps"]),
        ("notes.tex", "\\section{Lamps} Text. \\section{Ships} More.", ["Lamps", "Ships"]),
    ],
)
def test_sections_stay_and_the_file_gives_its_name(
    engines: Engines, conversion: markups.Recipe, name: str, text: str, headings: list[str]
) -> None:
    found = markups.read(text, name, engines, conversion("epub"))
    assert found.metadata.title == "notes"
    assert all(each in markups.said(found) for each in headings)
    assert "title-missing" in markups.codes(found)


def test_a_given_title_leaves_sections_alone(engines: Engines, conversion: markups.Recipe) -> None:
    text = "# Lamps\n\nText.\n\n# Ships\n\nMore."
    found = markups.read(text, "a.md", engines, conversion("epub", metadata={"title": "Both"}))
    assert "Lamps" in markups.said(found)


@pytest.mark.parametrize("target", ["markdown", "html"])
@pytest.mark.parametrize("made_as", ["docx", "odt"])
def test_the_title_found_is_in_the_output(engines: Engines, conversion: markups.Recipe, made_as: str, target: str) -> None:
    data = markups.made(made_as, "# Lamps at sea\n\nText.\n\n## Kinds\n\nMore.\n")
    recipe = conversion(target)
    document = steps.read(Source(f"notes.{made_as}", data), recipe, engines)
    artifact = steps.write(document, recipe, target, engines)
    assert document.metadata.title == "Lamps at sea"
    assert artifact.data.decode().startswith("---\ntitle: Lamps at sea\n") or b"<title>Lamps at sea</title>" in artifact.data
