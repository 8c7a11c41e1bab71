"""Pictures and other files of a chapter that its program finds where a plain folder has none."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import replace

from service.model.document import Asset, Source
from service.model.references import named_files, normal_reference
from service.pipeline.collections.base import Collection, joined


def attached(source: Source, files: Mapping[str, bytes], collection: Collection) -> Source:
    """The chapter with the files that it names and does not have yet: in the media folders, or by their names alone."""
    if not collection.media:
        return source
    by_name = {posixpath.basename(name): name for name in sorted(files, key=lambda name: -name.count("/"))}
    known = {normal_reference(asset.name) for asset in source.assets}
    added: dict[str, Asset] = {}
    for reference in map(normal_reference, named_files(source.data)):
        if not reference or reference in known or reference in added:
            continue
        places = [joined(folder, reference) for folder in collection.media]
        if collection.media_by_name:
            places.append(by_name.get(posixpath.basename(reference), ""))
        if place := next((each for each in places if each in files and each != source.name), ""):
            added[reference] = Asset(reference, files[place])
    return replace(source, assets=(*source.assets, *added.values())) if added else source
