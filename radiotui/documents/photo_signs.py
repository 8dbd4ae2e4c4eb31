"""Signs of a photo, and of what is none: icons, faces, stand-ins, pixels that report readers."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from radiotui.documents.html_tree import Element
from radiotui.net.urls import host_of, parts_of

_SMALLEST = 90
_SMALLEST_PHOTO = 200
"""Pixels of a width that no icon has."""

_NOT_A_PHOTO = re.compile(
    r"(?:^|[\s_-])(?:avatar|badge|emoji|gravatar|icon|logo|spacer|sprite|spinner|smiley"
    r"|(?:track(?:er|ing)(?:[_-]?pixel)?|pixel|ads?|advert)(?=\s|$))(?:[\s_-]|$)",
    re.IGNORECASE,
)
_A_SIGN = re.compile(
    r"(?:[\w.’'&-]+ ){0,2}logo\.?|logo (?:des|der|von|vom|of(?: the)?|de|du|del|di) [\w.’'&-]+\.?",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"display:none|visibility:hidden|opacity:0(?:[;!]|\.0|$)|(?:^|;)(?:width|height):[0-2](?:px)?(?:[;!]|$)",
    re.IGNORECASE,
)

# Those who count readers for somebody else: they are never asked for anything.
_COUNTING_HOST = re.compile(
    r"(?:^|\.)(?:google-analytics|googletagmanager|googlesyndication|googleadservices|doubleclick"
    r"|scorecardresearch|quantserve|quantcount|chartbeat|parsely|omtrdc|2o7|demdex|everesttech"
    r"|imrworldwide|ioam|iocnt|vgwort|xiti|at-o|krxd|bluekai|adnxs|adsrvr|criteo|taboola|outbrain"
    r"|hotjar|mixpanel|amplitude|segment|statcounter|histats|gemius|mediametrie|smetrics|webtrends"
    r"|clicky|getclicky|matomo|piwik|newrelic|nr-data|list-manage|feedsportal|pheedo|gravatar)"
    r"\.(?:com|net|org|io|de|fr|pl|co|ly|cloud)$"
    r"|^(?:pixels?|pxl?|track(?:er|ing|s)?|stats?|analytics?|metrics?|beacons?|counters?|count|hits?"
    r"|log(?:s|ger)?|telemetry|ads?|adserver)\d{0,2}\.(?=.+\.)",
    re.IGNORECASE,
)
_COUNTING_PATH = re.compile(
    r"/(?:__utm|tr$|piwik|matomo|b/ss/|pagead|adserver|beacon|impressions?/|open\.aspx|~r/)"
    r"|/(?:[\w-]{1,40}[_-])?(?:track(?:er|ing)?|beacon|counter|count|pixels?)(?:[_-][\w-]{1,40})?"
    r"(?:\.(?:gif|png|php|aspx?|jsp?))?$"
    r"|(?:rss|track(?:ing|er)?|republi\w+|count(?:er|ing)?|stats?|analytics)[_-]pixel\b",
    re.IGNORECASE,
)
_COUNTING_QUESTION = {
    *("utmac", "utmdt", "utme", "republication-pixel", "tid", "idsite", "ptid", "pagetitle"),
    *("document_title", "referer", "referrer", "cid1"),
}
_FOLDER_OF_SIGNS = re.compile(
    r"/(?:ads?|tracking|pixels?|avatars?|emojis?|icons?|sprites?)/", re.IGNORECASE
)
_PHOTO_FILE = re.compile(r"\.(?:jpe?g|png|webp)(?![a-z\d])", re.IGNORECASE)
_DRAWING_FILE = re.compile(r"\.svgz?$", re.IGNORECASE)

_NAME_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_STAND_IN = {
    *("placeholder", "spacer", "blank", "clear", "transparent", "pixel", "dot", "lazy", "lazyload"),
    *("loading", "loader", "preload", "grey", "gray", "dummy", "empty", "noimage", "noimg"),
    *("nophoto", "nopic", "no"),
}
_SIGN = {
    *("logo", "logos", "default", "fallback", "placeholder", "social", "share", "sharing", "og"),
    *("opengraph", "favicon", "blavatar", "ogimage"),
}
_OF_A_STAND_IN = {
    *("image", "images", "img", "photo", "picture", "pic", "bg", "background", "white", "black"),
    *(
        "missing",
        "available",
        "load",
        "x",
        "px",
        "w",
        "h",
        "small",
        "medium",
        "large",
        "big",
        "square",
    ),
    *("wide", "thumb", "thumbnail", "light", "dark", "color", "colour", "retina", "new", "v"),
}
_OF_A_SIGN = {
    *_OF_A_STAND_IN,
    *("site", "media", "facebook", "fb", "twitter", "card", "meta", "graph", "open", "preview"),
    *(
        "article",
        "story",
        "post",
        "news",
        "header",
        "feature",
        "featured",
        "cover",
        "banner",
        "web",
    ),
    *("for", "the", "brand", "icon", "app", "seo", "link", "tw", "share", "generic", "main"),
}
_AN_IDENTITY = re.compile(r"(?=.*\d)[\w-]{8,}|\d{6,}")


def is_photo(image: Element) -> bool:
    """Test what an ``img`` says of itself: its size, its style, its class, its words."""
    sides = [
        side
        for side in (pixels(image.get(name)) for name in ("width", "height"))
        if side is not None
    ]
    if sides and (min(sides) <= 2 or max(sides) < _SMALLEST):
        return False
    if image.get("hidden") is not None or _HIDDEN.search(
        (image.get("style") or "").replace(" ", "")
    ):
        return False
    return not (
        _NOT_A_PHOTO.search(image.get("class") or "") or _A_SIGN.fullmatch(image.get("alt") or "")
    )


def says_it_is_a_photo(image: Element) -> bool:
    """Test for an ``img`` that has words, a size or sizes, or a caption."""
    width = pixels(image.get("width"))
    return bool(
        (width and width >= _SMALLEST_PHOTO)
        or re.search(r"\s\d{3,4}w", image.get("srcset") or image.get("data-srcset") or "")
        or len(image.get("alt") or "") > 10
        or image.get("data-srcs")
        or any(True for above in image.iterancestors("figure") for _ in above.iter("figcaption"))
    )


@lru_cache(maxsize=1024)
def may_be_photo(address: str, *, speaks: bool = True) -> bool:
    """Test an address for a photo's; ``speaks`` where its element says that it is one.

    The file is judged, and not the folders that a server puts it in.
    """
    if _counts_readers(address) or _DRAWING_FILE.search(parts_of(address).path):
        return False
    names = _name_words(address)
    if names and (set(names) & {"placeholder"} or _only(names, _STAND_IN, _OF_A_STAND_IN)):
        return False
    if speaks:
        return True
    parts = parts_of(address)
    asks = bool(parts.query) and not _PHOTO_FILE.search(unquote(address))
    return not (asks or _FOLDER_OF_SIGNS.search(parts.path))


def stands_for_none(address: str) -> bool:
    """Test for a page's own picture that is its site's sign, and not the article's photo."""
    if not may_be_photo(address):
        return True
    names = _name_words(address)
    if not set(names) & _SIGN:
        return False
    if {"logo", "logos", "favicon", "blavatar"} & set(names) and len(names) <= 3:
        return True
    host = host_of(address)
    others = [name for name in names if not (len(name) > 2 and name in host)]
    folders = parts_of(_original(address)).path.rstrip("/").split("/")[:-1]
    # "image/65102/default.jpg" is one of many, "assets/default.jpg" is the only one.
    own_folder = bool(folders and _AN_IDENTITY.fullmatch(folders[-1]))
    return not own_folder and _only(others, _SIGN, _OF_A_SIGN)


