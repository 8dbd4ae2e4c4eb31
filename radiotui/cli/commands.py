"""Commands of the command line: each loads its modules when it is run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from radiotui.cli.invocation import (
    Arguments,
    companion_of,
    is_as_json,
    opml_file,
    run_screen,
    run_to_end,
)
from radiotui.problems import Problem

if TYPE_CHECKING:
    from radiotui.app.history_export import Form


def run_play(arguments: Arguments) -> int:
    """``play``."""
    from radiotui.cli.play import play

    return run_to_end(
        play(
            companion_of(arguments),
            arguments.what,
            seconds=arguments.seconds,
            as_json=is_as_json(arguments),
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
        as_json=is_as_json(arguments),
    )
    return run_to_end(record(companion_of(arguments), wish))


def run_now(arguments: Arguments) -> int:
    """``now``."""
    from radiotui.cli.now import now

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    return run_to_end(now(companion, arguments.station, as_json=as_json, explain=arguments.explain))


def run_day(arguments: Arguments) -> int:
    """``day``."""
    from radiotui.cli.day import day

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    return run_to_end(day(companion, arguments.station, arguments.day, as_json=as_json))


def run_belongs(arguments: Arguments) -> int:
    """``belongs``."""
    from radiotui.cli.belongings import belongs

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    return run_to_end(belongs(companion, arguments.station, arguments.programme, as_json=as_json))


def run_stories(arguments: Arguments) -> int:
    """``stories``."""
    from radiotui.cli.stories import stories

    return run_to_end(
        stories(
            companion_of(arguments),
            arguments.station,
            unread=arguments.unread,
            as_json=is_as_json(arguments),
        )
    )


def run_read(arguments: Arguments) -> int:
    """``read``."""
    from radiotui.cli.stories import read

    as_json, explain = is_as_json(arguments), arguments.explain
    return run_to_end(
        read(companion_of(arguments), arguments.address, as_json=as_json, explain=explain)
    )


def run_search(arguments: Arguments) -> int:
    """``search``."""
    from radiotui.cli.stories import search

    words = " ".join(arguments.words)
    return run_to_end(search(companion_of(arguments), words, as_json=is_as_json(arguments)))


def run_heard(arguments: Arguments) -> int:
    """``heard``."""
    from radiotui.cli.history import heard

    form: Form = "json" if is_as_json(arguments) else "csv" if arguments.csv else "text"
    return run_to_end(
        heard(
            companion_of(arguments),
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

    companion = companion_of(arguments)
    match arguments.action:
        case "add":
            return run_to_end(feeds.add_feed(companion, arguments.address, folder=arguments.folder))
        case "remove":
            return run_to_end(feeds.remove_feed(companion, arguments.url))
        case "refresh":
            as_json = is_as_json(arguments)
            return run_to_end(feeds.refresh_feeds(companion, arguments.url, as_json=as_json))
        case "import":
            return run_to_end(feeds.import_feeds(companion, opml_file(arguments)))
        case "export":
            return run_to_end(feeds.export_feeds(companion, arguments.file))
    return run_to_end(feeds.list_feeds(companion, as_json=is_as_json(arguments)))


def run_recordings(arguments: Arguments) -> int:
    """``recordings`` with its actions."""
    from radiotui.cli import recordings

    companion, as_json = companion_of(arguments), is_as_json(arguments)
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
    return run_to_end(work)


def run_stations(arguments: Arguments) -> int:
    """``stations`` with its actions."""
    from radiotui.cli import stations

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    match arguments.action:
        case "check":
            takes = arguments.takes
            listens = arguments.listens or takes
            work = stations.check_stations(companion, listens=listens, takes=takes, as_json=as_json)
            return run_to_end(work)
        case "find":
            words = " ".join(arguments.words)
            return run_to_end(stations.find_stations(companion, words, as_json=as_json))
        case "add":
            return run_to_end(stations.add_stations(companion, arguments.entries, as_json=as_json))
    return run_to_end(stations.list_stations(companion, as_json=as_json))


def run_station_edit(arguments: Arguments) -> int:
    """``stations`` with an action that edits the list, or exchanges it."""
    from radiotui.cli import own_stations as stations

    companion = companion_of(arguments)
    station = getattr(arguments, "station", "")
    match arguments.action:
        case "import":
            code = run_to_end(stations.import_stations(companion, arguments.source))
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

    companion, as_json = companion_of(arguments), is_as_json(arguments)
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
    return run_to_end(work)


def run_alarm(arguments: Arguments) -> int:
    """``alarm``: set, listed, off, or rung by a timer."""
    import argparse

    from radiotui.cli import alarm
    from radiotui.cli.arguments import count, time_of_day

    companion, as_json = companion_of(arguments), is_as_json(arguments)
    words: list[str] = arguments.words
    try:
        if arguments.ring is not None:
            return run_to_end(alarm.ring_alarm(companion, arguments.ring))
        if not words:
            return run_to_end(alarm.list_alarms(companion, as_json=as_json))
        if words[0] == "off":
            alarm_id = count(words[1]) if len(words) > 1 else None
            return run_to_end(alarm.remove_alarms(companion, alarm_id))
        at = time_of_day(words[0])
    except argparse.ArgumentTypeError as error:
        raise Problem(str(error), "radiotui alarm 6:45 knau · radiotui alarm off") from None
    if len(words) != 2:
        raise Problem("an alarm needs a time and a station", "radiotui alarm 6:45 knau")
    problem = run_to_end(alarm.set_alarm(companion, at, words[1], arguments.days, as_json=as_json))
    if problem is not None and sys.stdout.isatty() and sys.stdin.isatty() and not as_json:
        # Nothing else rings it: wait for it on the screen.
        return run_screen(arguments)
    return 0


def run_doctor(arguments: Arguments) -> int:
    """``doctor``."""
    from radiotui.cli.doctor import doctor

    return run_to_end(doctor(companion_of(arguments), as_json=is_as_json(arguments)))
