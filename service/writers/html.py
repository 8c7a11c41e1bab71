"""One self-contained HTML file: style inside, images as data: URIs, metadata in the head, and no external requests."""

from __future__ import annotations

import base64
import json

from service import style
from service.engines import Engines
from service.engines.pandoc import highlighting
from service.model import profiles, record
from service.model.document import Conversion, Document
from service.model.media_bag import media_of
from service.style import code_colours, custom_css, screen_css
from service.writers import page
from service.writers.base import Writer, Written

# A browser that follows it loads nothing, even if another check failed.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write(document: Document, conversion: Conversion, engines: Engines) -> Written:
    own = custom_css.of(document, conversion, WRITER.images, "screen")
    built = page.build(document, conversion, engines)
    media = media_of(document)
    for image in built.body.iter("img"):
        if (name := image.get("src", "")) in media:
            image.set("src", _uri(*media[name]))
    text = built.fill(
        head(
            document,
            conversion,
            built.profile,
            custom_css.addressed(own, lambda name: _uri(*own.media[name])),
        )
    )
    return Written(text.encode(), custom_css.reported(own, "html"))


def _uri(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


def head(document: Document, conversion: Conversion, profile: profiles.Profile, own: str = "") -> str:
    metadata = document.metadata
    described = {
        "viewport": "width=device-width, initial-scale=1",
        "generator": "Colophon", "author": ", ".join(author.name for author in metadata.authors),
        "description": metadata.description, "keywords": ", ".join(metadata.keywords),
        "dcterms.source": metadata.source_url, "dcterms.publisher": metadata.publisher or metadata.source_name,
        "dcterms.created": metadata.date, "dcterms.rights": metadata.rights,
    }  # fmt: skip
    whole = json.dumps(json.loads(record.build(document, conversion)), ensure_ascii=True).replace("<", "\\u003c")
    theme = highlighting.theme(conversion.highlight_style)
    wanted = style.of(conversion, document, "html")
    styles = "\n".join([*profile.screen_css, screen_css.css(wanted), code_colours.css(theme), own])
    return "\n".join(
        [
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            page.meta(described),
            f'<script type="application/json" id="colophon-record">{whole}</script>',
            f"<style>\n{styles}\n</style>",
        ]
    )


WRITER = Writer(
    "html", write, images=frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml"})
)
