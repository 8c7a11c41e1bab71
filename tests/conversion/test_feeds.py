"""A feed has the deadlines of a book, for every converter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from schemas import options
from service.conversion import driver
from service.model.document import Source

FEED = b"""<rss version="2.0"><channel><title>Quay</title>
<item><title>One</title><description>First.</description></item></channel></rss>"""


class Asked(Exception):
    """The calls of a worker."""


class Workers:
    def call(self, operation: str, header: Mapping[str, Any], blobs: Sequence[bytes] = (), **_: Any) -> Any:
        raise Asked(operation, header["conversion"]["options"]["combine"])


@pytest.mark.parametrize(("data", "reader", "is_book"), [(FEED, "auto", True), (FEED, "html", False), (b"# Text", "auto", False)])
@pytest.mark.parametrize("to", [("pdf",), ("pdf", "epub")])
def test_a_feed_is_asked_for_as_a_book(data: bytes, reader: str, is_book: bool, to: tuple[str, ...]) -> None:
    source, conversion = Source("a.xml", data), options.defaults(*to, reader=reader)
    asks = (
        lambda: driver.convert(source, conversion, Workers(), list),
        lambda: driver.read_in_worker(source, conversion, Workers()),
    )
    for ask in asks:
        with pytest.raises(Asked) as caught:
            ask()
        assert caught.value.args[1] == is_book
