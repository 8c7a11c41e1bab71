"""Several articles as one bundle."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import orjson

from service.containers.packages import pack
from service.model.document import Source
from service.model.references import normal_reference

ADDRESSES = "addresses.json"  # in a bundle: name of a chapter → the URL and the time that it was fetched
ORDER = "chapters.json"  # in a bundle: the names of its chapters in their order; without it they are found
PARTS = "parts.json"  # in a bundle: the first chapter of each part → the title of the part
BOOK = "book.zip"
ZIP = "application/zip"


def gather(sources: Sequence[Source], suffixes: Collection[str]) -> Source:
    """Articles as one bundle, in their order, each in a folder of its own with its images; one bundle is taken as it is."""
    if len(sources) == 1:
        return sources[0]
    files: dict[str, bytes] = {}
    chapters = list[str]()
    for number, each in enumerate(sources, 1):
        name = posixpath.basename(each.name.replace("\\", "/")).strip(". ") or "article"
        known = posixpath.splitext(name)[1].lower() in suffixes
        chapters.append(f"{number:03}/{name if known else f'{name}.md'}")
        files[chapters[-1]] = each.data
        for asset in each.assets:
            reference = normal_reference(asset.name)
            if reference and ".." not in reference.split("/") and ":" not in reference:
                files.setdefault(f"{number:03}/{reference}", asset.data)
    files[ORDER] = orjson.dumps(chapters)
    files |= addresses(dict(zip(chapters, sources, strict=True)))
    return Source(BOOK, pack(files, stored=frozenset(files)), ZIP)


def addresses(chapters: Mapping[str, Source]) -> dict[str, bytes]:
    """The file of a bundle that says which of its chapters were fetched from where; none where none was."""
    found = {name: [each.address, each.fetched_at] for name, each in chapters.items() if each.address}
    return {ADDRESSES: orjson.dumps(found)} if found else {}


def with_address(source: Source, files: Mapping[str, bytes]) -> Source:
    """`source`, a chapter named by its path in a bundle of `files`, with the address that the bundle gives for it."""
    try:
        found = orjson.loads(files.get(ADDRESSES, b"{}"))[source.name]
        address, fetched_at = (str(each) for each in found)
    except (ValueError, KeyError, TypeError):
        return source
    return replace(source, address=address, fetched_at=fetched_at)
