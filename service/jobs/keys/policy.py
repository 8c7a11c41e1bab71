"""Whether the service requires keys."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from service.model.settings import Settings


def required(settings: Settings) -> bool:
    """By the setting `keys`; in `auto` if other machines can reach the service, unless `open` says that a proxy authenticates."""
    if settings.keys != "auto":
        return settings.keys == "required"
    return not is_loopback(settings.host) and not settings.open


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def anywhere(settings: Settings) -> Settings:
    """Settings for a server with an unknown address: as if it listened on all addresses, so that `auto` requires keys."""
    keys = "required" if settings.keys == "auto" and not settings.open else settings.keys
    return replace(settings, host="0.0.0.0", keys=keys)  # noqa: S104 - nothing is bound to it
