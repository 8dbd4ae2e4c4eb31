"""Films, sound and drawings within a story: a link stands for what no terminal shows."""

from __future__ import annotations

import re

from radiotui.articles.account import note_embed
from radiotui.documents.html_tree import Element
from radiotui.net.urls import host_of, web_link
from radiotui.text import clean

_FRAMES = ("iframe", "embed", "object")
FILMS = (*_FRAMES, "video")
"""Elements that may be a film."""
_ADDRESSES = ("src", "data-src", "data-lazy-src", "data-url", "data")
_VIDEO, _SOUND, _INTERACTIVE = "Video", "Sound", "Interactive graphic"
_SITES = {
    "youtube.com": _VIDEO,
    "youtube-nocookie.com": _VIDEO,
    "youtu.be": _VIDEO,
    "vimeo.com": _VIDEO,
    "dailymotion.com": _VIDEO,
    "brightcove.net": _VIDEO,
    "jwplayer.com": _VIDEO,
    "jwplatform.com": _VIDEO,
    "pbs.org": _VIDEO,
    "twitch.tv": _VIDEO,
    "tiktok.com": _VIDEO,
    "soundcloud.com": _SOUND,
    "spotify.com": _SOUND,
    "podcasts.apple.com": _SOUND,
    "npr.org": _SOUND,
    "megaphone.fm": _SOUND,
    "omny.fm": _SOUND,
    "simplecast.com": _SOUND,
    "buzzsprout.com": _SOUND,
    "libsyn.com": _SOUND,
    "acast.com": _SOUND,
    "podbean.com": _SOUND,
    "prx.org": _SOUND,
    "bandcamp.com": _SOUND,
    "audioboom.com": _SOUND,
    "datawrapper.de": _INTERACTIVE,
    "dwcdn.net": _INTERACTIVE,
    "flourish.studio": _INTERACTIVE,
    "infogram.com": _INTERACTIVE,
    "tableau.com": _INTERACTIVE,
    "arcgis.com": _INTERACTIVE,
    "documentcloud.org": _INTERACTIVE,
    "knightlab.com": _INTERACTIVE,
    "observablehq.com": _INTERACTIVE,
    "openstreetmap.org": _INTERACTIVE,
}
"""Sites whose frames are a part of a story; frames of all others may be adverts and forms."""
_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{6,20})")
_MOST_EMBEDS = 20


def mark_embeds(nodes: list[Element], base: str) -> None:
    """Put a line with the address before each film, sound or drawing among elements."""
    addresses: set[str] = set()
    for node in nodes:
        embed = _embed_of(node, base)
        if embed is None or embed[1] in addresses or len(addresses) >= _MOST_EMBEDS:
            continue
        kind, address = embed
        addresses.add(address)
        line = node.makeelement("p")
        link = line.makeelement("a", {"href": address})
        link.text = clean(host_of(address).removeprefix("www."), 80)
        line.text = f"{kind}, not shown here: "
        line.append(link)
        node.addprevious(line)
        note_embed(kind)


def film_of(node: Element, base: str) -> str:
    """Address of the film that an element shows; empty for what shows none."""
    embed = _embed_of(node, base)
    return embed[1] if embed and embed[0] == _VIDEO else ""


def _embed_of(node: Element, base: str) -> tuple[str, str] | None:
    """Kind and address of what an element shows; None for what is no part of a story."""
    if node.tag == "video":
        sources = (node.get("src"), *node.xpath("./source/@src")[:5])
        link = next(filter(None, (web_link(source, base) for source in sources)), None)
        return (_VIDEO, link) if link else None
    if node.tag not in _FRAMES:
        return None
    links = (web_link(node.get(name), base) for name in _ADDRESSES if node.get(name))
    for link in filter(None, links):
        host = host_of(link)
        kind = next((k for site, k in _SITES.items() if f".{host}".endswith(f".{site}")), None)
        if kind:
            film = _YOUTUBE.match(link)
            return kind, f"https://www.youtube.com/watch?v={film[1]}" if film else link
    return None
