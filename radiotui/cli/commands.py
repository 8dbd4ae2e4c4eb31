"""Commands of the command line: each loads its modules when it is run."""

from __future__ import annotations

import sys
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeVar

from radiotui.config import Folders
from radiotui.problems import Problem

_T = TypeVar("_T")

if TYPE_CHECKING:
    from radiotui.app.companion import Companion
    from radiotui.app.history_export import Form


class Arguments(SimpleNamespace):
    """Arguments of a command, as they were typed."""


def run_screen(arguments: Arguments) -> int:
    """The screen."""
    import gc

    # What is made on the way to the first screen stays; the app turns this on again behind it.
    gc.disable()
    from radiotui.ui.app import run

    if not sys.stdout.isatty():
        raise Problem("radiotui needs a terminal", "'radiotui --help' lists what works without one")
    companion = _companion(arguments)
    play = getattr(arguments, "play", None)
    if play is not None:
        companion.station_list.find(play)
    return run(companion, play=play)


def run_play(arguments: Arguments) -> int:
    """``play``."""
    from radiotui.cli.play import play

    return _run(
        play(
            _companion(arguments),
            arguments.what,
            seconds=arguments.seconds,
            as_json=_as_json(arguments),
        )
    )


def run_record(arguments: Arguments) -> int:
    """``record``."""
    from radiotui.cli.record import RecordOptions, record

    wish = RecordOptions(
        arguments.station,
        seconds=arguments.seconds,
        at=arguments.at,
        programme=arguments.programme,
        mark=arguments.mark,
        folder=arguments.folder,
        as_json=_as_json(arguments),
    )
    return _run(record(_companion(arguments), wish))


def run_now(arguments: Arguments) -> int:
    """``now``."""
    from radiotui.cli.now import now

    companion, as_json = _companion(arguments), _as_json(arguments)
    return _run(now(companion, arguments.station, as_json=as_json, explain=arguments.explain))


def run_day(arguments: Arguments) -> int:
    """``day``."""
    from radiotui.cli.day import day

    companion, as_json = _companion(arguments), _as_json(arguments)
    return _run(day(companion, arguments.station, arguments.day, as_json=as_json))


def run_belongs(arguments: Arguments) -> int:
    """``belongs``."""
    from radiotui.cli.belongings import belongs

    companion, as_json = _companion(arguments), _as_json(arguments)
    return _run(belongs(companion, arguments.station, arguments.programme, as_json=as_json))


def run_stories(arguments: Arguments) -> int:
    """``stories``."""
    from radiotui.cli.stories import stories

    return _run(
        stories(
            _companion(arguments),
            arguments.station,
            unread=arguments.unread,
            as_json=_as_json(arguments),
        )
    )


def run_read(arguments: Arguments) -> int:
    """``read``."""
    from radiotui.cli.stories import read

    as_json, explain = _as_json(arguments), arguments.explain
    return _run(read(_companion(arguments), arguments.address, as_json=as_json, explain=explain))


def run_search(arguments: Arguments) -> int:
    """``search``."""
    from radiotui.cli.stories import search

    words = " ".join(arguments.words)
    return _run(search(_companion(arguments), words, as_json=_as_json(arguments)))


def run_heard(arguments: Arguments) -> int:
    """``heard``."""
    from radiotui.cli.history import heard

    form: Form = "json" if _as_json(arguments) else "csv" if arguments.csv else "text"
    return _run(
        heard(
            _companion(arguments),
            " ".join(arguments.words),
            station=arguments.station,
            since=arguments.since,
            starred=arguments.starred,
            limit=arguments.limit,
            form=form,
        )
    )


def run_feeds(arguments: Arguments) -> int:
    """``feeds`` with its actions."""
    from radiotui.cli import feeds

    companion = _companion(arguments)
    match arguments.action:
        case "add":
            return _run(feeds.add_feed(companion, arguments.address, folder=arguments.folder))
        case "remove":
            return _run(feeds.remove_feed(companion, arguments.url))
        case "refresh":
            as_json = _as_json(arguments)
            return _run(feeds.refresh_feeds(companion, arguments.url, as_json=as_json))
        case "import":
            return _run(feeds.import_feeds(companion, _opml_file(arguments)))
        case "export":
            return _run(feeds.export_feeds(companion, arguments.file))
    return _run(feeds.list_feeds(companion, as_json=_as_json(arguments)))


def _opml_file(arguments: Arguments) -> Path:
    path: Path = arguments.file
    return Path("/dev/stdin") if str(path) == "-" else path


