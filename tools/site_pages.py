"""A hook of MkDocs: files outside docs/ that the pages link to become part of the site, below `project/`.

The pages are written for the repository, where `../openapi.yaml` is a link to a file. On the site it must be one too.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"(\]\()(?!https?:|mailto:|#)([^)#\s]+)((?:#[^)\s]*)?\))")
OUTSIDE = "project"


def on_files(files: Files, config: Any) -> Files:
    """Adds the targets of links in the pages, and the targets of links in those."""
    known = {file.src_uri for file in files}
    waiting = [f"docs/{uri}" for uri in known if uri.endswith(".md")]
    while waiting:
        for target in sorted(set(_targets(waiting.pop()))):
            uri = _uri(target)
            if uri not in known and (ROOT / target).is_file():
                known.add(uri)
                files.append(File.generated(config, uri, abs_src_path=str(ROOT / target)))
                waiting += [target] if uri.endswith(".md") else []
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """The links of a page on the site. A link to a folder has no target there, so only its text stays."""
    source = _path(page.file.src_uri)
    here = posixpath.dirname(page.file.src_uri)

    def moved(match: re.Match[str]) -> str:
        target = _resolved(source, match[2])
        return f"{match[1]}{posixpath.relpath(_uri(target), here or '.')}{match[3]}" if (ROOT / target).is_file() else match[0]

    return LINK.sub(moved, markdown)


def _targets(page: str) -> Iterator[str]:
    for match in LINK.finditer((ROOT / page).read_text(encoding="utf-8")):
        yield _resolved(page, match[2])


def _resolved(page: str, link: str) -> str:
    """The path from the root of the repository."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), link))


def _uri(path: str) -> str:
    if path.startswith("docs/"):
        return path.removeprefix("docs/")
    article = path.startswith("examples/") and path.endswith(".md")
    as_text = article or path.endswith(".py")  # shown as written: not a page, and not a module of the package
    return f"{OUTSIDE}/{path}{'.txt' if as_text else ''}"


def _path(uri: str) -> str:
    return uri.removeprefix(f"{OUTSIDE}/") if uri.startswith(f"{OUTSIDE}/") else f"docs/{uri}"
