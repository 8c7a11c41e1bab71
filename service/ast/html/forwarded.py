"""Links through a server that counts clicks: each becomes a link to its target.

Google Docs (`google.com/url`) and Outlook (Safe Links) write them in place of the author's links.
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
    """The final target; the address itself if it is not a forwarded link."""
    try:
        said = parse_qsl(urlsplit(address).query, max_num_fields=50)
    except ValueError:
        return address
    return next((value for name, value in said if name in NAMES and value.lower().startswith(WEB)), address)
