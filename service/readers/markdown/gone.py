"""Removed parts of a text that are not words: code of sites, comments, embedded files. One notice for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from service.model.document import Notice
from service.model.notices import notice

MOST = 50  # lines and pieces that a notice lists


@dataclass
class Gone:
    """Kinds of removed parts → (line of the upload, text)."""

    found: dict[tuple[str, str], list[tuple[int, str]]] = field(default_factory=dict)

    def note(self, code: str, kind: str, line: int, source: str) -> None:
        """`code` is a row of NOTICES, `kind` the kind in words: "shortcode", "import"."""
        self.found.setdefault((code, kind), []).append((line, source))

    def notices(self) -> Iterator[Notice]:
        for (code, kind), pieces in self.found.items():
            pieces.sort(key=lambda piece: piece[0])
            lines = sorted({line for line, _ in pieces})[:MOST]
            removed = [source[:200] for _, source in pieces[:MOST]]
            where = f"line {lines[0]}" if len(lines) == 1 else "lines " + ", ".join(map(str, lines))
            count = "1" if len(pieces) == 1 else str(len(pieces))
            message = f"{TEXTS[code].format(kind=kind, count=count)} ({where})"
            data = {"kind": kind, "lines": lines, "removed": removed}
            yield notice(code, message, stage="read", line=lines[0], data=data)


def with_columns(notices: Iterable[Notice], body: str, line: int) -> tuple[Notice, ...]:
    """The notices with the column of the first piece that was left out. `body` begins at `line` of the upload."""
    found, lines = [], body.split("\n")
    for each in notices:
        pieces = each.data.get("removed")
        at = -1
        if pieces and each.line is not None and each.column is None and line <= each.line < line + len(lines):
            first = pieces if isinstance(pieces, str) else str(pieces[0])
            at = lines[each.line - line].find(first.partition("\n")[0])
        found.append(replace(each, column=at + 1) if at >= 0 else each)
    return tuple(found)


TEXTS = {
    "site-code-removed": "Code of the site was left out, no text with it: {kind}, {count} in all",
    "site-code-unknown": "Code of the site that is not known was left out: {kind}, {count} in all",
    "tex-kept-as-code": "TeX that is not known is shown as code: {kind}, {count} in all",
    "include-ignored": "Another file would be shown here and was not read: {kind}, {count} in all",
    "citation-unknown": "The bibliography has no work of this key, which stays as it is written: {kind}, {count} in all",
    "note-uncalled": "A footnote that no call leads to, or whose name is taken, is shown where it is defined: {kind}",
    "note-undefined": "A footnote is called that the text does not define. The call is shown as text: {count} in all",
    "comment-removed": "Comments were left out: {kind}, {count} in all",
}
