"""Lines of code that a book hides: in Rust code of mdBook, those that begin with `# `.

rust-lang.github.io/mdBook/format/mdbook.html, "Hiding code lines". `##` at the start is a `#` that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.model.notices import notice
from service.pipeline.collections.base import Changed, Collection

CODE_FENCE_LINE = re.compile(rb"\A[ \t>]*+(?P<mark>`{3,}+|~{3,}+)[ \t]*+(?P<info>[^\n`]*+)")
HIDDEN_CODE_LINE = re.compile(rb"\A[ \t]*+#(?:[ \t]|\r?\Z)")
DOUBLED_HASH = re.compile(rb"\A([ \t]*+)##")


def removed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """Only for mdBook: in other programs such a line is a comment of the code."""
    if collection.kind != "mdbook":
        return Changed()
    chapters: dict[str, bytes] = {}
    total = 0
    for name in collection.names:
        kept, count = _shown(files[name])
        if kept != files[name]:
            chapters[name] = kept
            total += count
    if not total:
        return Changed(chapters)
    message = f"{total} lines of Rust code that the book hides were left out"
    return Changed(chapters, (notice("site-code-removed", message, stage="combine", data={"lines": total}),))


def _shown(text: bytes) -> tuple[bytes, int]:
    """The text without the hidden lines, and the number of these."""
    if b"rust" not in text:
        return text, 0
    kept: list[bytes] = []
    mark, is_rust, count = b"", False, 0
    for line in text.split(b"\n"):
        fence = CODE_FENCE_LINE.match(line)
        if fence and not mark:
            mark, is_rust = fence["mark"], fence["info"].startswith(b"rust")
        elif fence and fence["mark"].startswith(mark) and not fence["info"].strip():
            mark, is_rust = b"", False
        elif is_rust and HIDDEN_CODE_LINE.match(line):
            count += 1
            continue
        kept.append(DOUBLED_HASH.sub(rb"\1#", line, count=1) if is_rust and DOUBLED_HASH.match(line) else line)
    return b"\n".join(kept), count
