"""The Textual app: settings, keymap, theme, faults, and the Companion's life."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import ClassVar

from textual import events, work
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme

from radiotui.app.companion import Companion, Update
from radiotui.app.saved_theme import SavedTheme
from radiotui.problems import Problem, as_problem
from radiotui.text import nearest
from radiotui.ui.commands.keymap import APP_ACTIONS, app_bindings, read_keymap
from radiotui.ui.kit.fault_barrier import FaultBarrier, FaultBurst
from radiotui.ui.kit.messages import Opened, as_message
from radiotui.ui.kit.textual_private import GuardedApp, apply_colour_filter, is_running
from radiotui.ui.screens.main import MainScreen
from radiotui.ui.screens.view import keep_zones
from radiotui.ui.terminal import screen_alone, trim_log
from radiotui.ui.themes import DEFAULT, THEMES, variables_of_others

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 0.85


def _palette() -> type[Provider]:
    from radiotui.ui.palette import CommandProvider

    return CommandProvider


class RadioApp(FaultBarrier, GuardedApp[None]):
    """radiotui's screen over a loaded Companion, which it opens and closes."""

    CSS_PATH = "app.tcss"
    TITLE = "radiotui"
    BINDINGS: ClassVar[list[BindingType]] = app_bindings()
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-tiny"),
        (60, "-narrow"),
        (80, "-medium"),
        (120, "-wide"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (16, "-short"), (24, "-tall")]  # noqa: RUF012

    # Textual's own is applied once more after the start, which costs a tenth of the first paint.
    theme: Reactive[str] = Reactive(DEFAULT, init=False)

    def __init__(
        self,
        companion: Companion,
        *,
        play: str | None = None,
        saved_theme: SavedTheme | None = None,
    ) -> None:
        # Without it NO_COLOR would be shades of grey in truecolor.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.companion = companion
        self.fault: Exception | None = None
        """The exception that ended the program."""
        self._play = play
        self._fault_burst = FaultBurst()
        self.keymap, self._wrong_settings = read_keymap(companion.settings.keys)
        self.set_keymap(self.keymap)
        self._saved_theme = saved_theme
        chosen = companion.settings.theme
        self._choose_theme(saved_theme.read(chosen) if saved_theme else chosen)
        self.main = MainScreen(companion, self.keymap)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours of a story that Textual's own themes do not have."""
        return dict(variables_of_others(self.current_theme))

    def get_css_variables(self) -> dict[str, str]:
        """Variables of the theme; none before the program's themes are known."""
        return super().get_css_variables() if DEFAULT in self.available_themes else {}

    def _choose_theme(self, name: str) -> None:
        for theme in THEMES:
            self.register_theme(theme)
        if name not in self.available_themes:
            meant = nearest(name, list(self.available_themes))
            hint = f"did you mean {meant}?" if meant else f"there is {DEFAULT}, for one"
            self._wrong_settings.append(Problem(f"settings: there is no theme {name!r}", hint))
            name = DEFAULT
        self.set_reactive(RadioApp.theme, name)
        dark = self.current_theme.dark
        self.update_classes({"-dark-mode": dark, "-light-mode": not dark}, update=False)
        self.stylesheet.set_variables(self.get_css_variables())
        apply_colour_filter(self)

    def get_default_screen(self) -> Screen[None]:
        """The one screen."""
        self.main.fit(*self.size)
        return self.main

    def on_mount(self) -> None:
        """Listen to the services, and start them once there is something to see."""
        self.companion.subscribe(self._post)
        for problem in self._wrong_settings:
            self.main.report(problem)
        self.set_interval(600, trim_log)
        self.theme_changed_signal.subscribe(self, self._remember_theme)
        self.call_after_refresh(self._open)

    async def on_unmount(self) -> None:
        """End the services; the terminal is the shell's again already."""
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self.companion.close()
        except TimeoutError:
            log.warning("left behind while closing")
        except Problem as problem:
            log.warning("%s (%s)", problem, problem.detail)

    @work(group="open", exit_on_error=False)
    async def _open(self) -> None:
        try:
            # Nothing of the first screen is told in another zone, while nothing is heard.
            await asyncio.to_thread(keep_zones, self.main, self.companion.station_list)
            await self.companion.open()
        finally:
            if not gc.isenabled():
                # The command line has put it off until now: what is there stays.
                gc.freeze()
                gc.enable()
        self.main.post_message(Opened(self._play))

    def _post(self, update: Update) -> None:
        self.main.post_message(as_message(update, moving=self.main.moving))

    async def run_command(self, command_id: str) -> None:
        """Run a command of the table, whatever lies over the main screen."""
        action = APP_ACTIONS.get(command_id)
        if action is not None:
            await self.run_action(action, self)
        else:
            self.main.action_do(command_id)

    def action_command_palette(self) -> None:
        """Every command, found by its words."""
        from radiotui.ui.palette import CommandSearch, command_search

        if not isinstance(self.screen, CommandSearch):
            self.push_screen(command_search())

    def search_themes(self) -> None:
        """Every theme, found by its name."""
        from radiotui.ui.palette import theme_search

        self.push_screen(theme_search())

    def action_help(self) -> None:
        """Every key."""
        from radiotui.ui.dialogs.help import HelpScreen

        self.push_screen(HelpScreen(self.keymap))

    async def action_quit(self) -> None:
        """End the program; once that was asked, where a recording ends or would be missed."""
        from radiotui.ui.dialogs.confirm import ConfirmScreen, quit_question

        running = self.companion.player_state.recordings
        unguarded = self.companion.marks.unguarded()
        if not (running or unguarded) or isinstance(self.screen, ConfirmScreen):
            self.exit()
            return

        def end(sure: bool | None) -> None:
            if sure:
                self.exit()

        question = quit_question(running, unguarded, self.companion.clock())
        self.push_screen(ConfirmScreen(self.keymap, *question), end)

    async def action_help_quit(self) -> None:  # type: ignore[override]
        """Quit with Textual's own key for it, as with the program's."""
        await self.action_quit()

    def _remember_theme(self, theme: Theme) -> None:
        if self._saved_theme is not None:
            saving = asyncio.to_thread(
                self._saved_theme.write, self.companion.settings.theme, theme.name
            )
            self.run_worker(saving, group="theme", exit_on_error=False)

    def action_theme(self) -> None:
        """The next of radiotui's themes."""
        names = [theme.name for theme in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def survive(self, error: Exception) -> bool:
        """Log an exception and show it in one line; False where the program could not begin."""
        endless = False
        if not isinstance(error, Problem):
            log.error("unexpected", exc_info=error)
            endless = self._fault_burst.add(time.monotonic())
        if is_running(self) and not endless:
            self.main.report(as_problem(error))
            return True
        self.fault = error
        return False

    async def on_event(self, event: events.Event) -> None:
        """Tell what the listener does from what comes by itself."""
        if isinstance(event, events.Key | events.MouseDown):
            self._fault_burst.begin_anew()
        await super().on_event(event)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this system; in a terminal of Unix, one that sees it go away."""
        driver_class = super().get_driver_class()
        if driver_class.__name__ != "LinuxDriver":
            return driver_class
        from radiotui.ui.kit.terminal_driver import TerminalDriver

        return TerminalDriver


def run(companion: Companion, *, play: str | None = None) -> int:
    """Show the screen until the listener quits. Gives the exit code."""
    log = companion.options.folders.log / "radiotui.log"
    with screen_alone(log):
        saved_theme = SavedTheme(companion.options.folders.data / "theme")
        app = RadioApp(companion, play=play, saved_theme=saved_theme)
        asyncio.run(_main(app))
    if app.fault is not None:
        print(f"radiotui had to stop: {as_problem(app.fault)}\n{log}", file=sys.stderr)
        return 1
    return app.return_code or 0


async def _main(app: RadioApp) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGHUP"):
        loop.add_signal_handler(getattr(signal, name), app.exit)
    await app.run_async()
