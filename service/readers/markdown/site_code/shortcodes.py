"""Shortcodes of Hugo and Quarto: `{{< figure src="a.png" >}}`, `{{% notice tip %}}` … `{{% /notice %}}`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.readers.markdown.site_code.tags import Form, Tag, spans

HEAD = re.compile(r"\s*+(?P<closes>/)?\s*+(?P<name>[A-Za-z_][\w/.-]*+)(?=[\s/]|\Z)")
ESCAPED = "/*"  # `{{</* name */>}}` shows a shortcode


def found(text: str) -> Iterator[Tag]:
    for opening, closing in (("{{<", ">}}"), ("{{%", "%}}")):
        if opening not in text:
            continue
        for start, stop in spans(text, opening, closing):
            inside = text[start + 3 : stop - 3]
            head = HEAD.match(inside)
            if head is None or inside.startswith(ESCAPED):
                continue
            rest = inside[head.end() :].strip()
            empty = rest.endswith("/") and not rest.endswith(("://", '"/')) and (rest == "/" or rest[-2:-1].isspace())
            form: Form = "close" if head["closes"] else "empty" if empty else "open"
            yield Tag(
                start, stop, "shortcode", form, head["name"].lower().rpartition("/")[2], rest.removesuffix("/") if empty else rest
            )
