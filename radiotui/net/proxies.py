"""The proxies that the environment names: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY."""

from __future__ import annotations

import urllib.request
from urllib.parse import unquote, urlsplit

import msgspec

from radiotui.net.local_network import is_loopback
from radiotui.problems import Problem, ProblemKind
from radiotui.text import clean

_PORTS = {"http": 80, "https": 443, "socks5": 1080}
_SAME_AS_SOCKS5 = {"socks", "socks5h"}
"""GNOME writes "socks"; names are resolved behind the proxy in each of them."""


class Proxy(msgspec.Struct, frozen=True):
    """A proxy, and what it wants to be told."""

    scheme: str
    host: str
    port: int
    auth: tuple[str, str] | None = None

    @property
    def address(self) -> str:
        """Its address for people, without a name and password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def proxy_for(scheme: str, host: str) -> Proxy | None:
    """The proxy through which ``host`` is asked; None: it is asked directly.

    Nothing of this computer goes through a proxy. Raises Problem for a proxy of a kind that
    radiotui does not know.
    """
    proxies = urllib.request.getproxies()
    address = proxies.get(scheme) or proxies.get("all")
    if not address or is_loopback(host) or urllib.request.proxy_bypass(host):
        return None
    return read_proxy(address)


def read_proxy(address: str) -> Proxy:
    """A proxy as the environment writes it. Raises Problem for one that cannot be used."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _unusable(address) from None
    scheme = "socks5" if parts.scheme in _SAME_AS_SOCKS5 else parts.scheme
    if scheme not in _PORTS or not host or not host.isascii():
        raise _unusable(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}")
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Proxy(scheme, host, port or _PORTS[scheme], auth)


def _unusable(address: str) -> Problem:
    shown = clean(address.rpartition("@")[2], 80)
    return Problem(
        f"radiotui cannot use the proxy {shown}",
        "HTTP_PROXY, HTTPS_PROXY or ALL_PROXY names it: http, https and socks5 are known",
        kind=ProblemKind.USAGE,
    )
