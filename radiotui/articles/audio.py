"""A story's own sound: the page's player, and not the station's."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from radiotui.articles.metadata import seconds
from radiotui.articles.prose import bare
from radiotui.documents.html_tree import Element, HtmlPage, by_class, class_words, words
from radiotui.documents.model import StoryAudio
from radiotui.net.loose_json import parse_json
from radiotui.net.urls import web_link

_ELSEWHERE = {"header", "nav", "footer", "aside", "ps-promo", "ps-header"}
_ELSEWHERE_WORDS = {"promo", "promos", "related", "persistent", "live"}
# A player that names no length may as well be the station's.
_OF_A_STORY = "@data-stream-duration or @on-demand or ancestor::*[contains(@class, 'AudioEnh')]"
_AT_THE_STORY = "ancestor::article|ancestor::main|ancestor::*[contains(@class, 'audioPlayer')]"


def story_audio(page: HtmlPage) -> StoryAudio | None:
    """The sound that the article's page plays; None where only the station's stream plays."""
    for player in (_grove, _npr, _html):
        audio = next(player(page), None)
        if audio:
            return audio
    return None


def _grove(page: HtmlPage) -> Iterator[StoryAudio]:
    unknown: list[StoryAudio] = []
    for place in page.root.xpath(f"//ps-stream[{_OF_A_STORY}]//*[@data-stream-url]")[:20]:
        link = web_link(place.get("data-stream-url"), page.base)
        if link is None or _elsewhere(place):
            continue
        length = next(place.iterancestors("ps-stream")).get("data-stream-duration")
        audio = StoryAudio(link, seconds(length))
        if audio.seconds:
            yield audio
        if place.xpath(_AT_THE_STORY):
            unknown.append(audio)
    yield from unknown
    yield from _of_the_same_title(page)


def _of_the_same_title(page: HtmlPage) -> Iterator[StoryAudio]:
    """The sound of a promoted episode that is the story itself, as its title says."""
    headlines = {bare(words(node, 500)) for node in page.root.xpath("//h1")[:5]} - {""}
    for promo in _with_class(page, "PromoAudioEpisode")[:20]:
        titles = promo.xpath(".//*[contains(@class, '-title')]")[:3]
        if not any(bare(words(title, 500)) in headlines for title in titles):
            continue
        for place in promo.xpath(".//*[@data-stream-url]")[:3]:
            link = web_link(place.get("data-stream-url"), page.base)
            player = next(place.iterancestors("ps-stream"), place)
            if link:
                yield StoryAudio(link, seconds(player.get("data-stream-duration")))


def _npr(page: HtmlPage) -> Iterator[StoryAudio]:
    for module in _with_class(page, "audio-module")[:5]:
        if _elsewhere(module):
            continue
        for node in (module, *module.xpath(".//*[@data-audio]")):
            audio = _data_audio(node.get("data-audio"), page.base)
            if audio:
                yield audio
        length = next(iter(by_class(module, "audio-module-time", "duration")), None)
        for address in module.xpath(".//a/@href"):
            link = web_link(address, page.base)
            if link and ".mp3" in link:
                yield StoryAudio(link, None if length is None else seconds(length.text))


def _with_class(page: HtmlPage, name: str) -> list[Element]:
    return [node for node in page.with_class(name) if name in node.get("class").split()]


def _data_audio(text: str | None, base: str) -> StoryAudio | None:
    try:
        data = parse_json((text or "")[:20_000])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    address = data.get("audioUrl") or data.get("url")
    if not isinstance(address, str):
        return None
    if not address.startswith(("http", "/")):
        try:
            address = base64.b64decode(address, validate=True).decode()
        except (binascii.Error, ValueError):
            return None
    link = web_link(address, base)
    return StoryAudio(link, seconds(data.get("duration"))) if link else None


def _html(page: HtmlPage) -> Iterator[StoryAudio]:
    if next(page.root.iter("audio"), None) is None:
        return
    for player in page.root.xpath("//article//audio|//main//audio|//*[@itemprop]//audio")[:10]:
        if _elsewhere(player):
            continue
        for address in (player.get("src"), *player.xpath(".//source/@src")):
            link = web_link(address, page.base)
            if link:
                yield StoryAudio(link, seconds(player.get("data-duration")))


def _elsewhere(node: Element) -> bool:
    """Test for a player of the station or of another story."""
    return any(
        (above.tag == "header" and not above.xpath("ancestor::article"))
        or (above.tag in _ELSEWHERE and above.tag != "header")
        or class_words(above) & _ELSEWHERE_WORDS
        for above in (node, *node.iterancestors())
    )
