"""What users read follows docs/style.md: tables, messages, documentation and the page."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from service import commands
from service.cli import cli
from service.model import catalogue
from service.model.errors import error_classes
from service.model.notices import NOTICES
from service.model.options import OPTIONS
from service.model.problem_hints import HINTS
from service.model.settings import SETTINGS

AVOIDED = re.compile(
    r"\b(?:told|tells|mend(?:s|ed)?|anew|beside|lest|so many|is none|none is|whoever|of ours|stands? (?:in|for|there|alone)"
    r"|can't|won't|doesn't|don't|isn't|aren't|as (?:it|they) stands?|who asks|is asked|asked for|nobody|somebody|for sure"
    r"|(?<!there )(?:is|are) no(?! longer)|vouch(?:es)?|obey(?:s|ed)?|by itself|goes on)\b",
    re.IGNORECASE,
)
ROOT = Path(__file__).resolve().parent.parent
SENTENCE = re.compile(r"[A-Za-z']+(?: [A-Za-z`'(-][\w`'(),:;.-]*){3}")  # four words: shorter texts are names and tokens
CODE = re.compile(r"SELECT |[\\^]\w|\(\?")
WORD_LISTS = ("schemas/languages.py", "schemas/field_names.py", "service/engines/weasyprint/patches/table.py")


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


def prose(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module that are sentences: messages, not docstrings, patterns and tables. `{…}` replaces values."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inner = {
        id(part) for each in ast.walk(tree) if isinstance(each, ast.JoinedStr) for part in ast.walk(each) if part is not each
    }
    inner |= {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}  # docstrings
    for each in ast.walk(tree):
        text = ""
        if isinstance(each, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in each.values)
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            text = each.value
        if id(each) not in inner and SENTENCE.search(text) and not CODE.search(text):
            yield each.lineno, text


MODULES = sorted(
    path
    for folder in ("service", "schemas", "clients/python/colophon_client")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts and str(path.relative_to(ROOT)) not in WORD_LISTS
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_messages_are_plain(path: Path) -> None:
    """Messages that no table lists: details of problems, messages of notices, logs."""
    found = [f"line {line}: {word[0]!r} in {text!r}" for line, text in prose(path) if (word := AVOIDED.search(text))]
    assert found == [], "docs/style.md avoids these words"


PAGES = [
    page
    for page in (
        *sorted((ROOT / "docs").glob("*.md")),
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    )
    if page.name not in ("style.md", "decisions.md", "CHANGELOG.md")
]


@pytest.mark.parametrize(
    "path", [page for page in PAGES if page.name not in ("style.md", "decisions.md")], ids=lambda path: path.name
)
def test_pages_are_plain(path: Path) -> None:
    """All but the style guide, which names the words, and the list of decisions, whose titles are history."""
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    found = [f"line {text[: word.start()].count(chr(10)) + 1}: {word[0]!r}" for word in AVOIDED.finditer(text)]
    assert found == [], "docs/style.md avoids these words"


@pytest.mark.parametrize("language", ["en"])
def test_the_page_is_plain(language: str) -> None:
    words = (ROOT / "service" / "web" / "ui" / "static" / f"words-{language}.js").read_text(encoding="utf-8")
    page = words.partition("sampleText")[0]
    assert AVOIDED.search(page) is None
    assert [text for text in catalogue.texts(language).values() if AVOIDED.search(text)] == []


@pytest.mark.parametrize(("place", "text"), sorted(set(texts())))
def test_plain_words(place: str, text: str) -> None:
    assert not (found := AVOIDED.search(text)), f"{place}: docs/style.md avoids {found[0]!r}: {text}"
    assert text.strip().endswith((".", "?", "…")) or place.startswith("command") or "\n" in text, f"{place}: no full stop: {text}"
