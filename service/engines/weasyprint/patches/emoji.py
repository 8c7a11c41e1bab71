"""The picture of an emoji that was made for one place is drawn at all others.

WeasyPrint decodes the picture of an emoji and compresses it again for each place where it stands, 2 ms each (measured), and
draws the first one everywhere: 37 s for 16,000 emoji. `install` makes each picture once: for all places of a document, whose
pages keep it alive, and the latest few for the documents that come after.
"""

from __future__ import annotations

from collections import deque
from typing import Any
from weakref import WeakValueDictionary

from weasyprint.draw import text

MOST = 200  # pictures of ten kilobytes


class Pictures:
    """Replaces `RasterImage` where text is drawn."""

    def __init__(self, plain: Any) -> None:
        self.plain = plain
        self._known: WeakValueDictionary[tuple[str, bytes], Any] = WeakValueDictionary()
        self._latest: deque[Any] = deque(maxlen=MOST)

    def __call__(self, opened: Any, name: str, data: bytes) -> Any:
        """The picture of these bytes; two fonts that go by the same name are distinguished by them."""
        found = self._known.get((name, data))
        if found is None:
            found = self._known[name, data] = self.plain(opened, name, data)
            self._latest.append(found)
        return found


def install() -> None:
    """Makes WeasyPrint take this way. Idempotent."""
    if not isinstance(text.RasterImage, Pictures):
        text.RasterImage = Pictures(text.RasterImage)
