"""Files of an entry: its enclosures, or the sound that only Media RSS names, and their length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from radiotui.feeds.parsing.values import whole_number
from radiotui.net.urls import web_link
from radiotui.store.stories import Enclosure
from radiotui.text import clean

if TYPE_CHECKING:
    from radiotui.feeds.parsing.extensions import ItemExtras

_MOST = 20
_SOUND_FILE = re.compile(r"\.(?:mp3|m4a|m4b|aac|og[ag]|opus|flac|wav|mka)(?:[?#]|$)", re.IGNORECASE)
_FILM_FILE = re.compile(r"\.(?:mp4|m4v|mov|webm|mkv|ogv|avi)(?:[?#]|$)", re.IGNORECASE)
_PICTURE_FILE = re.compile(r"\.(?:jpe?g|png|gif|webp|avif)(?:[?#]|$)", re.IGNORECASE)
_SOUND_TYPE = re.compile(r"audio/|application/(?:x-)?ogg|(?:mp3|m4a|mpeg|aac|ogg)$", re.IGNORECASE)
_FILM_TYPE = re.compile(r"video/|(?:mp4|m4v)$", re.IGNORECASE)
_NEITHER_TYPE = re.compile(
    r"image/|application/(?:pdf|epub|zip|json|xml|x-bittorrent)", re.IGNORECASE
)

_SOUND, _FILM, _UNKNOWN, _TEXT, _NEITHER = range(5)


def enclosures_of(
    raw: Any, extra: ItemExtras, base: str, *, is_atom: bool
) -> tuple[Enclosure, ...]:
    """The entry's files, each once; the length of its sound with the file that holds it."""
    files: dict[str, Enclosure] = {}
    for file in _enclosures(raw, base, is_atom=is_atom):
        files.setdefault(file.url, file)
    if all(_kind(file) >= _TEXT for file in files.values()):
        files |= {file.url: file for file in extra.media}
    lengths = {file.url: file.seconds for file in extra.media if file.seconds}
    for url in files.keys() & lengths.keys():
        files[url] = replace(files[url], seconds=lengths[url])
    # Of an entry's sounds the first is the main one.
    main = min(files.values(), key=_kind, default=None)
    if main is not None and extra.seconds is not None and _kind(main) != _NEITHER:
        files[main.url] = replace(main, seconds=extra.seconds)
    return tuple(files.values())[:_MOST]


def is_playable(url: str, kind: str) -> bool:
    """True for the sounds and films of Media RSS, by type, medium or the end of the address."""
    return _kind(Enclosure(url, kind)) in {_SOUND, _FILM} or kind in {"audio", "video"}


def _enclosures(raw: Any, base: str, *, is_atom: bool) -> Iterator[Enclosure]:
    for enclosure in raw.get("enclosures", [])[:_MOST]:
        address = (enclosure.get("href") or "").strip()
        # A place on the page is no file.
        url = None if address.startswith("#") else web_link(address, base)
        kind = clean(enclosure.get("type") or "", 100)
        if url is not None:
            yield Enclosure(
                url,
                # What feedparser writes for a link of Atom that says none.
                "" if is_atom and kind == "text/html" else kind,
                whole_number(str(enclosure.get("length") or "")),
            )


def _kind(file: Enclosure) -> int:
    """The place of a file among those that may hold the entry's sound."""
    if _SOUND_TYPE.match(file.type):
        return _SOUND
    if _FILM_TYPE.match(file.type):
        return _FILM
    if _NEITHER_TYPE.match(file.type):
        return _NEITHER
    if file.type.startswith("text/") and not _SOUND_FILE.search(file.url):
        return _TEXT
    # Of no type, or of one that is said of any file.
    for kind, pattern in ((_SOUND, _SOUND_FILE), (_FILM, _FILM_FILE), (_NEITHER, _PICTURE_FILE)):
        if pattern.search(file.url):
            return kind
    return _UNKNOWN
