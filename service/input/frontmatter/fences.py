"""Finds the front matter in a text: between fences, in a leading JSON object, or after a fence without an end."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.metadata import field_of
from service.input.frontmatter import blanks, json_text
from service.input.frontmatter.base import MAX_BYTES, recovered
from service.input.frontmatter.recovery import key_line
from service.model.document import Notice

SIMPLE_KEY = re.compile(r"[A-Za-z_][\w-]*:(?:[ \t]|$)")
FENCES = {"---": ("yaml", ("---", "...")), "+++": ("toml", ("+++",)), ";;;": ("json", (";;;",))}
LANGUAGES = {"yaml": "yaml", "yml": "yaml", "toml": "toml", "json": "json"}  # `---toml`, as Eleventy writes it
BLANK = re.compile(r"(?:[ \t]*\n)+")
EDGES = " \t\u00a0\u200b\ufeff\u3000"
# Characters that editors write for `---`, and fences that are too long. All their lines must be keys.
ODD_FENCE = re.compile(r"-{4,}|[—–―]{1,3}-?|-[—–]")
LONG_FENCE = re.compile(r"-{4,}")


@dataclass(frozen=True, slots=True)
class Cut:
    """The place of the front matter: `content` between the fences begins at line `offset + 1` of the source."""

    format: str
    content: str
    raw: str
    body: str
    offset: int = 1
    closed: bool = True
    notices: tuple[Notice, ...] = ()


def fenced(text: str) -> Cut | None:
    """Below blank lines a fence may be a rule: keys and an end must follow it."""
    if not (blank := BLANK.match(text)):
        return _at_once(text)
    cut = _at_once(text[blank.end() :])
    if cut is None or not cut.closed or not worth_recovering(cut) or not key_line(cut.content.partition("\n")[0]):
        return None
    return replace(cut, raw=blank[0] + cut.raw, offset=cut.offset + blank[0].count("\n"))


def _at_once(text: str) -> Cut | None:
    first, _, rest = text.partition("\n")
    fence = first.rstrip(EDGES)
    kind = _kind(fence)
    if kind is None:
        return _odd(first, rest) if ODD_FENCE.fullmatch(fence) else None
    format_, closing = kind
    start = 0
    for line in _lines(rest):
        end = start + len(line)
        if _closes(line.rstrip(EDGES + "\n"), closing, format_):
            raw = text[: len(first) + 1 + end]
            cut = _settled(Cut(format_, rest[:start].removesuffix("\n"), raw, rest[end:]))
            return cut if _is_front_matter(cut) else None
        start = end
    return _unterminated(first, rest, format_)


def _kind(fence: str) -> tuple[str, tuple[str, ...]] | None:
    """Format and closing fences of an opening fence; `---toml` and its like end with `---`."""
    language = LANGUAGES.get(fence.removeprefix("---").strip().lower()) if fence.startswith("---") else None
    return (language, ("---",)) if language else FENCES.get(fence)


def _closes(line: str, closing: tuple[str, ...], format_: str) -> bool:
    return line in closing or (format_ == "yaml" and bool(LONG_FENCE.fullmatch(line)))


def _settled(cut: Cut) -> Cut:
    if cut.format != "yaml":
        return cut
    content, notices = blanks.settled(cut.content, cut.offset)
    return replace(cut, content=content, notices=(*cut.notices, *notices))


def _odd(first: str, rest: str) -> Cut | None:
    """Between fences that an editor changed (`----`, `—`): keys from the first line to the last, else it is a rule."""
    start = 0
    for line in _lines(rest):
        bare = line.rstrip(EDGES + "\n")
        if ODD_FENCE.fullmatch(bare) or bare in ("---", "..."):
            reported = recovered(f"the fence is {first.strip()!r}; write '---'.", 1, 1)
            raw = f"{first}\n{rest[: start + len(line)]}"
            cut = _settled(Cut("yaml", rest[:start].removesuffix("\n"), raw, rest[start + len(line) :], notices=(reported,)))
            lines = [each for each in cut.content.split("\n") if each[:1] not in (" ", "\t", "-", "#")]
            return cut if cut.content and all(map(SIMPLE_KEY.match, lines)) else None
        if not bare:
            return None
        start += len(line)
    return None


def _lines(text: str) -> Iterator[str]:
    """Lines with their `\\n`: str.splitlines would end lines at characters that are not line ends in YAML."""
    return (match[0] for match in re.finditer(r"[^\n]*\n|[^\n]+", text))


def _is_front_matter(cut: Cut) -> bool:
    """Whether `---` opens front matter: its first line that is not empty is a key. Else it is a horizontal rule."""
    if cut.format != "yaml":
        return True
    said = [line.strip() for line in cut.content.split("\n") if line.strip() and not line.startswith(("#", "%"))]
    return not said or bool(key_line(said[0])) or said[0].startswith(("{", '"', "'", "?")) or not cut.content.startswith("\n")


def worth_recovering(cut: Cut) -> bool:
    """Prose between two rules may contain a colon: half of the unindented lines must be keys."""
    if cut.format != "yaml":
        return True
    content = textwrap.dedent(cut.content).split("\n")
    lines = [line for line in content if line.strip() and not line.startswith(("#", " ", "\t", "-", "}", "]"))]
    keys = sum(1 for line in lines if key_line(line))
    return keys > 0 and keys * 2 >= len(lines)


def _unterminated(first: str, rest: str, format_: str) -> Cut | None:
    """A fence without an end: it ends after its keys, if keys follow directly; else it is a thematic break."""
    end, lines = 0, 0
    for line in _lines(rest):
        bare = line.rstrip("\n")
        starts_key = bool(SIMPLE_KEY.match(bare)) if format_ == "yaml" else bool(re.match(r"[\w-]+\s*=", bare))
        if not starts_key and not (lines and bare[:1] in (" ", "\t", "-") and bare.strip()):
            break
        end += len(line)
        lines += 1
    if not lines or format_ == "json":
        return None
    raw = f"{first}\n{rest[:end]}"
    return _settled(Cut(format_, rest[:end].removesuffix("\n"), raw, rest[end:], closed=False))


def unopened(text: str) -> Cut | None:
    """Keys at the start of the text that end at a fence, without a fence above them, as in templates of Hexo.

    One of them is the title, or two are known: else `Note: deep water` above `---` is a heading.
    """
    end = 0
    keys: list[str] = []
    for line in _lines(text[: MAX_BYTES + 1]):
        bare = line.rstrip()
        if bare in ("---", ";;;"):
            known = {field for key in keys if (field := field_of(key))}
            if keys == ["title"] or ("title" in known and len(keys) > 1) or len(known) > 1:
                return _settled(Cut("yaml", text[:end].removesuffix("\n"), text[: end + len(line)], text[end + len(line) :], 0))
            return None
        if SIMPLE_KEY.match(bare):
            keys.append(bare.partition(":")[0])
        elif not keys or not (bare[:1] in (" ", "\t") or bare.startswith("- ")):
            return None
        end += len(line)
    return None


def json_object(text: str) -> Cut | None:
    """A leading object {…} alone on its lines. Text that only begins like one (a template tag, a set) is body."""
    end = json_text.object_end(text[: 2 * MAX_BYTES])
    if end is None or (not text[end:].partition("\n")[0].isspace() and text[end : end + 1] not in ("", "\n")):
        return None
    newline = text.find("\n", end)
    stop = len(text) if newline < 0 else newline + 1
    return Cut("json", text[:end], text[:stop], text[stop:], offset=0)
