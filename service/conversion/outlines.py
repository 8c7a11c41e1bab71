"""Replaces the OPML files of a request by the feeds that they name. Works in the front, which parses nothing.

A feed that cannot be fetched is left out, and the notice `feed-not-fetched` names it: in an outline of a hundred feeds one is
usually dead. It is a problem if no feed can be fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import orjson

from service.conversion import driver
from service.input import feeds
from service.input.feeds import outlines
from service.model.document import Asset, Conversion, Source
from service.model.errors import ColophonError, NoArticle

KNOWN = (feeds.OUTLINE, feeds.FAILED)
FetchSome = Callable[[Sequence[str]], Sequence[Source | ColophonError]]


def has_feeds(source: Source, conversion: Conversion) -> bool:
    """Whether the source is an OPML file that names feeds, and is not read as a text."""
    return conversion.reader == "auto" and outlines.is_outline(source.data) and bool(outlines.feeds_of(source.data))


def opened(sources: Sequence[Source], conversion: Conversion, fetch: FetchSome) -> list[Source]:
    """The sources, with each outline replaced by its feeds. If no feed can be fetched, raises the error of the first."""
    return [each for source in sources for each in (_feeds(source, fetch) if has_feeds(source, conversion) else [source])]


def _feeds(source: Source, fetch: FetchSome) -> Iterator[Source]:
    """Adds the metadata of the outline to its first feed."""
    addresses = outlines.feeds_of(source.data)
    found = list(fetch(addresses))
    fetched = [each for each in found if isinstance(each, Source) and feeds.is_feed(each.data)]
    if not fetched:
        raise next((each for each in found if isinstance(each, ColophonError)), _no_feed(source))
    failed = {
        address: each.detail if isinstance(each, ColophonError) else "The address gives no feed."
        for address, each in zip(addresses, found, strict=True)
        if each not in fetched
    }
    about = Asset(feeds.OUTLINE, source.data)
    assets = [about, *([Asset(feeds.FAILED, orjson.dumps(failed))] if failed else [])]
    yield replace(fetched[0], assets=(*fetched[0].assets, *source.assets, *assets))
    yield from fetched[1:]


def _no_feed(source: Source) -> ColophonError:
    return NoArticle(f"None of the addresses in {source.name[:100]!r} gives a feed.")


def book(sources: Sequence[Source]) -> Source:
    """The sources as one, with the metadata of the outline."""
    own = [each for source in sources for each in source.assets if each.name in KNOWN]
    plain = [replace(each, assets=tuple(asset for asset in each.assets if asset.name not in KNOWN)) for each in sources]
    whole = driver.gather(plain)
    return replace(whole, assets=(*whole.assets, *own))
