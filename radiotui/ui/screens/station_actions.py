"""Commands on the station list: finding stations, ordering, grouping, renaming, removing them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any

from radiotui.stations.fields import TEST_SIGNAL
from radiotui.stations.model import Station
from radiotui.ui.screens.view import MainView, is_on_station


def own_station(view: MainView) -> Station | None:
    """The station of the list that is highlighted; the Test Signal is nobody's."""
    chosen = view.air.chosen if is_on_station(view) else None
    if chosen is None or chosen[0].id == TEST_SIGNAL or chosen[0].announced:
        return None
    return chosen[0]


def find(view: MainView) -> None:
    """Find stations in directories; the one that was added last is highlighted then."""
    from radiotui.ui.dialogs.find_stations import FindStationsScreen

    def end(added: str | None) -> None:
        if added:
            view.air.choose(added)

    view.app.push_screen(FindStationsScreen(view.keymap, view, view.companion), end)


def move(view: MainView, *, by: int) -> None:
    """Put the highlighted station before the one above it, or after the one below."""
    _edit(view, lambda station: _move(view, station, by))


async def _move(view: MainView, station: Station, by: int) -> None:
    if not await view.companion.own_stations.move_by(station.id, by):
        view.say("It is the first one" if by < 0 else "It is the last one")


def rename(view: MainView) -> None:
    """Type another name for the highlighted station."""
    from radiotui.ui.dialogs.rename import RenameScreen

    def ask(station: Station) -> None:
        def end(name: str | None) -> None:
            if name:
                _start(view, _rename(view, station, name))

        words = "The name in the station list"
        view.app.push_screen(RenameScreen(view.keymap, station.name, words), end)

    _with_station(view, ask)


async def _rename(view: MainView, station: Station, name: str) -> None:
    await view.companion.own_stations.edit(lambda edits: edits.rename(station.id, name))
    view.say(f"It is called {name} now · {view.key('stations.undo')} undoes")


def regroup(view: MainView) -> None:
    """Type the name of the group that the highlighted station is to stand in."""
    from radiotui.ui.dialogs.rename import RenameScreen

    groups = list(dict.fromkeys(filter(None, (s.group for s in view.station_list.stations))))

    def ask(station: Station) -> None:
        def end(group: str | None) -> None:
            if group is not None:
                _start(view, _regroup(view, station, group))

        words = f"Groups so far: {', '.join(groups)}" if groups else "There are no groups yet"
        sheet = RenameScreen(
            view.keymap, station.group, words, heading="Group", may_be_empty=True, names=groups
        )
        view.app.push_screen(sheet, end)

    _with_station(view, ask)


async def _regroup(view: MainView, station: Station, group: str) -> None:
    await view.companion.own_stations.edit(
        lambda edits: edits.regroup(station.id, group, by_group=True)
    )
    where = f"stands under {group} now" if group else "is in no group now"
    view.say(f"{station.name} {where} · {view.key('stations.undo')} undoes")


def remove(view: MainView) -> None:
    """Take the highlighted station out of the list; that can be undone."""
    _edit(view, lambda station: _remove(view, station))


async def _remove(view: MainView, station: Station) -> None:
    name = await view.companion.own_stations.edit(lambda edits: edits.remove(station.id))
    view.say(f"{name} is not in the list any more · {view.key('stations.undo')} puts it back")


def undo(view: MainView) -> None:
    """Take back the last change of the station list."""
    _start(view, _undo(view))


async def _undo(view: MainView) -> None:
    own_stations = view.companion.own_stations
    before = {station.id for station in own_stations.stations}
    words = await own_stations.edit(lambda edits: edits.undo())
    again = [station.id for station in own_stations.stations if station.id not in before]
    if again:
        view.show(own_stations.station_list)
        view.air.choose(again[0])
    view.say(f"Undone: {words}")


def check(view: MainView) -> None:
    """Try every stream of the list."""
    from radiotui.ui.dialogs.check_stations import CheckStationsScreen

    view.app.push_screen(CheckStationsScreen(view.keymap, view.companion))


def _edit(view: MainView, change: Callable[[Station], Coroutine[Any, Any, None]]) -> None:
    _with_station(view, lambda station: _start(view, change(station)))


def _with_station(view: MainView, use: Callable[[Station], None]) -> None:
    """Use the highlighted station, where there is one."""
    station = own_station(view)
    if station is not None:
        use(station)


def _start(view: MainView, change: Coroutine[Any, Any, None]) -> None:
    # A Problem is reported with the worker's end.
    view.run_worker(change, group="stations", exit_on_error=False)


ACTIONS: Mapping[str, Callable[[MainView], None]] = {
    "stations.find": find,
    "stations.earlier": partial(move, by=-1),
    "stations.later": partial(move, by=1),
    "stations.rename": rename,
    "stations.group": regroup,
    "stations.remove": remove,
    "stations.check": check,
    "stations.undo": undo,
}
