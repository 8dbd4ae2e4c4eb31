"""Pictures of a page: which address to take, which are the same, which are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from radiotui.documents.html_tree import Element, class_words
from radiotui.net.urls import parts_of, web_link

_WIDEST = 1600
_MOST_CANDIDATES = 60
_LONGEST_SRCSET = 20_000
_SMALLEST = 90

_SOURCES = ("data-src", "data-lazy-src", "data-original", "data-hi-res-src", "data-img-src", "src")
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"[\s,]*(\S+)(?:\s+([\d.]{1,8})([wxh]))?\s*(?:,|\Z)")
# Terminals' libraries read the others.
_UNREADABLE = re.compile(r"avif|jxl|svg|heic", re.IGNORECASE)

_NOT_A_PHOTO = {
    *("avatar", "badge", "emoji", "gravatar", "icon", "logo", "pixel", "spacer", "sprite"),
    *("spinner", "tracker", "tracking", "ad", "ads", "advert"),
}
_NOT_A_PHOTO_ADDRESS = re.compile(
    r"/(?:ads?|tracking|pixels?|avatars?|emojis?|icons?)/|doubleclick\.|gravatar\.|adserver|pagead"
    r"|/(?:pixel|spacer|blank|clear|transparent|1x1|placeholder)[\w-]*\.(?:gif|png|svg)"
    r"|facebook\.com/tr\b|\.svg(?:\?|$)",
    re.IGNORECASE,
)
_STANDS_FOR_NONE = re.compile(
    r"(?:^|[/_.-])(?:logo|default|fallback|placeholder|social|share|og-?image)(?:[/_.-]|$)",
    re.IGNORECASE,
)

_SIZE_SEGMENT = re.compile(
    r"\d{1,4}(?:x\d{1,4})?|(?:[whcqf]|dpr|ar|fl|g|t)_[\w.:-]+(?:,[\w.:-]+)*|resize|crop|fit|scale"
    r"|strip|true|false|quality|format|width|height|dims\d|thumbs?|thumbnails?",
    re.IGNORECASE,
)
_SIZE_IN_NAME = re.compile(
    r"[-_]\d{2,4}x\d{2,4}(?=\W|_|$)"
    r"|[-_](?:\d{3,4}w|240|300|320|400|480|600|640|720|768|800|960|1000|1024|1080|1200|1280|1440"
    r"|1600|1920|2000|2048|2400|2560)$"
    # As npr.org does: mask_wide-3f2a91bc-s1100-c85
    r"|_(?:wide|sq|custom|enl|vert|slide|16x9|4x3|3x4|3x2)-[\da-f]{8,64}|-s\d{2,4}(?:-c\d{1,3})?"
    r"|-scaled|@\dx|[-_](?:large|medium|small|thumb|thumbnail|full|orig|original|wide|square)$",
    re.IGNORECASE,
)
_EXTENSION = re.compile(r"\.(?:jpe?g|png|webp|gif|avif|tiff?|bmp)$", re.IGNORECASE)
_SIZE_PARAMETERS = {
    *("w", "h", "width", "height", "resize", "fit", "crop", "quality", "q", "auto", "fm", "format"),
    *("dpr", "ssl", "s", "size", "strip", "zoom", "im", "imwidth", "itok", "v", "ver", "sig"),
}


def picture_address(image: Element, base: str) -> str | None:
    """The address of an ``img`` that suits a terminal: the widest up to 1600 pixels.

    From ``srcset``, ``picture`` and the attributes that pages load late from.
    None for what is no photo: icons, faces, adverts, pixels that count readers.
    """
    if not _is_photo(image):
        return None
    best: tuple[tuple[bool, float], str] | None = None
    for address, width in _candidates(image):
        link = None if address.startswith("data:") else web_link(address, base)
        if link is None or _NOT_A_PHOTO_ADDRESS.search(link):
            continue
        # Among those that are too wide the narrowest, else the widest.
        rank = (width <= _WIDEST, width if width <= _WIDEST else -width)
        if best is None or rank > best[0]:
            best = rank, link
    return best[1] if best else None


def stands_for_none(address: str) -> bool:
    """Test for a page's own picture that is its site's sign, and not the article's photo."""
    return bool(_STANDS_FOR_NONE.search(address) or _NOT_A_PHOTO_ADDRESS.search(address))


def picture_key(address: str) -> str:
    """The same for one picture in several sizes."""
    for _ in range(3):
        parts = parts_of(address)
        query = parse_qsl(parts.query[:4000])
        inner = next((value for name, value in query if name in {"url", "src", "image"}), None)
        if not inner or not parts_of(inner).path.strip("/"):
            break
        # A server that makes the sizes names the original.
        address = inner
    segments = [part for part in unquote(parts.path).split("/") if part]
    stable = [part for part in segments[:-1] if not _SIZE_SEGMENT.fullmatch(part)]
    name = segments[-1] if segments else ""
    stem = _EXTENSION.sub("", name)
    rest = ""
    if stem == name:
        rest = "&".join(f"{k}={v}" for k, v in sorted(query) if k not in _SIZE_PARAMETERS)
    before = ""
    while before != stem:
        before, stem = stem, _SIZE_IN_NAME.sub("", stem)
    return "/".join([*stable, stem or name]).lower() + (f"?{rest}" if rest else "")


def _is_photo(image: Element) -> bool:
    sides = [_pixels(image.get(side)) for side in ("width", "height")]
    pixels = [side for side in sides if side is not None]
    if pixels and (min(pixels) <= 2 or max(pixels) < _SMALLEST):
        return False
    if "none" in (image.get("style") or "").replace(" ", "").partition("display:")[2][:6]:
        return False
    return not class_words(image) & _NOT_A_PHOTO


def _candidates(image: Element) -> Iterator[tuple[str, float]]:
    """Addresses and widths; an unknown width counts as nothing."""
    # Not only the parent: the parser puts a picture's image into the source before it.
    picture = next(image.iterancestors("picture"), None)
    elements = [] if picture is None else picture.iter("source")
    sources = [element for element in elements if not _UNREADABLE.search(element.get("type") or "")]
    own = float(_pixels(image.get("width")) or 0)
    for element in (*sources[:20], image):
        width = float(_pixels(element.get("width")) or own)
        for name in _SETS:
            yield from _srcset(element.get(name) or "", width)
    for name in _SOURCES:
        if image.get(name):
            yield image.get(name), own
    for source in sources[:20]:
        if source.get("data-original"):
            yield source.get("data-original"), 0.0


def _srcset(text: str, width: float) -> Iterator[tuple[str, float]]:
    place = 0
    for _ in range(_MOST_CANDIDATES):
        match = _CANDIDATE.match(text, place, _LONGEST_SRCSET)
        if match is None:
            return
        address, number, unit = match.groups()
        size = float(number) if number and number.count(".") <= 1 and number != "." else 0.0
        if unit == "w":
            yield address, size
        else:
            yield address, (width or 1) * (size or 1)
        place = match.end()


def _pixels(text: str | None) -> int | None:
    match = re.fullmatch(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*", text or "")
    return int(match[1]) if match else None
