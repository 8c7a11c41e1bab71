"""WeasyPrint, kept warm: HTML and style sheets in, PDF out. The only file that imports it.

It fetches nothing: the fetcher knows the names of the document's media and refuses all else, and what WeasyPrint logs
becomes messages of the caller, for a log record is how it tells of what it could not do.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

Media = Mapping[str, tuple[str, bytes]]
VERSION: str = weasyprint.__version__
BASE = "http://media.invalid/"  # reserved by RFC 6761: never a real host
LOGGER = logging.getLogger("weasyprint")
LOGGER.propagate = False


class MediaFetcher(URLFetcher):
    """Serves the document's own media and data: URIs of small inline pictures; everything else is refused."""

    def __init__(self, media: Media) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.media = media

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
        if url.startswith(BASE):
            name = url.removeprefix(BASE)
            if name not in self.media:
                raise ValueError(f"no such medium: {name}")
            mime, data = self.media[name]
            return URLFetcherResponse(url, data, {"Content-Type": mime})
        return super().fetch(url, headers)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the PDF; `relationship` is its AFRelationship, `created` an aware datetime or None."""

    name: str
    data: bytes
    description: str
    relationship: str
    created: Any = None


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextlib.contextmanager
def _messages() -> Iterator[list[str]]:
    collector = _Collector()
    LOGGER.addHandler(collector)
    try:
        yield collector.messages
    finally:
        LOGGER.removeHandler(collector)


@functools.cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@functools.lru_cache(maxsize=32)
def stylesheet(css: str) -> Any:
    """A parsed style sheet, kept: parsing takes longer than laying out a short page."""
    return weasyprint.CSS(string=css, font_config=_fonts(), url_fetcher=MediaFetcher({}), base_url=BASE)


Finisher = Callable[[Any, Any], None]


def render(
    html: str,
    stylesheets: Sequence[str],
    media: Media,
    *,
    describe: Callable[[Any], Any] | None = None,
    finisher: Finisher | None = None,
    attachments: Sequence[Attachment] = (),
    identifier: bytes | None = None,
    variant: str | None = None,
    tagged: bool = True,
) -> tuple[bytes, list[str], int]:
    """PDF bytes, WeasyPrint's messages, and the number of pages.

    `describe` gets WeasyPrint's DocumentMetadata and answers the one to write; `finisher` gets the laid-out document
    and the PDF object just before it is serialised.
    """
    options = {"pdf_variant": variant or None, "pdf_tags": tagged}
    with _messages() as messages:
        page = weasyprint.HTML(string=html, base_url=BASE, url_fetcher=MediaFetcher(media), media_type="print")
        document = page.render(font_config=_fonts(), stylesheets=[stylesheet(css) for css in stylesheets], **options)
        if describe is not None:
            document.metadata = describe(document.metadata)
        files = [
            weasyprint.Attachment(
                string=each.data, name=each.name, description=each.description,
                relationship=each.relationship, created=each.created, modified=each.created,
            )
            for each in attachments
        ]  # fmt: skip
        data = document.write_pdf(finisher=finisher, attachments=files, pdf_identifier=identifier, **options)
    return data, messages, len(document.pages)


MISSING_GLYPH = re.compile(r"\.notdef glyph")


def warm() -> None:
    """Loads the fonts of the scripts that most documents use, so that the first conversion is as fast as the next."""
    html = "<html lang=zh><body><h1>Colophon 题记</h1><p>Warm 温 <b>bold 粗</b> <i>it</i> <code>code</code>"
    render(html, ["body { font-family: 'Noto Serif', 'Noto Serif CJK SC' }"], {})
