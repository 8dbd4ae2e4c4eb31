"""Footer: the keys that can do something now, as many as fit."""

from __future__ import annotations

from collections.abc import Collection

from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from radiotui.player.state import PlayerState, PlayState, StreamSource
from radiotui.stations.model import StationList
from radiotui.ui.commands.keymap import Keymap, full_action
from radiotui.ui.commands.keys import FOOTER, FooterHint
from radiotui.ui.kit.content import trusted
from radiotui.ui.kit.key_hints import shown_key

_GAP = "   "
_FIRST_TO_GO = (
    "tape.record",
    "tape.keep_song",
    "tape.back",
    "player.louder",
    "player.stop",
    "pane.next",
    "story.listen",
    "tape.live",
    "player.pause",
)
"""Help, menu and quit lead to everything else, so they stay longest."""
_PAUSE_WORDS = {PlayState.PAUSED: "resume", PlayState.STOPPED: "play"}


class KeyBar(Widget):
    """One line; a click on a word does what its key does."""

    auto_links = False
    ALLOW_SELECT = False

    player_state: var[PlayerState] = var(PlayerState())
    station_list: var[StationList] = var(StationList())
    has_sound: var[bool] = var(False)
    """The story that is highlighted or open can be heard."""
    pause_word: reactive[str] = reactive("play")
    """Effect of the key for pausing now."""
    record_word: reactive[str] = reactive("record")
    idle: reactive[frozenset[str]] = reactive(frozenset())
    """Commands that can do nothing now."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def watch_player_state(self, player_state: PlayerState) -> None:
        """Follow the player; nothing is drawn again unless a word changes."""
        self.pause_word = _PAUSE_WORDS.get(player_state.state, "pause")
        self.record_word = "end recording" if player_state.recording else "record"
        self._mind_commands()

    def _mind_commands(self) -> None:
        player_state = self.player_state
        current, radio = player_state.current, player_state.radio
        heard = current.state is not PlayState.STOPPED
        is_taped = heard and radio is not None and isinstance(radio.source, StreamSource)
        can = {
            "player.pause": heard or bool(self.station_list.stations),
            "player.stop": heard,
            "tape.back": heard,
            "tape.live": current.is_behind and current.lag >= 1,
            "tape.keep_song": is_taped,
            "tape.record": is_taped or player_state.recording,
            "story.listen": self.has_sound,
        }
        self.idle = frozenset(command_id for command_id, is_able in can.items() if not is_able)

    watch_station_list = watch_has_sound = _mind_commands

    def render(self) -> Content:
        """The hints that fit."""
        hints = {
            command_id: self._hint(command_id, hint)
            for command_id, hint in FOOTER.items()
            if command_id not in self.idle
        }
        for command_id in _FIRST_TO_GO:
            if _width(hints.values()) > self.content_size.width:
                hints.pop(command_id, None)
        return Content(_GAP).join(hints.values())

    def _hint(self, command_id: str, hint: FooterHint) -> Content:
        ids = [command_id, hint.pair] if hint.pair else [command_id]
        keys = " ".join(shown_key(name, self._keymap) for name in ids)
        words = {"player.pause": self.pause_word, "tape.record": self.record_word}
        word = words.get(command_id, hint.word)
        action = full_action(command_id)
        return trusted(keys, "bold $accent", action) + trusted(f" {word}", "dim", action)


def _width(hints: Collection[Content]) -> int:
    return sum(hint.cell_length for hint in hints) + len(_GAP) * (len(hints) - 1)
