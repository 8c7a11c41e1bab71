"""Whether the service asks for keys."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from service.model.settings import Settings


def required(settings: Settings) -> bool:
    """As `keys` says; in `auto` where others can reach the service, unless `open` says that a proxy asks them."""
    if settings.keys != "auto":
        return settings.keys == "required"
    return not is_loopback(settings.host) and not settings.open


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def anywhere(settings: Settings) -> Settings:
    """Settings for a server that listens where we do not know: as if on all addresses, so that in `auto` keys are requested."""
    keys = "required" if settings.keys == "auto" and not settings.open else settings.keys
    return replace(settings, host="0.0.0.0", keys=keys)  # noqa: S104 - nothing is bound to it
