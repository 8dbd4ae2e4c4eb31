"""The judge of addresses: which may be asked, opened, or shown as a link.

All that comes from feeds, pages, playlists, schedules, station files and the
command line is judged here and nowhere else: http and https alone, with a
host that can exist, and a port that does.
"""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from radiotui.text import clean

LONGEST_URL = 2000

# All that an address may hold, and "%", which begins what is encoded already.
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
# Most addresses are whole and plain: what follows would give them back as they are.
_SAFE = r"[a-zA-Z0-9_!$%&'()*+,\-./:=@~]"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?"
_PLAIN = rf"https?://{_LABEL}(?:\.{_LABEL}){{0,3}}(?:/{_SAFE}*(?:\?{_SAFE}+)?(?:#{_SAFE}+)?)?"
_ADDRESS = rf"[\w{re.escape(_ADDRESS_CHARACTERS)}]*"
_NOT_IN_AN_ADDRESS = r"[\x00-\x20\x7f-\xa0\s\ud800-\udfff]"
# A backslash ends the host in browsers and does not in urllib: nobody may read it two ways.
_USER = r"(?:[^\x00-\x20\"<>\\^`{|}/?#\[\]]*@)?"
# Letters, digits, "-", "_" and other scripts: with their marks, which \w leaves out.
_NAME = r"(?:[^\x00-,/:-@\[-^`{-\xa0.]{1,63}\.)*[^\x00-,/:-@\[-^`{-\xa0.]{1,63}\.?"
_AUTHORITY = re.compile(rf"{_USER}(?:{_NAME}|\[[0-9a-fA-F:.]+\])(?::[0-9]*)?")
_LONGEST_HOST = 253
_NO_PARTS = SplitResult("", "", "", "", "")


def web_link(address: str | None, base: str | None = None) -> str | None:
    """The absolute http(s) address that ``address`` means on the page ``base``.

    None for anything that :func:`is_web` refuses, and for more than
    ``LONGEST_URL`` characters. What an address may not hold (spaces, quotes,
    "<") comes out encoded.
    """
    if not address or len(address) > LONGEST_URL:
        return None
    if _pattern(_PLAIN).fullmatch(address):
        # A string of lxml's would hold on to its whole page.
        return str(address)
    try:
        # Blanks mean no address, and not the page that they stand on.
        address = clean(address, LONGEST_URL)
        parts = urlsplit(urljoin(base or "", address)) if address else _NO_PARTS
    except ValueError:
        return None
    if not _is_web(parts):
        return None
    whole = parts.geturl()
    if _pattern(_ADDRESS).fullmatch(whole):
        return whole
    before, server, after = whole.partition(parts.netloc)
    return before + server + _encoded(after)


def is_web(url: str) -> bool:
    """True for an absolute http(s) address that may be asked and opened as it stands."""
    if _pattern(_PLAIN).fullmatch(url):
        return True
    is_usual = url.isascii() and url.isprintable() and " " not in url
    if not is_usual and _pattern(_NOT_IN_AN_ADDRESS).search(url):
        return False
    try:
        return _is_web(urlsplit(url))
    except ValueError:
        return False


def host_of(url: str) -> str:
    """The host that ``url`` names, in lower case; empty where it names none."""
    return parts_of(url).hostname or ""


def parts_of(url: str) -> SplitResult:
    """The parts of ``url``; all of them empty where they cannot be told apart.

    Its port may still be none: only what :func:`is_web` accepts has one that can be read.
    """
    try:
        return urlsplit(url)
    except ValueError:
        return _NO_PARTS


def server_of(url: str) -> str:
    """Host and port of ``url`` in lower case, without a name and password; empty without a host."""
    return parts_of(url).netloc.rpartition("@")[2].lower()


def site_of(url: str) -> str:
    """The host of ``url`` for people: without "www.", clean; ``url`` itself where it has none."""
    return clean(host_of(url).removeprefix("www."), 80) or clean(url, 80)


def place_of(url: str) -> str:
    """Host and path of ``url`` for people: one of the files of a host."""
    return clean(site_of(url) + parts_of(url).path.rstrip("/"), 80)


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """A pattern that the first screen has no use for, compiled with its first use."""
    return re.compile(pattern)


def _is_web(parts: SplitResult) -> bool:
    if parts.scheme not in {"http", "https"} or not _AUTHORITY.fullmatch(parts.netloc):
        return False
    try:
        host, port = parts.hostname or "", parts.port
        if ":" in host:
            ipaddress.IPv6Address(host)
    except ValueError:
        return False
    # What hides or turns letters would make one host look like another.
    plain = host.isascii() or clean(host, _LONGEST_HOST) == host
    return port != 0 and 0 < len(host) <= _LONGEST_HOST and plain


def _encoded(text: str) -> str:
    # Letters of other scripts stay readable; net and browsers know how to send them.
    return "".join(
        c if c.isalnum() or c in _ADDRESS_CHARACTERS else quote(c, safe="") for c in text
    )
