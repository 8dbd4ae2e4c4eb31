"""Which addresses of a feed are links: only those of the web."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

from radiotui.text import clean

_LONGEST = 2000
# All that an address may hold, and "%", which begins what is encoded already.
_ADDRESS_CHARACTERS = "!#$%&'()*+,-./:;=?@[]_~"
# Most addresses are whole and plain: what follows would give them back as they are.
_SAFE = r"[a-zA-Z0-9_!$%&'()*+,\-./:=@~]"
_PLAIN = re.compile(
    rf"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?:/{_SAFE}*(?:\?{_SAFE}+)?(?:#{_SAFE}+)?)?"
)
_ADDRESS = re.compile(rf"[\w{re.escape(_ADDRESS_CHARACTERS)}]*")


def web_link(address: str | None, base: str | None = None) -> str | None:
    """The absolute http(s) address that ``address`` means on the page ``base``.

    None for anything else: ``javascript:``, ``data:``, ``file:``, no host, too
    long. What an address may not hold (spaces, quotes, "<") comes out encoded.
    """
    if not address or len(address) > _LONGEST:
        return None
    if _PLAIN.fullmatch(address):
        # A string of lxml's would hold on to its whole page.
        return str(address)
    try:
        joined = urljoin(base or "", clean(address, _LONGEST))
        parts = urlsplit(joined)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    whole = parts.geturl()
    if _ADDRESS.fullmatch(whole):
        return whole
    # Letters of other scripts stay readable; net and browsers know how to send them.
    return "".join(
        c if c.isalnum() or c in _ADDRESS_CHARACTERS else quote(c, safe="") for c in whole
    )
