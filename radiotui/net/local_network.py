"""The local network: addresses that a stranger's link must not reach, and the hosts that may.

Whoever names an address in a feed, a page, a playlist, a schedule or a redirect can make
radiotui ask it. A router or a printer obeys whom it believes to be at home, so what is not on
the public internet is asked only where the listener named that host. Browsers draw the same
line (WICG, Local Network Access).
"""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from radiotui.net.urls import host_of, parts_of

_Address = IPv4Address | IPv6Address

_NAT64 = IPv6Network("64:ff9b::/96")
_IPV4_COMPATIBLE = IPv6Network("::/96")
_BENCHMARK = ip_network("198.18.0.0/15")
"""Proxies on this computer (Clash and its like) resolve every name to one of these."""
_ALSO_LOCAL = [
    ip_network(network) for network in ("192.0.0.0/24", "fec0::/10", "64:ff9b:1::/48", "3fff::/20")
]
"""Ranges that some versions of Python take for public."""
_LOCAL_SUFFIXES = ("localhost", "local", "internal", "home.arpa", "lan")


class LocalAddressError(Exception):
    """A host that is on the local network, and that the listener has not named."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is on the local network")
        self.host = host


class LocalHosts:
    """Hosts that may be on the local network, because the listener named them."""

    def __init__(self) -> None:
        self._of_list: frozenset[str] = frozenset()
        self._typed: set[str] = set()
        self._servers: set[tuple[str, int | None]] = set()

    def set_list(self, urls: Iterable[str]) -> None:
        """Replace the hosts of the station list by those of these addresses."""
        self._of_list = frozenset(_ascii(host_of(url)) for url in urls)

    def add_typed(self, *urls: str) -> None:
        """Add the hosts of addresses that the listener typed."""
        self._typed.update(_ascii(host_of(url) or host_of(f"http://{url}")) for url in urls)

    def add_server(self, url: str) -> None:
        """Add one port of a host, such as the Test Signal's."""
        self._servers.add((_ascii(host_of(url)), parts_of(url).port))

    def allow(self, host: str, port: int) -> bool:
        """True where that server may be on the local network. ``host`` as it is sent."""
        host = _ascii(host)
        return host in self._of_list or host in self._typed or (host, port) in self._servers


def is_public(address: str) -> bool:
    """True for an IP address that can be reached from everywhere.

    IPv6 addresses that hold one of IPv4 (mapped, NAT64, 6to4, Teredo) are judged by both.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return all(
        one.is_global
        and not one.is_multicast
        and not any(one.version == network.version and one in network for network in _ALSO_LOCAL)
        for one in (parsed, *_embedded(parsed))
    )


def is_public_answer(address: str) -> bool:
    """As :func:`is_public`, for an address that the resolver gave for a name."""
    return is_public(address) or _is_in_benchmark(address)


def literal_address(host: str) -> str | None:
    """The IP address that ``host`` is written as; None for a name.

    Also as resolvers read it: 2130706433, 0x7f.1 and 0177.0.0.1 are 127.0.0.1.
    """
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host)) if host[:1].isdigit() else None
    except (OSError, ValueError):
        return None


def is_loopback(host: str) -> bool:
    """True for a host that is this computer by the way it is written."""
    literal = literal_address(host)
    if literal is None:
        return _is_below(host, "localhost")
    parsed = ip_address(literal)
    return any(one.is_loopback for one in (parsed, *_embedded(parsed)))


def is_local_by_name(host: str) -> bool:
    """True for a host that is on the local network by the way it is written, without asking."""
    literal = literal_address(host)
    if literal is not None:
        return not is_public(literal)
    return "." not in host.rstrip(".") or any(_is_below(host, end) for end in _LOCAL_SUFFIXES)


def _is_below(host: str, suffix: str) -> bool:
    host = host.lower().rstrip(".")
    return host == suffix or host.endswith(f".{suffix}")


def _is_in_benchmark(address: str) -> bool:
    try:
        return ip_address(address) in _BENCHMARK
    except ValueError:
        return False


def _embedded(address: _Address) -> list[IPv4Address]:
    """Addresses of IPv4 that one of IPv6 leads to."""
    if isinstance(address, IPv4Address):
        return []
    embedded = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64 or address in _IPV4_COMPATIBLE:
        embedded.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in embedded if one is not None]


def _ascii(host: str) -> str:
    """``host`` as it is sent: in lower case, other scripts encoded, without a dot at the end."""
    host = host.rstrip(".").lower()
    if host.isascii():
        return host
    import httpx

    try:
        return httpx.URL(scheme="http", host=host).raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return host