def pixels(text: str | None) -> int | None:
    """A side of a picture as HTML writes it; None for what is no number of pixels."""
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text or "")
    return int(match[1]) if match else None


def _counts_readers(address: str) -> bool:
    parts = parts_of(address)
    path = parts.path
    if _COUNTING_HOST.search(host_of(address)) or _COUNTING_PATH.search(path):
        return True
    if not parts.query or _PHOTO_FILE.search(path):
        return False
    return any(name.lower() in _COUNTING_QUESTION for name, _ in parse_qsl(parts.query[:2000]))


def _name_words(address: str) -> list[str]:
    """The words of a file's name, without its ending."""
    name = parts_of(_original(address)).path.rstrip("/").rpartition("/")[2]
    stem = re.sub(r"\.[a-zA-Z]{2,5}$", "", unquote(name)[-200:])
    return [match[0].lower() for match in _NAME_WORD.finditer(stem)]


def _original(address: str) -> str:
    """The picture that a server of sizes was asked for."""
    query = parse_qsl(parts_of(address).query[:4000])
    inner = next((value for name, value in query if name in {"url", "src", "image"}), "")
    return inner if parts_of(inner).path.strip("/") else address


def _only(names: list[str], signs: set[str], fillers: set[str]) -> bool:
    """Test for a name of signs and of nothing that a photo would be named after."""
    return bool(set(names) & signs) and all(
        name in signs or name in fillers or (name.isdigit() and len(name) <= 4) for name in names
    )