def run_podcasts(arguments: Arguments) -> int:
    """``podcasts`` with its actions."""
    from radiotui.cli import podcasts
    from radiotui.cli.podcast_changes import ACTIONS

    companion, as_json, name = _companion(arguments), _as_json(arguments), arguments.name
    if arguments.action in ACTIONS:
        return _run(ACTIONS[arguments.action](companion, arguments))
    match arguments.action:
        case "add":
            work = podcasts.add_podcast(companion, arguments.address)
        case "remove":
            work = podcasts.remove_podcast(companion, name)
        case "refresh":
            work = podcasts.refresh_podcasts(companion, name, as_json=as_json)
        case "chapters":
            work = podcasts.list_chapters(companion, arguments.episode, as_json=as_json)
        case "transcript":
            episode, language = arguments.episode, arguments.language
            work = podcasts.print_transcript(companion, episode, language=language, as_json=as_json)
        case "import":
            work = podcasts.import_podcasts(companion, _opml_file(arguments))
        case "export":
            work = podcasts.export_podcasts(companion, arguments.file, played=arguments.played)
        case _ if name:
            work = podcasts.list_episodes(companion, name, as_json=as_json)
        case _:
            work = podcasts.list_podcasts(companion, as_json=as_json)
    return _run(work)


def run_sync(arguments: Arguments) -> int:
    """``sync`` with its actions."""
    from radiotui.cli import sync

    companion, as_json = _companion(arguments), _as_json(arguments)
    match arguments.action:
        case "status":
            work = sync.print_status(companion, as_json=as_json)
        case "password":
            work = sync.give_sync_password(companion, from_stdin=arguments.stdin)
        case "login":
            work = sync.log_in(companion)
        case _:
            work = sync.synchronise(companion, as_json=as_json)
    return _run(work)


def run_queue(arguments: Arguments) -> int:
    """``podcasts queue`` with its actions."""
    from radiotui.cli.queue import QueueCommand

    command = QueueCommand(_companion(arguments), as_json=_as_json(arguments))
    return _run(command.run(arguments))


def run_downloads(arguments: Arguments) -> int:
    """``podcasts`` with an action about files of episodes."""
    from radiotui.cli import downloads

    companion, as_json = _companion(arguments), _as_json(arguments)
    if arguments.action == "download":
        work = downloads.download_episodes(companion, arguments.episodes, as_json=as_json)
    elif arguments.remove:
        work = downloads.remove_downloads(companion, arguments.remove, as_json=as_json)
    else:
        work = downloads.list_downloads(companion, as_json=as_json)
    return _run(work)


def run_clips(arguments: Arguments) -> int:
    """``podcasts clips`` with its actions."""
    from radiotui.cli import clips

    companion, as_json = _companion(arguments), _as_json(arguments)
    match arguments.clip_action:
        case "export":
            folder = arguments.output
            work = clips.export_clip(companion, arguments.number, folder, as_json=as_json)
        case "remove":
            work = clips.remove_clip(companion, arguments.number, as_json=as_json)
        case _:
            work = clips.list_clips(companion, " ".join(arguments.words), as_json=as_json)
    return _run(work)


def run_podcast_settings(arguments: Arguments) -> int:
    """Action ``podcasts set``."""
    from radiotui.cli.podcast_settings import set_podcast

    companion, as_json = _companion(arguments), _as_json(arguments)
    return _run(set_podcast(companion, arguments.name, arguments.settings, as_json=as_json))


def run_recordings(arguments: Arguments) -> int:
    """``recordings`` with its actions."""
    from radiotui.cli import recordings

    companion, as_json = _companion(arguments), _as_json(arguments)
    name = getattr(arguments, "name", "")
    match arguments.action:
        case "play":
            seconds = arguments.seconds
            work = recordings.play_recording(companion, name, seconds=seconds, as_json=as_json)
        case "rename":
            title = arguments.title
            work = recordings.rename_recording(companion, name, title, as_json=as_json)
        case "delete":
            for_good = arguments.for_good
            work = recordings.delete_recording(companion, name, for_good=for_good, as_json=as_json)
        case "undo":
            work = recordings.bring_back_recording(companion, as_json=as_json)
        case _:
            words = " ".join(arguments.words)
            work = recordings.list_recordings(companion, words, as_json=as_json)
    return _run(work)


