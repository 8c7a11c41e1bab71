"""A notice of a pass has the line and column of the upload, front matter counted."""

from __future__ import annotations

import pytest

from service.engines import Engines
from service.model.document import Source
from service.pipeline import steps
from tests.readers import markups

HEAD = "---\ntitle: The lamp\nurl: https://lamp.example/#gone\n---\n\nFirst `[words](javascript:x)`.\n\n```\n![](  )\n```\n\n"


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("A <object data=a.swf>film</object>", "raw-html-dropped", (12, 3)),
        ("Light <?php lamp(); ?> here", "raw-html-dropped", (12, 7)),
        ("A\n\n<style>p { color: red }</style>", "raw-html-dropped", (14, 1)),
        ("The [keeper](javascript:x) sleeps", "link-removed", (12, 5 + 7)),
        ("The [keeper]() sleeps", "link-removed", (12, 5)),
        ("See [the part](#gone)", "dead-internal-link", (12, 14)),
        ("Two\n\n![the lamp]()", "empty-image-removed", (14, 1)),
        ("A\n\n<!-- a draft -->\n\nB", "comment-removed", (14, 1)),
        ("A<span hidden>secret</span>", "hidden-text-removed", (12, 15)),
    ],
)
def test_first_place(text: str, code: str, place: tuple[int, int], engines: Engines, conversion: markups.Recipe) -> None:
    document = steps.read(Source("a.md", (HEAD + text).encode()), conversion("epub"), engines)
    found = [each for each in document.notices if each.code == code]
    assert [(each.line, each.column) for each in found] == [place]


def test_an_image_that_is_missing(engines: Engines, conversion: markups.Recipe) -> None:
    source = Source("a.md", b"---\ntitle: T\n---\n\nA\n\n![lamp](lamp.png)\n")
    asked = conversion("epub")
    artifact = steps.write(steps.read(source, asked, engines), asked, "epub", engines)
    assert [(each.line, each.column) for each in artifact.notices if each.code == "image-missing"] == [(7, 7)]


def test_what_is_not_found_has_no_line(engines: Engines, conversion: markups.Recipe) -> None:
    document = steps.read(Source("a.md", b"# T\n\n[a]( java&#115;cript:x )\n"), conversion("epub"), engines)
    assert [each.line for each in document.notices if each.code == "link-removed"] == [None]
