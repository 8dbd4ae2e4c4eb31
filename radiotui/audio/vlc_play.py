"""One play of VLC's engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from radiotui.audio.libvlc import VlcMedia
from radiotui.audio.plays import EnginePlay

_MOST_AHEAD = 1.0
"""libVLC tells the time three times a second; after a second without, nothing was heard."""


@dataclass(slots=True, eq=False)
class VlcPlay(EnginePlay):
    """A play, guarded as its kind is; its libVLC objects belong to the engine's thread."""

    player: Any = None
    media: VlcMedia | None = None
    events: Any = None
    playing: bool = False
    vlc_time: float = 0.0
    """Seconds that were heard, whatever the rate, when libVLC last told them."""
    vlc_time_at: float = 0.0
    is_heard: bool = False
    ask: bool = False
    """libVLC may know by now whether any of it reached a device."""
    frozen: float | None = None
    """Seconds heard at the end."""
    gain_now: float = 0.0
    """On its way to ``gain_db``, since ``gain_at``."""
    gain_at: float = 0.0
    fade: tuple[float, float] | None = None
    """(beginning of a fade, seconds that it takes)."""
    vlc_volume: int | None = None
    device_errors: int = 0
    """Complaints of libVLC's audio output."""
    lost_at: float | None = None
    """Time at which the sound device was lost, monotonic."""

    def position(self, now: float) -> float:
        """Seconds of the source that were heard."""
        if self.frozen is not None:
            return self.frozen
        if not self.started or self.media is None:
            return 0.0
        heard = self.vlc_time + max(0.0, min(now - self.vlc_time_at, _MOST_AHEAD))
        return self.media.place_of(heard)
