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
    heard: float = 0.0
    """Seconds heard when libVLC last told."""
    heard_at: float = 0.0
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
    vlc_rate: float = 1.0
    device_errors: int = 0
    """Complaints of libVLC's audio output."""
    lost_at: float | None = None
    """Time at which the sound device was lost, monotonic."""

    def change_rate(self, rate: float, now: float) -> None:
        """Count on at another rate from here."""
        self.heard, self.heard_at = self.position(now), now
        self.rate = rate

    def position(self, now: float) -> float:
        """Seconds of the source that were heard."""
        if self.frozen is not None:
            return self.frozen
        if not self.started:
            return 0.0
        return self.heard + max(0.0, min(now - self.heard_at, _MOST_AHEAD)) * self.rate
