"""The other articles of a collection, as targets of links from one article."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

WIKI = re.compile(r"\[\[([^\[\]#|]+)(?:#([^\[\]|]*))?(?:\|[^\[\]]*)?\]\]")  # [[name#part|text]]
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")

ARTICLE = "chapter:"  # before the number of an article: a temporary target, until all links are resolved

PRODUCED = "produced:"  # before the path of an article's artifact; readers remove this scheme from texts


@dataclass(frozen=True, slots=True)
class Siblings:
    """The articles of a collection as an article in `folder` may link to them: path → target.

    `address` is the URL of the article on the site of the collection; links out of the collection begin there.
    `root` is the URL of the site. `page` is the folder of the article on the site, where links may begin as well.
    `called` is the title of the article in the contents of the collection, for one without a title and a heading.
    """

    folder: str
    targets: Mapping[str, str]
    address: str = ""
    root: str = ""
    page: str = ""
    called: str = ""

    def find(self, link: str) -> str:
        """The target of the article that a link leads to, with its part; empty if the link leads elsewhere."""
        if wiki := WIKI.fullmatch(unquote(link)):
            found = self._note(wiki[1].strip())
            return found and f"{found}#{wiki[2] or ''}".rstrip("#")
        path, hash_, part = link.partition("#")
        if path.startswith(ARTICLE) and path in self.targets.values():  # resolved before
            return link
        path = f"/{path.removeprefix(self.root)}" if self.root and path.startswith(self.root) else path
        if SCHEME.match(path) or path.startswith("//"):
            return ""
        found = self._article(unquote(path.partition("?")[0]))
        return found and found + hash_ + unquote(part)

    def _article(self, path: str) -> str:
        """The article of a relative path: relative to the folder of the file, else to the folder of its page."""
        places = (posixpath.join(each, path) for each in (self.folder, self.page))
        found = (self.targets.get(posixpath.normpath(place).lstrip("/"), "") for place in places)
        return next(filter(None, found), "")

    def _note(self, name: str) -> str:
        """The article of a wikilink: by its path if the link has one, else by its whole name, else by the last part of it."""
        by_path = self._article(f"/{name}") if "/" in name else ""
        names = (name.casefold(), posixpath.basename(name).strip().casefold())
        return by_path or next((found for each in names if (found := self.targets.get(f"[[{each}]]", ""))), "")
