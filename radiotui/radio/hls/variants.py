"""Choice among a broadcast's variants: sound alone first, then the quality of the settings."""

from __future__ import annotations

import math

from radiotui.config import Quality
from radiotui.radio.hls.playlist import MasterPlaylist, Rendition, Variant

_KBPS = {"low": 48.0, "medium": 96.0}
"""kbit/s; high is the most there is."""
_MEETS = _KBPS | {"high": 192.0}
"""With pictures the bandwidth says little of the sound, and much of the cost."""
_MOST_TRIED = 6
_PLAYABLE = ("mp4a", "mp3", "aac", "flac")
_SOUND = (*_PLAYABLE, "ac-3", "ec-3", "ac-4", "opus", "dts", "alac", "mhm1")


def addresses(master: MasterPlaylist, quality: Quality) -> list[str]:
    """The media playlists to try, the best first; at most six."""
    renditions = _preferred_renditions(master)
    audible = [variant for variant in master.variants if _has_sound(variant, renditions)]
    variants = audible or list(master.variants)
    playable = [variant for variant in variants if _is_playable(variant)] or variants
    alone = [variant for variant in playable if not variant.has_picture]
    pictures = [variant for variant in playable if variant.has_picture]
    # The sound of a picture may be had by itself.
    apart = [variant for variant in pictures if variant.group in renditions]
    together = [variant for variant in pictures if variant.group not in renditions]
    ordered = [
        *_nearest(alone, quality),
        *_with_pictures(apart, quality),
        *_with_pictures(together, quality),
    ]
    urls = dict.fromkeys(renditions.get(variant.group) or variant.url for variant in ordered)
    return list(urls)[:_MOST_TRIED]


def _nearest(variants: list[Variant], quality: Quality) -> list[Variant]:
    kbps = _KBPS.get(quality, math.inf)
    if kbps == math.inf:
        return sorted(variants, key=lambda variant: -variant.kbps)
    return sorted(variants, key=lambda variant: abs(math.log(max(variant.kbps, 1.0) / kbps)))


def _with_pictures(variants: list[Variant], quality: Quality) -> list[Variant]:
    """The cheapest that meets the quality, then dearer ones, then those that do not meet it."""
    enough = sorted(variants, key=lambda variant: variant.kbps)
    least = _MEETS[quality]
    return [v for v in enough if v.kbps >= least] + [v for v in enough[::-1] if v.kbps < least]


def _preferred_renditions(master: MasterPlaylist) -> dict[str, str]:
    """The address of each group's sound, by the name of the group."""
    best: dict[str, Rendition] = {}
    for rendition in master.renditions:
        rival = best.get(rendition.group)
        if rendition.group and (rival is None or rendition.preferred > rival.preferred):
            best[rendition.group] = rendition
    return {group: rendition.url for group, rendition in best.items()}


def _has_sound(variant: Variant, renditions: dict[str, str]) -> bool:
    has_sound_codec = any(codec.startswith(_SOUND) for codec in variant.codecs)
    return has_sound_codec or not variant.codecs or variant.group in renditions


def _is_playable(variant: Variant) -> bool:
    sounds = [codec for codec in variant.codecs if codec.startswith(_SOUND)]
    return not sounds or any(codec.startswith(_PLAYABLE) for codec in sounds)
