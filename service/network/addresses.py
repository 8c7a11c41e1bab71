"""Decides where the service may connect to: public addresses only. The check is on the address that is used.

Denylists of spellings are bypassed by redirects, IPv4-mapped IPv6, octal numbers and rebinding.
So nothing is decided by a string: a name is resolved once, every answer is checked, and the connection goes to the
checked address, while TLS and the Host header keep the name. The fetcher and webhooks use it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit

from service.model.errors import ForbiddenUrl
from service.model.settings import Settings
from service.network import name_lookups

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# Networks that `is_global` of Python 3.11 accepts although they lead inside (measured).
NOT_PUBLIC: tuple[Network, ...] = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32", "192.88.99.0/24", "100.64.0.0/10",
        "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32",
        "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip
# Instance metadata of cloud providers: no allow-list opens these.
METADATA = frozenset(map(ipaddress.ip_address, ("169.254.169.254", "168.63.129.16", "100.100.100.200", "fd00:ec2::254")))
URL_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+")
LONGEST_URL = 2_048


def is_public(text: str) -> bool:
    """Whether an IP address in text form (a zone index is ignored) is on the public internet."""
    address = _unmapped(ipaddress.ip_address(text.partition("%")[0]))
    if any(address in network for network in NOT_PUBLIC if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _unmapped(address: Address) -> Address:
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address


def normalize(url: str) -> str:
    """`url` with the characters encoded that browsers encode (spaces, CJK in the path). The host does not change."""
    return quote(url.strip(), safe="-._~:/?#[]@!$&'()*+,;=%")


def port_of(parts: SplitResult) -> int:
    """The port of a URL that `Guard.check` has accepted."""
    return parts.port or (443 if parts.scheme == "https" else 80)


@dataclass(frozen=True)
class Guard:
    """`allow` contains host names and CIDR networks, each optionally with `:port`, that the operator opens."""

    allow: Sequence[str] = ()
    ports: frozenset[int] = frozenset({80, 443})
    resolve: Callable[..., Sequence[Any]] = field(default=socket.getaddrinfo)

    @classmethod
    def of(cls, settings: Settings) -> Guard:
        """The guard of this installation: the public internet and the places that `fetch_allow` opens."""
        return cls(allow=tuple(entry.strip().lower() for entry in settings.fetch_allow.split(",") if entry.strip()))

    @classmethod
    def of_webhooks(cls, settings: Settings) -> Guard:
        """As `of`, with the ports that `webhook_ports` opens to receivers."""
        return replace(cls.of(settings), ports=frozenset(int(port) for port in settings.webhook_ports.split(",")))

    def check(self, url: str) -> SplitResult:
        """The parts of an acceptable URL. Raises ForbiddenUrl with a reason that is safe to show."""
        if len(url) > LONGEST_URL:
            raise ForbiddenUrl(f"The URL is longer than {LONGEST_URL} characters.")
        if not URL_CHARACTERS.fullmatch(url):
            raise ForbiddenUrl("The URL contains invalid characters.")
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, port_of(parts)
            if host:
                host.encode("idna")  # the first check of the resolver: no empty label, no label of more than 63 characters
        except ValueError:
            raise ForbiddenUrl("The URL cannot be parsed.") from None
        if parts.scheme not in {"http", "https"} or not host:
            raise ForbiddenUrl("Only http and https URLs with a host are fetched.")
        if "@" in parts.netloc:
            raise ForbiddenUrl("URLs with a user name or password are not fetched.")
        if "%" in host:
            raise ForbiddenUrl("The host name is not valid.")
        if port not in self.ports and not self._named(host, port):
            raise ForbiddenUrl(f"Port {port} is not allowed.")
        return parts

    def addresses(self, host: str, port: int, seconds: float = name_lookups.SECONDS) -> list[tuple[int, Any]]:
        """Family and socket address of `host`, resolved once, within `seconds`.

        Raises ForbiddenUrl if an answer is not public, OSError without an answer, TimeoutError.
        """
        limit = min(seconds, name_lookups.SECONDS)
        try:
            answers = name_lookups.bounded(lambda: self.resolve(host, port, type=socket.SOCK_STREAM), limit)
        except UnicodeError as error:  # no name of the DNS
            raise ForbiddenUrl("The host name is not valid.") from error
        found = [(family, address) for family, _, _, _, address in answers]
        if not found:
            raise OSError("no address")
        for _, address in found:
            if not self._open(host, port, str(address[0])):
                raise ForbiddenUrl("The address is not on the public internet.")
        return found

    def connect(self, host: str, port: int, seconds: float) -> socket.socket:
        """A socket to one of the checked addresses, within `seconds` for the lookup and all addresses together.

        Each address gets an equal share of the time that is left, so a dead one leaves time for the next. The peer is
        compared once more after the handshake. Raises ForbiddenUrl, OSError, TimeoutError.
        """
        until = time.monotonic() + seconds
        found = self.addresses(host, port, seconds)
        last: OSError = TimeoutError("the deadline passed before the connection")
        for number, (family, address) in enumerate(found):
            left = (until - time.monotonic()) / (len(found) - number)
            if left <= 0:
                break
            connection = socket.socket(family, socket.SOCK_STREAM)
            connection.settimeout(left)
            try:
                connection.connect(address)
                peer = str(connection.getpeername()[0])
            except OSError as error:
                connection.close()
                last = error
                continue
            if not self._open(host, port, peer):
                connection.close()
                raise ForbiddenUrl("The address is not on the public internet.")
            connection.settimeout(max(0.001, until - time.monotonic()))
            return connection
        raise last

    def _open(self, host: str, port: int, text: str) -> bool:
        address = _unmapped(ipaddress.ip_address(text.partition("%")[0]))
        if address in METADATA:
            return False
        return is_public(text) or self._named(host, port) or self._in_network(address, port)

    def _named(self, host: str, port: int) -> bool:
        return host.lower() in self.allow or f"{host.lower()}:{port}" in self.allow

    def _in_network(self, address: Address, port: int) -> bool:
        for entry in self.allow:
            network, _, only = entry.rpartition(":") if re.search(r"/\d+:\d+$", entry) else (entry, "", "")
            if "/" in network and (not only or int(only) == port):
                parsed = ipaddress.ip_network(network, strict=False)
                if parsed.version == address.version and address in parsed:
                    return True
        return False
