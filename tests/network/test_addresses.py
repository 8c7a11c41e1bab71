"""The predicate of what is public, and every trick to get around it that the field has seen."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from service.model.errors import ForbiddenUrl
from service.network.addresses import Guard, is_public, normalize

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"]
NOT_PUBLIC = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "192.88.99.1",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0",
    "fec0::1", "ff02::1", "100::1", "3fff::1", "5f00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_not_public(address: str) -> None:
    assert not is_public(address)


def resolver(*addresses: str) -> Any:
    """A stand-in for getaddrinfo that answers these, and counts its calls."""

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        resolve.calls += 1  # type: ignore[attr-defined]
        family = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(family[":" in each], socket.SOCK_STREAM, 6, "", (each, port)) for each in addresses]

    resolve.calls = 0  # type: ignore[attr-defined]
    return resolve


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/a", "file:///etc/passwd", "gopher://x/", "javascript:alert(1)", "//example.com/", "http:///a",
        "http://user@example.com/", "http://user:secret@example.com/", "http://example.com@127.0.0.1/",
        "http://example.com:22/", "http://example.com:6379/", "http://example.com:99999/", "http://[::1/",
        "http://e\nxample.com/", "http://e\txample.com/", "http://exa mple.com/", "http://example.com\\@127.0.0.1/",
        "http://%31%32%37.0.0.1/", "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://example.com/" + "a" * 2100,
    ],
)  # fmt: skip
def test_refused_by_form(url: str) -> None:
    with pytest.raises(ForbiddenUrl):
        Guard().check(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "017700000001", "127.1", "0", "localhost", "127.0.0.1", "::1"])
def test_spellings_of_loopback_are_resolved_and_refused(host: str) -> None:
    with pytest.raises(ForbiddenUrl):
        Guard().connect(host, 80, 1.0)


def test_one_private_answer_among_public_ones_refuses_all() -> None:
    with pytest.raises(ForbiddenUrl):
        Guard(resolve=resolver("8.8.8.8", "10.0.0.1")).addresses("mixed.example", 80)


def test_a_name_is_resolved_once() -> None:
    """Rebinding: the second answer would be loopback; a name is resolved only once."""
    answers = resolver("8.8.8.8")
    Guard(resolve=answers).addresses("rebinding.example", 80)
    assert answers.calls == 1


def test_the_allow_list_opens_hosts_networks_and_ports() -> None:
    guard = Guard(allow=("127.0.0.0/8", "cdn.internal:8080"), resolve=resolver("10.1.2.3"))
    assert guard.check("http://cdn.internal:8080/a").port == 8080
    assert guard.addresses("cdn.internal", 8080)
    with pytest.raises(ForbiddenUrl):
        guard.check("http://cdn.internal:8081/a")
    with pytest.raises(ForbiddenUrl):
        guard.addresses("other.internal", 80)
    assert Guard(allow=("127.0.0.0/8",), resolve=resolver("127.0.0.1")).addresses("local.example", 80)


@pytest.mark.parametrize("address", ["169.254.169.254", "168.63.129.16", "100.100.100.200"])
def test_no_allow_list_opens_instance_metadata(address: str) -> None:
    with pytest.raises(ForbiddenUrl):
        Guard(allow=("0.0.0.0/0", "metadata.example"), resolve=resolver(address)).addresses("metadata.example", 80)


def test_normalize_encodes_what_browsers_encode() -> None:
    assert normalize(" http://a.example/图 片.png?x=%20 ") == "http://a.example/%E5%9B%BE%20%E7%89%87.png?x=%20"
