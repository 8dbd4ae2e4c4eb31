"""Which addresses of a feed are links: only those of the web."""

from __future__ import annotations

from urllib.parse import quote, urljoin, urlsplit

from radiotui.text import clean

_LONGEST = 2000
# All that an address may hold, and "%", which begins what is encoded already.
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"


def web_link(address: str | None, base: str | None = None) -> str | None:
    """The absolute http(s) address that ``address`` means on the page ``base``.

    None for anything else: ``javascript:``, ``data:``, ``file:``, no host, too
    long. What an address may not hold (spaces, quotes, "<") comes out encoded.
    """
    if not address or len(address) > _LONGEST:
        return None
    try:
        joined = urljoin(base or "", clean(address, _LONGEST))
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    # Letters of other scripts stay readable; net and browsers know how to send them.
    return "".join(
        c if c.isalnum() or c in _ADDRESS_CHARACTERS else quote(c, safe="") for c in parts.geturl()
    )
