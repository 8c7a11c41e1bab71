"""The wiki of a repository (GitHub, GitLab, Gitea): `Home` first, then the pages that `_Sidebar` links to, then the others.

docs.github.com/en/communities/documenting-your-project-with-wikis. The names of files are titles with hyphens, and a link is
`[[text|page]]`, the text first, other than in a vault.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from service.input import encoding
from service.model.errors import Refused
from service.pipeline.collections.base import Changed, Collection, Files, chosen, in_folder, in_order, joined
from service.pipeline.collections.substitutions import outside_code

ABOVE = frozenset({"_sidebar", "_footer", "_header"})
LINK = re.compile(
    r"\[\[(?:[^\[\]|\n]{1,200}\|)?(?P<wiki>[^\[\]|#\n]{1,200})(?:#[^\[\]\n]{0,200})?\]\]|\]\([ \t]*<?(?P<path>[^)>\s#]{1,300})"
)
TITLED = re.compile(r"\[\[(?P<text>[^\[\]|\n]{1,200})\|(?P<target>[^\[\]|\n]{1,200})\]\]")


def collection(files: Files) -> Collection | None:
    sidebar = next((name for name in files.articles if _stem(name) == "_sidebar"), "")
    home = next(
        (name for name in files.articles if _stem(name) == "home" and posixpath.dirname(name) == posixpath.dirname(sidebar)), ""
    )
    if not sidebar and not (home and _is_named_as_a_wiki(files, home)):
        return None
    folder = posixpath.dirname(sidebar or home)
    inside = [name for name in in_folder(files.articles, folder) if _stem(name) not in ABOVE]
    by_name = {_called(name): name for name in reversed(inside)}
    linked = [by_name[called] for called in _linked(files.text(sidebar)) if called in by_name]
    order = dict.fromkeys([*([home] if home else []), *linked, *in_order(inside)])
    names = {name: [posixpath.splitext(posixpath.basename(name))[0].replace("-", " ")] for name in inside}
    titles = {name: called for name, (called,) in names.items()}
    return chosen("wiki", order, files, content=folder, root=folder, media=(folder,), titles=titles, aliases=names)


def _is_named_as_a_wiki(files: Files, home: str) -> bool:
    """Whether the folder is one of a repository of that kind (`project.wiki`)."""
    return any(part.endswith(".wiki") for part in posixpath.dirname(home).split("/")) and len(files.articles) > 1


def _stem(name: str) -> str:
    return posixpath.splitext(posixpath.basename(name))[0].casefold()


def _called(name: str) -> str:
    return _stem(name).replace(" ", "-")


def _linked(text: str) -> Iterator[str]:
    for match in LINK.finditer(text):
        target = match["wiki"] or unquote(match["path"]).rpartition("/")[2].removesuffix(".md")
        yield target.strip().casefold().replace(" ", "-")


def placed(files: Mapping[str, bytes], collection: Collection) -> Changed:
    """The pages whose links have a text, as links of Markdown, by name."""
    if collection.kind != "wiki":
        return Changed()
    known = {_called(name): name for name in reversed(collection.names)}
    found = {}
    for name in collection.names:
        if b"|" not in files[name] or not name.lower().endswith((".md", ".markdown")):
            continue
        try:
            text = encoding.decode(files[name])[0]
        except Refused:
            continue
        folder = posixpath.dirname(name)
        if (changed := outside_code(text, lambda part, at=folder: TITLED.sub(lambda link: _link(link, at, known), part))) != text:  # type: ignore[misc]
            found[name] = changed.encode()
    return Changed(found)


def _link(link: re.Match[str], folder: str, known: Mapping[str, str]) -> str:
    page, hash_, part = link["target"].partition("#")
    other = known.get(posixpath.basename(page).strip().casefold().replace(" ", "-"))
    if not other:
        return f"[{link['text']}]({link['target']})" if "://" in link["target"] else link["text"]
    return f"[{link['text']}](<{posixpath.relpath(joined(other), folder or '.')}{hash_}{part}>)"
