"""The pictures in a feed's HTML, with their words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec.structs import replace

from radiotui.documents.model import Figure
from radiotui.text import clean

_IMAGE = re.compile(r"<img\b[^<>]*>", re.IGNORECASE)
_ALT_ENDS = re.compile(r"'(?=\s*/?>|\s+[a-zA-Z-]+=)")
_CREDIT_LINE = re.compile(r"\(?\s*(?:image|photo|picture)s? credit:", re.IGNORECASE)
# What counts readers and says nothing else is never one of these.
_PHOTO_FILE = re.compile(r"\.(?:jpe?g|png|webp|avif)(?:\?|$)|\.gif$", re.IGNORECASE)
_KNOWN_ATTRIBUTES = (
    *("src", "srcset", "data-src", "data-srcset", "data-lazy-src", "data-lazy-srcset"),
    *("data-original", "width", "height", "class", "style"),
)
_LONGEST_CAPTION = 2000


def with_whole_captions(source: str) -> str:
    """HTML in which an apostrophe does not end a picture's caption: alt='A ranger's hat'."""
    return _IMAGE.sub(_with_whole_alt, source) if "alt='" in source else source


def figure_of(
    attributes: Mapping[str, str | None], caption: str, base: str | None
) -> Figure | None:
    """The picture of an ``img``; None for what is no photo: a face, an icon, a reader's count."""
    from lxml import etree

    from radiotui.documents.picture_urls import picture_address

    image = etree.Element("img")
    for name in _KNOWN_ATTRIBUTES:
        if attributes.get(name):
            image.set(name, clean(attributes[name] or "", 20_000))
    url = picture_address(image, base or "")
    says_more = caption or any(attributes.get(name) for name in ("srcset", "width", "height"))
    if url is None or not (says_more or _PHOTO_FILE.search(url)):
        return None
    return Figure(url, caption)


def with_words(figure: Figure, words: str, in_caption: bool) -> Figure | None:
    """The picture with what a paragraph says of it; None when that is not about the picture."""
    if not in_caption and not _CREDIT_LINE.match(words):
        return None
    from radiotui.documents.credits import caption_and_credit, credit_of, is_credit

    if is_credit(words):
        return replace(figure, credit=figure.credit or credit_of(words))
    if not in_caption:
        return None
    # What stands below a picture says more than what stands for it.
    caption, credit = caption_and_credit(clean(words, _LONGEST_CAPTION))
    return replace(figure, caption=caption, credit=credit or figure.credit)


def picture_name(url: str) -> str:
    """The same for one picture in several sizes."""
    from radiotui.documents.picture_urls import picture_key

    try:
        return picture_key(url)
    except ValueError:
        # Within it stands an address that is none.
        return url


def _with_whole_alt(image: re.Match[str]) -> str:
    before, quote, rest = image[0].partition("alt='")
    end = _ALT_ENDS.search(rest) if quote else None
    if end is None:
        return image[0]
    caption = rest[: end.start()].replace('"', "&quot;")
    return f'{before}alt="{caption}"{rest[end.end() :]}'
