"""Links that lead through a program's own server, which counts the readers: each leads to its target itself.

Google Docs (`google.com/url`) and Outlook (Safe Links) put them in the place of what the author typed.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

from service.ast.html.tree import Element

FORWARDING = re.compile(
    r"https?://(?:(?:www\.)?google\.com/url\?|[a-z0-9]{1,20}\.safelinks\.protection\.outlook\.com/)", re.IGNORECASE
)
NAMES = frozenset({"q", "url"})
WEB = ("http://", "https://", "mailto:")


def settle(page: Element) -> None:
    for link in page.iter("a"):
        if FORWARDING.match(link.get("href").strip()):
            link.attributes = link.attributes | {"href": target(link.get("href").strip())}


def target(address: str) -> str:
    """Where it leads in the end; the address itself where it does not say."""
    try:
        said = parse_qsl(urlsplit(address).query, max_num_fields=50)
    except ValueError:
        return address
    return next((value for name, value in said if name in NAMES and value.lower().startswith(WEB)), address)
