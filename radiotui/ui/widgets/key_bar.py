"""Footer: the keys that are needed most, as many as fit."""

from __future__ import annotations

from collections.abc import Collection

from textual.content import Content
from textual.reactive import reactive, var
from textual.widget import Widget

from radiotui.player.state import PlayerState, PlayState
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
    "player.pause",
)
"""Help, menu and quit lead to everything else, so they stay longest."""
_PAUSE_WORDS = {PlayState.PAUSED: "resume", PlayState.STOPPED: "play"}


class KeyBar(Widget):
    """One line; a click on a word does what its key does."""

    auto_links = False
    ALLOW_SELECT = False

    player_state: var[PlayerState] = var(PlayerState())
    pause_word: reactive[str] = reactive("play")
    """Effect of the key for pausing now."""
    record_word: reactive[str] = reactive("record")

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def watch_player_state(self, player_state: PlayerState) -> None:
        """Follow the player; nothing is drawn again unless the word changes."""
        self.pause_word = _PAUSE_WORDS.get(player_state.state, "pause")
        self.record_word = "end recording" if player_state.recording else "record"

    def render(self) -> Content:
        """The hints that fit."""
        hints = {command_id: self._hint(command_id, hint) for command_id, hint in FOOTER.items()}
        for command_id in _FIRST_TO_GO:
            if _width(hints.values()) > self.content_size.width:
                del hints[command_id]
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
