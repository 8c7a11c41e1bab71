"""Pictures and other files of a chapter in the places of its program."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import replace

from service.model.document import Asset, Source
from service.model.references import named_files, normal_reference
from service.pipeline.collections.base import Collection, joined


class Media:
    """The files of a collection, by path and, if its program searches by name, by name: the one nearest to the top."""

    def __init__(self, files: Mapping[str, bytes], collection: Collection) -> None:
        self.files, self.folders = files, collection.media
        self.by_name: dict[str, str] = {}
        if collection.media_by_name:
            deepest_first = sorted(files, key=lambda name: -name.count("/"))
            self.by_name = {posixpath.basename(name): name for name in deepest_first}

    def attached(self, source: Source) -> Source:
        """The chapter with the missing files that it names."""
        if not self.folders:
            return source
        known = {normal_reference(asset.name) for asset in source.assets}
        wanted = dict.fromkeys(map(normal_reference, named_files(source.data)))
        added = [
            Asset(reference, self.files[place])
            for reference in wanted
            if reference and reference not in known and (place := self._place(reference, source.name))
        ]
        return replace(source, assets=(*source.assets, *added)) if added else source

    def _place(self, reference: str, article: str) -> str:
        return next((each for each in self._places(reference) if each in self.files and each != article), "")

    def _places(self, reference: str) -> Iterator[str]:
        for folder in self.folders:
            yield joined(folder, reference)
        yield self.by_name.get(posixpath.basename(reference), "")
