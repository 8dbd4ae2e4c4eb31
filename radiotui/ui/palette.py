"""Palette: finds every command, every stream, every theme."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.theme import ThemeProvider

from radiotui.app.command import Command
from radiotui.app.commands import MAIN_COMMANDS, MOVING
from radiotui.app.intents import Tune
from radiotui.ui.commands.key_words import keys_words
from radiotui.ui.commands.keymap import keys_of
from radiotui.ui.kit.content import trusted, untrusted
from radiotui.ui.themes import THEMES

if TYPE_CHECKING:
    from radiotui.ui.app import RadioApp


class CommandSearch(CommandPalette):
    """Textual's palette as a sheet of this program. Its style is no part of the first screen's."""

    DEFAULT_CSS = """
    CommandSearch > #--container {
        width: 68;
        max-width: 96%;
        margin-top: 2;
        background: transparent;
    }

    CommandSearch SearchIcon {
        display: none;
    }

    CommandSearch #--input, CommandSearch #--input.--list-visible {
        height: 3;
        border: round $border;
        background: $panel;
        padding: 0 1;
    }

    CommandSearch CommandInput, CommandSearch CommandInput:focus {
        border: none;
        height: 1;
    }

    CommandSearch CommandList {
        border: round $border-blurred;
        background: $panel;
        padding: 0 1;
        max-height: 60vh;
        scrollbar-size-vertical: 1;
    }

    CommandSearch CommandList > .option-list--option {
        text-style: none;
    }

    CommandSearch CommandList > .option-list--option-highlighted {
        background: $block-cursor-background;
        color: $block-cursor-foreground;
        text-style: $block-cursor-text-style;
    }

    CommandSearch CommandList:ansi > .option-list--option-highlighted {
        background: ansi_yellow;
        color: ansi_black;
    }

    CommandSearch CommandList:nocolor > .option-list--option-highlighted {
        text-style: bold underline;
    }
    """


def command_search() -> CommandSearch:
    """The palette of every command."""
    return CommandSearch(id="--command-palette")


def theme_search() -> CommandSearch:
    """The palette of every theme."""
    return CommandSearch([ThemeProvider], placeholder="Search for themes…")


class _PaletteHit(NamedTuple):
    title: str
    words: Content
    run: Callable[[], Awaitable[object] | object]
    offered: bool = True
    """It is shown before anything was typed."""


class CommandProvider(Provider):
    """Searches by what is written on the line; foreign text stays text there."""

    @property
    def _radio(self) -> RadioApp:
        return cast("RadioApp", self.app)

    async def discover(self) -> Hits:
        """Hits before anything was typed."""
        for hit in self._all():
            if hit.offered:
                yield DiscoveryHit(hit.words, hit.run, hit.title)

    async def search(self, query: str) -> Hits:
        """Hits for the words that were typed."""
        matcher = self.matcher(query)
        for hit in self._all():
            score, places = matcher.fuzzy_search.match(query, hit.title)
            if score > 0:
                words = hit.words
                for place in places:
                    words = words.stylize("bold underline", place, place + 1)
                yield Hit(score, words, hit.run, hit.title)

    def _all(self) -> Iterator[_PaletteHit]:
        situation = self._radio.main.situation
        for command in MAIN_COMMANDS:
            if command.id != "app.palette" and command.when(situation):
                yield self._command(command)
        for station in self._radio.companion.station_list.stations:
            for stream in station.streams:
                words = trusted("Tune to ") + untrusted(station.name)
                if len(station.streams) > 1:
                    words += trusted(" · ") + untrusted(stream.name)
                tune = partial(self._radio.companion.do, Tune(station.id, stream.id))
                yield _PaletteHit(words.plain, words, tune, offered=False)
        for section in self._radio.main.sections:
            kind = "Episodes: " if section.is_of_podcasts else "Stories: "
            words = trusted(kind) + untrusted(section.name)
            look = partial(self._radio.main.open_section, section.key)
            yield _PaletteHit(words.plain, words, look, offered=False)
        for theme in THEMES:
            use = partial(setattr, self._radio, "theme", theme.name)
            name = theme.name.removeprefix("radiotui-")
            yield _PaletteHit(f"Theme: {name}", trusted(f"Theme: {name}"), use, offered=False)
        title = "Theme: others…"
        yield _PaletteHit(title, trusted(title), self._radio.search_themes, offered=False)

    def _command(self, command: Command) -> _PaletteHit:
        keys = keys_words(keys_of(command.id, self._radio.keymap))
        run = partial(self._radio.run_command, command.id)
        words = trusted(f"{command.title:<36}") + trusted(keys, "dim")
        return _PaletteHit(command.title, words, run, offered=command.group != MOVING)
