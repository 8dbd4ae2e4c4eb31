"""Which of a broadcast's variants is heard: sound alone first, then the quality wanted."""

from __future__ import annotations

import math

from radiotui.config import Quality
from radiotui.radio.hls.playlist import MasterPlaylist, Variant

_WANTED = {"low": 48.0, "medium": 96.0}
"""kbit/s; high is the most there is."""
_MEETS = _WANTED | {"high": 192.0}
"""With pictures the bandwidth says little of the sound, and much of the cost."""
_MOST_TRIED = 6
_PLAYABLE = ("mp4a", "mp3", "aac", "flac")
_SOUND = (*_PLAYABLE, "ac-3", "ec-3", "ac-4", "opus", "dts", "alac", "mhm1")


def addresses(master: MasterPlaylist, quality: Quality) -> list[str]:
    """The media playlists to try, the best first; at most six."""
    heard = [variant for variant in master.variants if _has_sound(master, variant)]
    variants = heard or list(master.variants)
    playable = [variant for variant in variants if _is_playable(variant)] or variants
    alone = [variant for variant in playable if not variant.has_picture]
    seen = [variant for variant in playable if variant.has_picture]
    # The sound of a picture may be had by itself.
    apart = [variant for variant in seen if _rendition(master, variant)]
    together = [variant for variant in seen if not _rendition(master, variant)]
    ordered = [
        *_nearest(alone, quality),
        *_with_pictures(apart, quality),
        *_with_pictures(together, quality),
    ]
    found = dict.fromkeys(_rendition(master, variant) or variant.url for variant in ordered)
    return list(found)[:_MOST_TRIED]


def _nearest(variants: list[Variant], quality: Quality) -> list[Variant]:
    wanted = _WANTED.get(quality, math.inf)
    if wanted == math.inf:
        return sorted(variants, key=lambda variant: -variant.kbps)
    return sorted(variants, key=lambda variant: abs(math.log(max(variant.kbps, 1.0) / wanted)))


def _with_pictures(variants: list[Variant], quality: Quality) -> list[Variant]:
    """The cheapest that meets the quality, then dearer ones, then those that do not meet it."""
    enough = sorted(variants, key=lambda variant: variant.kbps)
    least = _MEETS[quality]
    return [v for v in enough if v.kbps >= least] + [v for v in enough[::-1] if v.kbps < least]


def _rendition(master: MasterPlaylist, variant: Variant) -> str | None:
    group = [r for r in master.renditions if variant.group and r.group == variant.group]
    return max(group, key=lambda r: r.preferred).url if group else None


def _has_sound(master: MasterPlaylist, variant: Variant) -> bool:
    is_told = any(codec.startswith(_SOUND) for codec in variant.codecs)
    return is_told or not variant.codecs or _rendition(master, variant) is not None


def _is_playable(variant: Variant) -> bool:
    sounds = [codec for codec in variant.codecs if codec.startswith(_SOUND)]
    return not sounds or any(codec.startswith(_PLAYABLE) for codec in sounds)
