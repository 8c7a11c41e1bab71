"""The words of the tables that users read follow docs/style.md."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from service import commands
from service.cli import cli
from service.model.errors import error_classes
from service.model.notices import NOTICES
from service.model.options import OPTIONS
from service.model.problem_hints import HINTS
from service.model.settings import SETTINGS

AVOIDED = re.compile(
    r"\b(?:told|tells|mend(?:s|ed)?|anew|beside|lest|so many|is none|none is|can't|won't|doesn't|whoever|of ours|stands? in)\b",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    yield from ((f"notice {code}", meaning) for code, (_, meaning) in NOTICES.items())
    yield from ((f"problem {code}", cls.title) for code, cls in error_classes().items())
    yield from ((f"hint {code}", hint) for code, hint in HINTS.items())
    yield from ((f"setting {setting.name}", setting.help) for setting in SETTINGS)
    yield from ((f"option {name}", option.help.en) for name, option in OPTIONS.items())
    for name in commands.COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield f"command {name}", command.help or ""
        yield from ((f"command {name}", each.help) for each in command.params if isinstance(each, click.Option) and each.help)


@pytest.mark.parametrize(("place", "text"), sorted(set(texts())))
def test_plain_words(place: str, text: str) -> None:
    assert not (found := AVOIDED.search(text)), f"{place}: docs/style.md avoids {found[0]!r}: {text}"
    assert text.strip().endswith((".", "?", "…")) or place.startswith("command") or "\n" in text, f"{place}: no full stop: {text}"
