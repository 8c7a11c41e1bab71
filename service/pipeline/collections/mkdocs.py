"""MkDocs: the `nav` of `mkdocs.yml` names the pages; without one they are in the order of their names."""

from __future__ import annotations

import posixpath
from typing import Any

from service.pipeline.collections.base import Collection, Files, chosen, in_folder, in_order, joined, strings

KEYS = {"site_name": "title", "site_author": "author", "site_description": "description"}


def collection(files: Files) -> Collection | None:
    about = files.named("mkdocs.yml", "mkdocs.yaml")
    if not about:
        return None
    settings = files.settings(about)
    docs = joined(posixpath.dirname(about), str(settings.get("docs_dir") or "docs"))
    said = {ours: settings[key] for key, ours in KEYS.items() if isinstance(settings.get(key), str)}
    site: dict[str, Any] = {"about": said, "media": (docs,), "content": docs, "address": str(settings.get("site_url") or "")}
    inside = in_order(in_folder(files.articles, docs))
    site |= {"pages": inside, "root": posixpath.dirname(about)}
    named = (joined(docs, name) for name in strings(settings.get("nav")))
    return chosen("mkdocs", named, files, **site) or chosen("mkdocs", inside, files, **site)
