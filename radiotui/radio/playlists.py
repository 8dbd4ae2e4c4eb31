"""Playlists: small files with the addresses of a stream's sound.

Sources: the PLS of Winamp, M3U as everyone writes it, ASX (Windows Media metafile),
xspf.org (XSPF 1). Of HLS only the kind is told here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice
from typing import Literal
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from radiotui.net.content import is_html
from radiotui.net.urls import is_web, parts_of

Kind = Literal["pls", "m3u", "asx", "xspf", "hls"]

MOST_BYTES = 256 * 1024
"""Bytes of a playlist that are read."""

MOST_LEVELS = 3
"""Playlists that may name each other before there must be sound."""

_MOST_ENTRIES = 20
_MOST_LOOKED_AT = 1000
_LONGEST_URL = 4096
_LONGEST_SIGN = 16 * 1024
"""Characters in which a playlist must show its kind: patterns hold the interpreter on more."""
_TYPES: dict[str, Kind] = {
    "audio/x-scpls": "pls",
    "audio/scpls": "pls",
    "application/pls": "pls",
    "application/pls+xml": "pls",
    "audio/x-pls": "pls",
    "audio/x-mpegurl": "m3u",
    "audio/mpegurl": "m3u",
    "audio/m3u": "m3u",
    "audio/x-m3u": "m3u",
    "application/x-mpegurl": "m3u",
    "application/mpegurl": "m3u",
    "application/vnd.apple.mpegurl": "m3u",
    "application/m3u": "m3u",
    "video/x-ms-asf": "asx",
    "video/x-ms-asx": "asx",
    "application/x-ms-asx": "asx",
    "audio/x-ms-wax": "asx",
    "video/x-ms-wvx": "asx",
    "application/xspf+xml": "xspf",
}
_NAMES: dict[str, Kind] = {
    "pls": "pls",
    "m3u": "m3u",
    "m3u8": "m3u",
    "asx": "asx",
    "wax": "asx",
    "wvx": "asx",
    "xspf": "xspf",
}
_SIGNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("pls", re.compile(r"(?i)\s*(?:[;#].*\n\s*)*\[playlist\]")),
    ("asx", re.compile(r"(?i)\s*(?:<\?[^>]*>\s*)*(?:<asx[\s>]|\[reference\])")),
    ("xspf", re.compile(r"(?i)\s*(?:<\?[^>]*>\s*)*<(?:\w+:)?playlist[\s>]")),
    ("m3u", re.compile(r"(?i)\s*#EXT(?:M3U|INF)")),
    ("pls", re.compile(r"(?i)\s*(?:\w+=.*\n\s*)*file\d+\s*=\s*http")),
    ("m3u", re.compile(r"(?i)(?:\s*#.*\n)*\s*https?://[^\s<>]+\s*(?:\n|$)")),
)
_NO_TEXT = re.compile("[\0-\x08\x0e-\x1a\x1c-\x1f]")

_PLS_ENTRY = re.compile(r"(?im)^[ \t]*file(\d{0,6})[ \t]*=[ \t]*(\S[^\r\n]*)")
_ASX_ENTRY = re.compile(
    r"(?im)<\s*(?:entry)?ref\b[^<>]*?\bhref\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>]+))"
    r"|^[ \t]*ref\d+[ \t]*=[ \t]*(\S+)"
)
_XSPF_TAG = re.compile(
    r"(?i)<(/?)(?:[\w.-]{1,40}:)?(playlist|tracklist|track|location)\b([^<>]*)>([^<]*)"
)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_XML_BASE = re.compile(r"xml:base\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DEEPEST = 20
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,12})://")
_MOST_SCHEMES = 3
_MOST_PARAMETERS = 20
_AS_IT_IS = "".join(map(chr, range(0x21, 0x7F)))
_COMMENT = re.compile(r"(?s)<!--.*?(?:-->|\Z)")


def kind_of(content_type: str, head: bytes, url: str) -> Kind | None:
    """The kind of playlist of an answer whose body begins with ``head``; None: it is none.

    A plain sign in the body comes first, because types are often wrong; then the
    content type; then the name, unless the type says that this is sound or a page.
    M3U is HLS only with ``#EXT-X-`` in it.
    """
    text = _text(head)
    if text is None:
        return None
    plain = _COMMENT.sub("", text).lstrip()[:_LONGEST_SIGN]
    kind = next((kind for kind, sign in _SIGNS if sign.match(plain)), None)
    if kind is None and is_html(head):
        return None
    kind = kind or _kind_by_label(content_type.partition(";")[0].strip().lower(), url)
    return "hls" if kind == "m3u" and "#EXT-X-" in text else kind


def entries(kind: Kind, body: bytes, base_url: str) -> list[str]:
    """The addresses a playlist names, in order: at most 20, http(s) only, each once.

    Relative ones are resolved against ``base_url``. Of HLS there are none: its
    parts are no alternatives. Broken playlists give the entries that can be read.
    Takes up to 0.1 s for the largest: not for the loop.
    """
    text, encoding = decoded(body[:MOST_BYTES])
    urls: dict[str, None] = {}
    for entry, base in islice(_read(kind, text, base_url), _MOST_LOOKED_AT):
        url = address(entry, base, encoding)
        if url:
            urls[url] = None
        if len(urls) == _MOST_ENTRIES:
            break
    return list(urls)


def foreign_schemes(kind: Kind, body: bytes) -> list[str]:
    """The schemes of addresses in a playlist that are not on the web: "mms", "rtsp"."""
    text, _ = decoded(body[:MOST_BYTES])
    listed = islice(_read(kind, text, ""), _MOST_LOOKED_AT)
    schemes = (_SCHEME.match(entry.strip().strip("\"'")) for entry, _ in listed)
    return list(dict.fromkeys(match[1].lower() for match in schemes if match))[:_MOST_SCHEMES]


def _read(kind: Kind, text: str, base_url: str) -> Iterable[tuple[str, str]]:
    """The entries as they are written, each with the address that it is relative to."""
    if kind == "xspf":
        return _xspf(text, base_url)
    return ((entry, base_url) for entry in _READERS[kind](text))


def _kind_by_label(content_type: str, url: str) -> Kind | None:
    if content_type in _TYPES:
        return _TYPES[content_type]
    if content_type.startswith(("audio/", "video/", "image/")) or is_html(b"", content_type):
        return None
    return _NAMES.get(parts_of(url).path.rpartition(".")[2].lower())


def _text(head: bytes) -> str | None:
    """``head`` as text, or None where it is something else, such as sound."""
    text, _ = decoded(head)
    if _NO_TEXT.search(text) or head.startswith((b"OggS", b"fLaC", b"ID3", b"RIFF")):
        return None
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0
    return None if is_frame and not head.startswith(b"\xff\xfe") else text


def decoded(body: bytes) -> tuple[str, str]:
    """Text, and the encoding in which its letters go back into an address."""
    encoding = "utf-8"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = body.decode("utf-16", "replace")
    else:
        body = body.removeprefix(b"\xef\xbb\xbf").rstrip(b"\0")
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            text, encoding = body.decode("latin-1"), "latin-1"
    return text.replace("\r\n", "\n").replace("\r", "\n"), encoding


def _pls(text: str) -> Iterable[str]:
    matches = islice(_PLS_ENTRY.finditer(text), _MOST_LOOKED_AT)
    numbered = [(int(match[1] or 0), match[2]) for match in matches]
    return (entry for _, entry in sorted(numbered, key=lambda pair: pair[0]))


def _m3u(text: str) -> Iterable[str]:
    return (line for line in text.split("\n") if not line.lstrip().startswith(("#", "<")))


def _asx(text: str) -> Iterable[str]:
    matches = _ASX_ENTRY.finditer(_COMMENT.sub("", text))
    return (html.unescape(next(filter(None, match.groups()), "")) for match in matches)


def _xspf(text: str, base_url: str) -> Iterable[tuple[str, str]]:
    """Locations of tracks: the playlist has one too, of itself, and so may have its attribution."""
    # Open elements, each with the address that what is in it is relative to (xml:base).
    elements = [("", base_url)]
    for match in _XSPF_TAG.finditer(_CDATA.sub("", _COMMENT.sub("", text))):
        is_end, name, attributes, content = match[1], match[2].lower(), match[3], match[4]
        if is_end:
            index = next((at for at in range(-1, -len(elements), -1) if elements[at][0] == name), 0)
            del elements[index or len(elements) :]
        elif name == "location":
            if any(element in {"track", "tracklist"} for element, _ in elements):
                yield html.unescape(content), _based(elements[-1][1], attributes)
        elif not attributes.endswith("/") and len(elements) < _DEEPEST:
            elements.append((name, _based(elements[-1][1], attributes)))


def _based(base_url: str, attributes: str) -> str:
    match = _XML_BASE.search(attributes)
    if match is None:
        return base_url
    try:
        return urljoin(base_url, html.unescape(match[1] or match[2] or ""))
    except ValueError:
        return base_url


def _hls(_text: str) -> Iterable[str]:
    return ()


_READERS = {"pls": _pls, "m3u": _m3u, "asx": _asx, "hls": _hls}


def _without_parameters(entry: str) -> str:
    """``entry`` without what some write behind an address: "http://a.example:8002 sid=8"."""
    first, *rest = entry.split()[:_MOST_PARAMETERS] or [""]
    is_address = _SCHEME.match(first) is not None
    return first if is_address and rest and all("=" in part[1:] for part in rest) else entry


def address(entry: str, base_url: str, encoding: str = "utf-8") -> str | None:
    """An entry of a playlist from ``base_url``, absolute; None where it is not http(s)."""
    entry = _without_parameters(entry.strip().strip("\"'").strip())
    if not entry or len(entry) > _LONGEST_URL or _NO_TEXT.search(entry) or "\x1b" in entry:
        return None
    # What is no UTF-8 in a text of UTF-8 stands there as surrogates.
    errors = "surrogateescape" if encoding == "utf-8" else "replace"
    try:
        parts = urlsplit(urljoin(base_url, entry))
        path, query = (
            quote(part, _AS_IT_IS, encoding, errors) for part in (parts.path, parts.query)
        )
    except ValueError:
        return None
    url = urlunsplit((parts.scheme, parts.netloc, path, query, ""))
    return url if is_web(url) else None
