"""Makes text of complex scripts copy from the PDF as it was written.

A PDF maps each glyph to characters. Scripts of India and South-East Asia set vowels before their consonant, stack
letters, and draw one letter as two glyphs or in another order; Persian separates letters without a glyph. `install` gives each
line of such a script its text (`ActualText`, ISO 32000-2, 14.9.4), without the places at which it may break.
"""

from __future__ import annotations

import re
from typing import Any

from weasyprint.draw import text as drawing

from service.engines.weasyprint.composition.ideographic_drawing import escaped

# Devanagari to Sinhala, Thai to Tibetan, Burmese, Khmer, Balinese and Javanese.
SCRIPTS = re.compile("[\u0900-\u0fff\u1000-\u109f\u1780-\u17ff\u1a20-\u1b7f\ua980-\ua9df\uaa60-\uaa7f]")
# Poppler reverses it.
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
UNSEEN = re.compile("[\u200b\u2060\xad]")


def install() -> None:
    """Makes WeasyPrint follow this rule. Idempotent."""
    plain = drawing.draw_first_line
    if hasattr(plain, "copied"):
        return

    def draw_first_line(stream: Any, textbox: Any, *rest: Any) -> Any:
        text = textbox.pango_layout.text
        if SCRIPTS.search(text) is None or RIGHT_TO_LEFT.search(text) is not None:
            return plain(stream, textbox, *rest)
        stream.stream.append(b"/Span <</ActualText (%b)>> BDC" % escaped(UNSEEN.sub("", text)))
        found = plain(stream, textbox, *rest)
        stream.end_marked_content()
        return found

    draw_first_line.__dict__.update(plain.__dict__)  # other patches find by these that this one is installed
    draw_first_line.copied = plain  # type: ignore[attr-defined]
    drawing.draw_first_line = draw_first_line
