"""Front matter → file → inspect is the identity, for all values of YAML, in every format with metadata."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as some

from service.engines import Engines
from service.input.frontmatter.blanks import WIDE
from service.inspect import INSPECTORS, extract_source, inspect
from service.model.document import Conversion, Source
from service.pipeline import steps

# Integers beyond 64 bits and floats with an exponent stay text (docs/decisions.md); what decoding removes (control
# characters) is reported and has tests of its own.
CHARACTERS = some.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff\u2028\u2029\x85")
TEXT = some.text(CHARACTERS, max_size=40)
AWKWARD = some.sampled_from(
    [
        "no", "null", "~", "yes", "on", "12:30", "1.10", "007", "1e3", "0x1f", "2024-11-21", "2025-10-06T19:16:36.499828+08:00",
        "a: b", "a #b", "# c", "- d", "[x]", "{y}", "@z", "&a", "*b", "!c", "%d", "'", '"', '"a" b', "''", "<b>&amp;</b>", "]]>",
        " padded ", "文字：与标点", "لغة", "👩\u200d👩\u200d👧", "x" * 3000, "line\nline", "tab\there", "\\n", "${x}", "_x0041_",
    ]
)  # fmt: skip
SCALAR = some.one_of(
    TEXT,
    AWKWARD,
    some.booleans(),
    some.none(),
    some.integers(-(2**63), 2**63 - 1),
    some.floats(-1e9, 1e9).filter(lambda number: "e" not in repr(number)),
)
WIDE_AFTER_COLON = re.compile(f":[{WIDE}]")
KEY = some.one_of(
    some.sampled_from(["title", "author", "date", "tags", "lang", "url", "source", "description", "series", "version", "doi"]),
    some.text(CHARACTERS, max_size=12)
    .filter(lambda key: key.strip() == key and key not in ("=", "<<"))
    .filter(
        lambda key: not WIDE_AFTER_COLON.search(key)  # the blank ends the key: people paste `title:`, no-break blank, text
    ),
)
VALUE = some.recursive(
    SCALAR, lambda inner: some.one_of(some.lists(inner, max_size=3), some.dictionaries(KEY, inner, max_size=3)), max_leaves=6
)
FRONT_MATTER = some.dictionaries(KEY, VALUE, min_size=1, max_size=6)
Recipe = Callable[..., Conversion]


@pytest.mark.parametrize("target", INSPECTORS)
@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(front_matter=FRONT_MATTER)
@example(
    front_matter={
        "title": "ASW #221 - Kenn White",
        "source": "@x",
        "no": "no",
        "when": "12:30",
        "n": 1.1,
        "nested": {"a": [1, None]},
    }
)
def test_identity(target: str, front_matter: dict[str, Any], engines: Engines, conversion: Recipe) -> None:
    text = f"---\n{yaml.safe_dump(front_matter, allow_unicode=True, sort_keys=False, width=10_000)}---\n\nText.\n"
    source = Source("a.md", text.encode())
    recipe = conversion(target, verify="full", lang="en")
    artifact = steps.write(steps.read(source, recipe, engines), recipe, target, engines)
    assert inspect(artifact.data)["front_matter"] == front_matter
    assert extract_source(artifact.data).data == source.data
    assert not [notice for notice in artifact.notices if notice.code == "metadata-mismatch"]


# Lines that strict parsers refuse or cut, each with what its author meant; all of a kind that real archives hold.
LINES = (
    ("title: ASW #221 - Kenn White", "title", "ASW #221 - Kenn White"),
    ("source: SANS Internet Storm Center, InfoCON: green", "source", "SANS Internet Storm Center, InfoCON: green"),
    (
        "title: [remote] A mail client - Remote Code Execution (RCE)",
        "title",
        "[remote] A mail client - Remote Code Execution (RCE)",
    ),
    ('title: "Piracy shield" - Aggiornamento', "title", '"Piracy shield" - Aggiornamento'),
    ("title: @中国车企，请注意", "title", "@中国车企，请注意"),
    ("title: &#x5b;Guest Diary&#x5d; A day", "title", "&#x5b;Guest Diary&#x5d; A day"),
    ("title: 100% sure: `code` & *stars*", "title", "100% sure: `code` & *stars*"),
    ("title: - dash first", "title", "- dash first"),
    ("title: {curly} and more", "title", "{curly} and more"),
    ("title: > quoted", "title", "> quoted"),
    ("title: 'it''s", "title", "'it''s"),
)


@pytest.mark.parametrize("target", INSPECTORS)
@pytest.mark.parametrize(("line", "key", "meant"), LINES)
def test_lines_that_yaml_refuses(line: str, key: str, meant: str, target: str, engines: Engines, conversion: Recipe) -> None:
    source = Source("a.md", f"---\n{line}\nlang: en\n---\n\nText.\n".encode())
    artifact = steps.write(steps.read(source, conversion(target), engines), conversion(target), target, engines)
    report = inspect(artifact.data)
    assert report["front_matter"][key] == meant
    field = {"source": "source_name"}.get(key, key)
    assert report["metadata"][field] == html.unescape(meant)
