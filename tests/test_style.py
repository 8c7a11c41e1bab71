"""All text follows docs/style.md: tables, messages, documentation, the page, comments, docstrings and names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
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

WORDS = {  # pattern → what to write
    r"told|tells": "reported, says, shows, distinguished",
    r"mend(?:s|ed|ing)?": "fix, correct, repair",
    r"anew": "again",
    r"beside": "next to",
    r"lest": "so that … not",
    r"so many": "the number of",
    r"(?-i:(?:is|are) none|none (?:is|are)(?! of))|none of (?:them|it|its|these|those)": "there is no, is not",
    r"(?<!there )(?:is|are) no(?! longer)": "is not",
    r"whoever|who asks|nobody|somebody": "the caller, no request, someone",
    r"of ours": "of the service",
    r"stands? (?:in|for|there|alone)|as (?:it|they) stands?": "is in, represents, unchanged",
    r"is asked|asked for": "requested, required",
    r"by itself": "automatically, separately, alone",
    r"go(?:es)? on(?= with)|goes on": "continues",
    r"vouch(?:es)?|obey(?:s|ed)?|for sure": "confirms, follows, with certainty",
    r"can't|won't|doesn't|don't|isn't|aren't": "no contractions",
}
AVOIDED = re.compile(rf"\b(?:{'|'.join(WORDS)})\b", re.IGNORECASE)
# A docstring names its subject, and sentences have no words of older English.
IDIOMS = re.compile(
    r"\A(?:What|Who|Whose|Whom|How|Which|Why)\b|, for (?:it|they|that|there|no) |\bwhatever\b|\bno one\b"
    r"|\bbrings? along\b|\bas ever\b|\bput together\b|\bmade fit\b|\banyone who\b"
)
OLD_NAMES = {"told", "mend", "mends", "mended", "anew", "beside", "lest", "nobody", "somebody", "whoever"}
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


def comments(path: Path) -> Iterator[tuple[int, str]]:
    """Comments and docstrings of a module, and the names of old words that it defines or uses."""
    text = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
        elif token.type == tokenize.NAME and token.string.islower() and (old := OLD_NAMES.intersection(token.string.split("_"))):
            yield token.start[0], f"{token.string}: {' '.join(old)}"
    for each in ast.walk(ast.parse(text)):
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
            yield each.lineno, each.value.value


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


SOURCES = sorted(
    path
    for folder in ("service", "schemas", "clients", "tests", "bench", "tools", "examples")
    for path in (ROOT / folder).rglob("*.py")
    if not {"node_modules", "generated"}.intersection(path.parts)
)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_comments_are_plain(path: Path) -> None:
    found = [f"line {line}: {word[0]!r} in {text.strip()!r}" for line, text in comments(path) if (word := AVOIDED.search(text))]
    assert found == [], f"docs/style.md avoids these words: {WORDS}"


# Articles that are examples have an author's voice, patterns contain text of web pages, the style guide names the words,
# the list of decisions has the names of their files, and the change log is history.
PROSE = (
    "CHANGELOG.md",
    "docs/style.md",
    "docs/decisions.md",
    "service/passes/chrome.yaml",
    "examples/book.md",
    "examples/gallery.md",
)
TEXTS = sorted(
    path
    for pattern in (
        "*.md", ".ci/*", "bin/*", "Dockerfile", "compose.yaml", "action.yml", "pyproject.toml", "mkdocs.yml", "docs/**/*.md",
        "bench/*.md", "clients/**/*.md", "clients/typescript/*.ts", "examples/*.md", "examples/[a-r]*/**/*.*",
        "examples/systemd/*", "service/**/*.css", "service/**/*.js", "service/**/*.html", "service/**/*.yaml", "service/**/*.lua",
    )
    for path in ROOT.glob(pattern)
    if path.suffix not in {".py", ".json", ".png", ".svg", ".docx"} and path.is_file()
    and str(path.relative_to(ROOT)) not in PROSE and not {"node_modules", "vendor", "site"}.intersection(path.parts)
)  # fmt: skip


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages_are_plain(path: Path) -> None:
    """Documentation, decisions, style sheets, scripts and deployments. Code in Markdown is not text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        text = re.sub(r"```.*?```|`[^`]*`", lambda code: "\n" * code[0].count("\n"), text, flags=re.DOTALL)
    found = [f"line {text[: word.start()].count(chr(10)) + 1}: {word[0]!r}" for word in AVOIDED.finditer(text)]
    assert found == [], f"docs/style.md avoids these words: {WORDS}"


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


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_docstrings_name_their_subject(path: Path) -> None:
    found = [f"line {line}: {word[0]!r} in {text.strip()!r}" for line, text in comments(path) if (word := IDIOMS.search(text))]
    assert found == [], "docs/style.md: the thing comes first, not a question about it"
