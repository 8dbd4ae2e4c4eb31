"""Methods that front ends called before there were intents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from radiotui.app.intents import Intent
from radiotui.app.stories import Stories, StoriesDeps
from radiotui.player import intents as player
from radiotui.player.playback import Cost
from radiotui.stories import intents as stories

if TYPE_CHECKING:
    from radiotui.app.companion import Companion

__all__ = ["Cost", "Deck", "Desk"]


class Deck:
    """Intents about the tape, a method each."""

    def __init__(self, companion: Companion) -> None:
        self._companion = companion

    def move(self, seconds: float) -> None:
        """Move along the tape."""
        self._companion.do(player.Shift(seconds))

    def go_to(self, at: float) -> None:
        """Move to a place."""
        self._companion.do(player.GoToPlace(at))

    def live(self) -> None:
        """Move to the newest sound."""
        self._companion.do(player.GoLive())

    def beginning(self) -> None:
        """Move to the programme's beginning."""
        self._companion.do(player.GoToBeginning())

    def mark(self, by: int) -> None:
        """Move to a mark."""
        self._companion.do(player.GoToMark(by))

    def keep_song(self) -> None:
        """Keep the song."""
        self._companion.do(player.KeepSong())

    def keep_minutes(self, minutes: int) -> None:
        """Keep the last minutes."""
        self._companion.do(player.KeepMinutes(minutes))

    def keep_programme(self) -> None:
        """Keep the programme."""
        self._companion.do(player.KeepProgramme())

    def record(self) -> None:
        """Start or end a recording."""
        self._companion.do(player.ToggleRecording())

    def sleep_in(self, minutes: float) -> None:
        """Set the sleep timer."""
        self._companion.do(player.SleepIn(minutes))

    def sleep_after(self, what: Literal["programme", "song"]) -> None:
        """Set the sleep timer."""
        self._companion.do(player.SleepAfter(what))

    def stay_awake(self) -> None:
        """Turn the sleep timer off."""
        self._companion.do(player.CancelSleep())

    def even(self) -> None:
        """Level the loudness, or not."""
        self._companion.do(player.ToggleLevelLoudness())

    def mute_ads(self) -> None:
        """Mute advertisements, or not."""
        self._companion.do(player.ToggleMuteAds())

    def level(self) -> float | None:
        """The level at the ear."""
        return self._companion.level()

    def costs(self) -> tuple[Cost, ...]:
        """The costs of each tape."""
        return self._companion.costs()

    def on_tape(self, station: str, stream: str, began: datetime) -> bool:
        """True while it is on a tape."""
        return self._companion.is_on_tape(station, stream, began)

    def go_to_wall(self, station: str, stream: str, began: datetime) -> None:
        """Move to a time of a stream."""
        self._companion.do(player.GoToPlayed(station, stream, began))

    def keep_heard(self, station: str, stream: str, began: datetime) -> None:
        """Keep a song of a stream."""
        self._companion.do(player.KeepPlayed(station, stream, began))


class Desk(Stories):
    """Intents about stories, a method each."""

    def __init__(self, deps: StoriesDeps, send: Callable[[Intent], None]) -> None:
        super().__init__(deps)
        self._send = send

    def more(self) -> None:
        """Lengthen the list."""
        self._send(stories.ShowOlder())

    def refresh(self) -> None:
        """Refresh, or stop."""
        self._send(stories.ToggleRefresh())

    def mark_read(self, headlines: Sequence[int], *, read: bool) -> None:
        """Mark stories."""
        self._send(stories.MarkRead(tuple(headlines), read))

    def star(self, headline: int, *, starred: bool) -> None:
        """Star a story."""
        self._send(stories.Star(headline, starred))

    def keep_place(self, headline: int, place: float) -> None:
        """Remember a place."""
        self._send(stories.KeepPlace(headline, place))

    def listen(self, headline: int) -> None:
        """Play a story."""
        self._send(stories.ListenToStory(headline))

    def queue(self, headline: int) -> None:
        """Queue a story."""
        self._send(stories.QueueStory(headline))

    def unqueue(self, key: str) -> None:
        """Remove a story of the newscast."""
        self._send(player.RemoveFromQueue(key))

    def move(self, key: str, by: int) -> None:
        """Move a story of the newscast."""
        self._send(player.MoveInQueue(key, by))

    def play_newscast(self) -> None:
        """Play the newscast."""
        self._send(player.PlayQueue())

    def skip(self) -> None:
        """Skip a story."""
        self._send(player.SkipQueueItem())