def run_stations(arguments: Arguments) -> int:
    """``stations`` with its actions."""
    from radiotui.cli import stations

    companion, as_json = _companion(arguments), _as_json(arguments)
    match arguments.action:
        case "check":
            takes = arguments.takes
            listens = arguments.listens or takes
            work = stations.check_stations(companion, listens=listens, takes=takes, as_json=as_json)
            return _run(work)
        case "find":
            words = " ".join(arguments.words)
            return _run(stations.find_stations(companion, words, as_json=as_json))
        case "add":
            return _run(stations.add_stations(companion, arguments.entries, as_json=as_json))
    return _run(stations.list_stations(companion, as_json=as_json))


def run_station_edit(arguments: Arguments) -> int:
    """``stations`` with an action that edits the list, or exchanges it."""
    from radiotui.cli import own_stations as stations

    companion = _companion(arguments)
    station = getattr(arguments, "station", "")
    match arguments.action:
        case "import":
            code = _run(stations.import_stations(companion, arguments.source))
        case "export":
            code = stations.export_stations(companion, arguments.file, arguments.form)
        case "rename":
            code = stations.rename_station(companion, station, arguments.name)
        case "remove":
            code = stations.remove_station(companion, station)
        case "group":
            code = stations.group_station(companion, station, arguments.group)
        case "move":
            anchor = arguments.before or arguments.after or ""
            is_after = bool(arguments.after or arguments.last)
            code = stations.move_station(companion, station, anchor, is_after=is_after)
        case _:
            code = stations.undo_edit(companion)
    return code


def run_marks(arguments: Arguments) -> int:
    """``marks`` with its actions."""
    from radiotui.cli import marks

    companion, as_json = _companion(arguments), _as_json(arguments)
    match arguments.action:
        case "add":
            work = marks.add_mark(
                companion,
                arguments.station,
                " ".join(arguments.title),
                arguments.mark_action,
                weekly=arguments.weekly,
                as_json=as_json,
            )
        case "remove":
            work = marks.remove_mark(companion, arguments.mark)
        case _:
            work = marks.list_marks(companion, as_json=as_json)
    return _run(work)


def run_alarm(arguments: Arguments) -> int:
    """``alarm``: set, listed, off, or rung by a timer."""
    import argparse

    from radiotui.cli import alarm
    from radiotui.cli.arguments import count, time_of_day

    companion, as_json = _companion(arguments), _as_json(arguments)
    words: list[str] = arguments.words
    try:
        if arguments.ring is not None:
            return _run(alarm.ring_alarm(companion, arguments.ring))
        if not words:
            return _run(alarm.list_alarms(companion, as_json=as_json))
        if words[0] == "off":
            alarm_id = count(words[1]) if len(words) > 1 else None
            return _run(alarm.remove_alarms(companion, alarm_id))
        at = time_of_day(words[0])
    except argparse.ArgumentTypeError as error:
        raise Problem(str(error), "radiotui alarm 6:45 knau · radiotui alarm off") from None
    if len(words) != 2:
        raise Problem("an alarm needs a time and a station", "radiotui alarm 6:45 knau")
    problem = _run(alarm.set_alarm(companion, at, words[1], arguments.days, as_json=as_json))
    if problem is not None and sys.stdout.isatty() and sys.stdin.isatty() and not as_json:
        # Nothing else rings it: wait for it on the screen.
        return run_screen(arguments)
    return 0


def run_doctor(arguments: Arguments) -> int:
    """``doctor``."""
    from radiotui.cli.doctor import doctor

    return _run(doctor(_companion(arguments), as_json=_as_json(arguments)))


def _as_json(arguments: Arguments) -> bool:
    return bool(getattr(arguments, "json", False))


def _companion(arguments: Arguments) -> Companion:
    from radiotui.app.companion import Companion, Options

    stations = _named_file(arguments, "stations", "names a station list")
    config = _named_file(arguments, "config", "names a settings file")
    folders = Folders()
    folders.keep_private()
    companion = Companion(
        Options(
            stations=stations,
            config=config,
            engine=getattr(arguments, "engine", None),
            demo=getattr(arguments, "demo", False),
            folders=folders,
        )
    )
    companion.load()
    return companion


def _named_file(arguments: Arguments, option: str, purpose: str) -> Path | None:
    """The file that an option names. Raises Problem where there is none."""
    path: Path | None = getattr(arguments, option, None)
    if path is not None and not path.exists():
        raise Problem(f"there is no file {path}", f"--{option} {purpose}")
    if path is not None and path.is_dir():
        raise Problem(f"{path} is a folder", f"--{option} {purpose}")
    return path


def _run(work: Coroutine[Any, Any, _T]) -> _T:
    import asyncio

    from radiotui.cli.log import log_to_file

    log_to_file()
    return asyncio.run(work)
