"""What the keys do with the tape."""

from __future__ import annotations

from radiotui.ui.screens.listing import Listing


class Taping(Listing):
    """Moving, keeping, recording, sleeping; each sheet is loaded when it is first wanted."""

    def action_tape(self, seconds: int) -> None:
        """So much further, or back."""
        self.move_on_tape(lambda deck: deck.move(seconds))

    def action_live(self) -> None:
        """The station as it comes."""
        self.move_on_tape(lambda deck: deck.live())

    def action_beginning(self) -> None:
        """The programme from its beginning."""
        self.move_on_tape(lambda deck: deck.beginning())

    def action_to_mark(self, by: int) -> None:
        """The next mark, or the one before."""
        self.move_on_tape(lambda deck: deck.mark(by))

    def action_keep_song(self) -> None:
        """The song that is heard, or has just ended."""
        self._companion.deck.keep_song()

    def action_keep(self) -> None:
        """Choose what to keep."""
        from radiotui.ui.dialogs.keep import KeepScreen

        self.app.push_screen(KeepScreen(self, self._companion.deck))

    def action_record(self) -> None:
        """From here on, or no longer."""
        self._companion.deck.record()

    def action_sleep(self) -> None:
        """Choose when to fall silent."""
        from radiotui.ui.dialogs.sleep import SleepScreen

        self.app.push_screen(SleepScreen(self, self._companion.deck))

    def action_even(self) -> None:
        """Every stream as loud as the others, or as it comes."""
        self._companion.deck.even()
        even = self._companion.playback.even
        self._say("Every stream is as loud as the others" if even else "Loudness is left as it is")

    def action_mute_ads(self) -> None:
        """Silence during advertisements, or not."""
        self._companion.deck.mute_ads()
        muted = self._companion.playback.mute_ads
        self._say("Advertisements are muted" if muted else "Advertisements are heard")

    def action_tapes(self) -> None:
        """What the tapes cost."""
        from radiotui.ui.dialogs.tapes import TapesScreen

        self.app.push_screen(TapesScreen(self, self._companion.deck, lambda: self.station_list))
