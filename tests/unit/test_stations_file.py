"""The station list as a listener writes it, rightly and wrongly."""

import os
import threading
from datetime import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiotui.stations.file import read_station_list
from radiotui.stations.model import OwnFeed, StationList
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES

GOOD = """\
[[station]]
id = "good"
name = "Good Radio"

  [[station.stream]]
  id = "live"
  url = "http://good.example/live"
"""
WRONG_STATION = "Bad Radio is left out until this is mended"


def bad(station: str = "", stream: str = "", *, url: str = 'url = "http://bad.example/"') -> str:
    """A good station, and from line 9 a second: ``station`` is line 12, ``stream`` line 16."""
    return (
        GOOD
        + f'\n[[station]]\nid = "bad"\nname = "Bad Radio"\n{station}\n'
        + f'[[station.stream]]\nid = "live"\n{url}\n{stream}\n'
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stations.toml"


def read(path: Path, text: str, last: StationList | None = None) -> StationList:
    path.write_bytes(text.encode())
    return read_station_list(path, last)


def ids(station_list: StationList) -> list[str]:
    return [station.id for station in station_list.stations]


def titles(station_list: StationList) -> list[str]:
    return [problem.title for problem in station_list.problems]


LEFT_OUT = {
    "a number for an address": (
        bad(url="url = 3"),
        "stations.toml:15: stream.url: expected text or a list of texts, got 3",
    ),
    "a number among addresses": (
        bad(url='url = [\n"http://a.example/",\n3]'),
        "stations.toml:15: stream.url: expected text or a list of texts, got 3 in the list",
    ),
    "no address": (
        bad(url="url = []"),
        "stations.toml:15: stream.url: expected at least one address, got an empty list",
    ),
    "no url": (
        bad(url=""),
        'stations.toml:13: stream.url: is missing, write url = "https://…"',
    ),
    "a scheme with a typo": (
        bad(url='url = "htps://bad.example/live"'),
        "stations.toml:15: stream.url: expected http:// or https://, got "
        '"htps://bad.example/live", did you mean https://?',
    ),
    "another scheme": (
        bad(url='url = "file:///etc/passwd"'),
        'stations.toml:15: stream.url: expected http:// or https://, got "file:///etc/passwd"',
    ),
    "a forgotten colon": (
        bad(url='url = "http//bad.example/live"'),
        "stations.toml:15: stream.url: expected an address that begins with http:// or https://, "
        'got "http//bad.example/live"',
    ),
    "no scheme": (
        bad('homepage = "www.bad.example"'),
        "stations.toml:12: station.homepage: expected an address that begins with http:// or "
        'https://, got "www.bad.example"',
    ),
    "no server": (
        bad(url='url = "https:///live"'),
        'stations.toml:15: stream.url: expected a server behind https://, got "https:///live"',
    ),
    "a space in an address": (
        bad('feeds = ["https://bad.example/my news.rss"]'),
        "stations.toml:12: station.feeds: an address has no spaces, "
        'got "https://bad.example/my news.rss"',
    ),
    "an impossible port": (
        bad(url='url = "https://bad.example:99999/"'),
        'stations.toml:15: stream.url: "https://bad.example:99999/" is no web address '
        "(Port out of range 0-65535)",
    ),
    "half an IPv6 address": (
        bad(url='url = "https://[::1/"'),
        'stations.toml:15: stream.url: "https://[::1/" is no web address (Invalid IPv6 URL)',
    ),
    "a password in it": (
        bad(url='url = "https://ann:hunter2@[::1/"'),
        'stations.toml:15: stream.url: "https://[::1/" is no web address (Invalid IPv6 URL)',
    ),
    "an endless address": (
        bad(url=f'url = "https://bad.example/{"x" * 3000}"'),
        "stations.toml:15: stream.url: an address may have 2000 characters, got 3020",
    ),
    "podcasts as a table": (
        bad('podcasts = { a = "b" }'),
        "stations.toml:12: station.podcasts: expected text or a list of texts, got a table",
    ),
    "a zone with a typo": (
        bad('timezone = "America/Pheonix"'),
        'stations.toml:12: station.timezone: there is no time zone "America/Pheonix", '
        "did you mean America/Phoenix?",
    ),
    "no zone at all": (
        bad('timezone = "../../etc/passwd"'),
        'stations.toml:12: station.timezone: there is no time zone "../../etc/passwd", '
        'write for example "America/Phoenix"',
    ),
    "an unknown encoding": (
        bad(stream='encoding = "cp99"'),
        'stations.toml:16: stream.encoding: there is no encoding "cp99", '
        'write for example "cp1251", "iso-8859-1" or "utf-8"',
    ),
    "an encoding of no text": (
        bad(stream='encoding = "zlib"'),
        'stations.toml:16: stream.encoding: there is no encoding "zlib", '
        'write for example "cp1251", "iso-8859-1" or "utf-8"',
    ),
    "headers that are no table": (
        bad(stream='headers = "Referer"'),
        'stations.toml:16: stream.headers: expected { Referer = "https://…" }, got "Referer"',
    ),
    "a header of our own": (
        bad(stream='headers = { Host = "a.example" }'),
        'stations.toml:16: stream.headers: there can be no header "Host"',
    ),
    "a header of two lines": (
        bad(stream='headers = { Referer = "a\\r\\nX: b" }'),
        'stations.toml:16: stream.headers: expected a line of plain text for Referer, got "a X: b"',
    ),
    "a city that is no text": (
        bad("city = true"),
        "stations.toml:12: station.city: expected text, got true",
    ),
    "a very long number": (
        bad(f"city = 0x{'f' * 6000}"),
        "stations.toml:12: station.city: expected text, got a very long number",
    ),
    "a date": (
        bad("group = 1979-05-27 07:32:00"),
        "stations.toml:12: station.group: expected text, got 1979-05-27 07:32:00",
    ),
    "a schedule that is no list": (
        bad(stream='schedule = { source = "npr" }'),
        "stations.toml:16: stream.schedule: expected a list of tables, got a table: write "
        '[{ source = "npr", stream = "…" }]',
    ),
    "a schedule of texts": (
        bad(stream='schedule = ["npr"]'),
        'stations.toml:16: stream.schedule: expected a list of tables, got "npr" in it: write '
        '[{ source = "npr", stream = "…" }]',
    ),
    "two streams of one id": (
        bad(stream='[[station.stream]]\nid = "live"\nurl = "http://bad.example/2"'),
        'stations.toml:17: stream.id: "live" is taken by line 14, choose another id',
    ),
}


@pytest.mark.parametrize(("text", "title"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_a_wrong_station_is_left_out_and_said_so(path: Path, text: str, title: str) -> None:
    station_list = read(path, text)
    assert titles(station_list) == [title]
    assert station_list.problems[0].hint == WRONG_STATION
    assert station_list.problems[0].detail == str(path)
    assert ids(station_list) == ["good"]


def test_a_part_of_the_world_is_no_zone(path: Path) -> None:
    station_list = read(path, bad('timezone = "America"'))
    (title,) = titles(station_list)
    assert title.startswith('stations.toml:12: station.timezone: there is no time zone "America", ')
    assert ids(station_list) == ["good"]


HEADS = {
    "no id": (
        'name = "X"',
        'stations.toml:9: station.id: is missing, write id = "my-radio"',
        "X is left out until this is mended",
    ),
    "capitals in the id": (
        'id = "My Radio"\nname = "X"',
        "stations.toml:10: station.id: expected lower case letters, digits, - and _, "
        'got "My Radio", write for example my-radio',
        "X is left out until this is mended",
    ),
    "an id of nothing": (
        'id = "…"\nname = "X"',
        'stations.toml:10: station.id: expected lower case letters, digits, - and _, got "…"',
        "X is left out until this is mended",
    ),
    "a number for an id": (
        "id = 3",
        "stations.toml:10: station.id: expected text, got 3",
        "this station is left out until this is mended",
    ),
    "the id of the built-in station": (
        'id = "test-signal"\nname = "X"',
        "stations.toml:10: station.id: test-signal is the built-in station, choose another id",
        "X is left out until this is mended",
    ),
    "an id that is taken": (
        'id = "good"\nname = "X"',
        'stations.toml:10: station.id: "good" is taken by line 2, choose another id',
        "X is left out until this is mended",
    ),
    "no name": (
        'id = "x"',
        'stations.toml:9: station.name: is missing, write name = "My Radio"',
        "x is left out until this is mended",
    ),
    "a name of nothing": (
        'id = "x"\nname = "\\u001b[31m "',
        "stations.toml:11: station.name: expected a name, got an empty text",
        "x is left out until this is mended",
    ),
}


@pytest.mark.parametrize(("head", "title", "hint"), HEADS.values(), ids=HEADS)
def test_a_station_needs_an_id_and_a_name(path: Path, head: str, title: str, hint: str) -> None:
    stream = '[[station.stream]]\nid = "live"\nurl = "http://x.example/"\n'
    station_list = read(path, f"{GOOD}\n[[station]]\n{head}\n{stream}")
    wrong = [problem for problem in station_list.problems if problem.title == title]
    assert [problem.hint for problem in wrong] == [hint]
    assert ids(station_list) == ["good"]


@pytest.mark.parametrize(
    ("stream", "title"),
    [
        (
            "",
            "stations.toml:1: station.stream: is missing, write [[station.stream]] below the "
            "station, with an id and a url",
        ),
        (
            "stream = []",
            "stations.toml:4: station.stream: is missing, write [[station.stream]] below the "
            "station, with an id and a url",
        ),
        (
            '[station.stream]\nid = "live"',
            "stations.toml:4: station.stream: expected a list of tables, got a table: write "
            "[[station.stream]]",
        ),
        (
            "stream = [3]",
            "stations.toml:4: station.stream: expected a list of tables, got 3 in it: write "
            "[[station.stream]]",
        ),
    ],
)
def test_a_station_needs_a_stream(path: Path, stream: str, title: str) -> None:
    station_list = read(path, f'[[station]]\nid = "x"\nname = "X"\n{stream}\n')
    assert titles(station_list) == [title]
    assert station_list.stations == ()


def test_everything_wrong_is_told_at_once_in_the_order_of_the_file(path: Path) -> None:
    station_list = read(path, bad('city = 3\ntimezone = "Moon"', 'encoding = "x"', url="url = 4"))
    assert [title.split(": ")[:2] for title in titles(station_list)] == [
        ["stations.toml:12", "station.city"],
        ["stations.toml:13", "station.timezone"],
        ["stations.toml:16", "stream.url"],
        ["stations.toml:17", "stream.encoding"],
    ]


UNKNOWN = {
    "in a station": (
        bad('homepge = "https://bad.example"'),
        "stations.toml:12: station.homepge: there is no such key, did you mean homepage?",
    ),
    "in a stream": (
        bad(stream='URLs = "x"'),
        "stations.toml:16: stream.URLs: there is no such key, did you mean url?",
    ),
    "like none": (
        bad(stream="zzz = 1"),
        "stations.toml:16: stream.zzz: there is no such key, there are "
        "id, name, url, encoding, headers, delay, schedule, programme, listing",
    ),
    "that would paint the screen": (
        bad('"\\u001b[31mred[/]" = 1'),
        "stations.toml:12: station.red[/]: there is no such key, there are "
        "id, name, city, timezone, homepage, picture, group, feeds, podcasts, stream",
    ),
    "at the top": (
        'stations = 1\n[[station]]\nid = "bad"\nname = "B"\n[[station.stream]]\nid = "x"\n'
        'url = "http://bad.example/"\n' + GOOD,
        "stations.toml:1: stations: there is no such key, did you mean station?",
    ),
}


@pytest.mark.parametrize(("text", "title"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_key_names_the_nearest_and_costs_nothing(
    path: Path, text: str, title: str
) -> None:
    station_list = read(path, text)
    assert titles(station_list) == [title]
    assert station_list.problems[0].hint == "it is passed over"
    assert set(ids(station_list)) == {"good", "bad"}


SCHEDULES = {
    "a source with a typo": (
        '[{ source = "nprs", stream = "1" }]',
        'stations.toml:16: schedule.source: there is no source "nprs", did you mean npr?',
    ),
    "a source like none": (
        '[{ source = "teletext" }]',
        'stations.toml:16: schedule.source: there is no source "teletext", '
        f"there are {', '.join(SCHEDULE_SOURCES)}",
    ),
    "a table by its name": (
        '[{ source = "weekly" }]',
        "stations.toml:16: schedule.source: a weekly table is written as "
        "[[station.stream.programme]]",
    ),
    "no source": (
        '[{ stream = "1" }]',
        'stations.toml:16: schedule.source: is missing, write source = "npr"',
    ),
    "a number for a source": (
        "[{ source = 7 }]",
        "stations.toml:16: schedule.source: expected text, got 7",
    ),
    "no id to ask for": (
        '[{ source = "npr" }]',
        'stations.toml:16: schedule.stream: is missing, write stream = "…"',
    ),
    "a number for the id": (
        '[{ source = "composer", ucs = 50 }]',
        "stations.toml:16: schedule.ucs: expected text, got 50",
    ),
    "a wrong address to ask at": (
        '[{ source = "npr", stream = "1", base = "localhost" }]',
        "stations.toml:16: schedule.base: expected an address that begins with http:// or "
        'https://, got "localhost"',
    ),
    "the second of two": (
        '[\n# asked first\n{ source = "composer", ucs = "5" },\n{ source = "nprr" },\n]',
        'stations.toml:19: schedule.source: there is no source "nprr", did you mean npr?',
    ),
}


@pytest.mark.parametrize(("schedule", "title"), SCHEDULES.values(), ids=SCHEDULES)
def test_a_wrong_schedule_leaves_the_stream_to_be_heard(
    path: Path, schedule: str, title: str
) -> None:
    station_list = read(path, bad(stream=f"schedule = {schedule}"))
    assert titles(station_list) == [title]
    assert station_list.problems[0].hint == "the stream is used without this schedule"
    _, stream = station_list.find("bad/live")
    assert [source.source for source in stream.schedule] == ["composer"] * ('ucs = "5' in schedule)


def programme(**changes: str) -> str:
    keys = {"name": '"P"', "days": '"mon-fri"', "start": '"04:00"', "end": '"09:00"'} | changes
    return "[[station.stream.programme]]\n" + "\n".join(
        f"{key} = {value}" for key, value in keys.items() if value
    )


TABLE_LINES = {
    "days with a typo": (
        programme(days='"mon-fry"'),
        'stations.toml:18: programme.days: expected days such as "mon-fri", "sat,sun" or "daily", '
        'got "mon-fry"',
    ),
    "days of nothing": (
        programme(days='""'),
        'stations.toml:18: programme.days: expected days such as "mon-fri", "sat,sun" or "daily", '
        'got ""',
    ),
    "days as a number": (
        programme(days="5"),
        "stations.toml:18: programme.days: expected text or a list of texts, got 5",
    ),
    "a time without minutes": (
        programme(start='"4"'),
        'stations.toml:19: programme.start: expected a time such as "16:30", got "4"',
    ),
    "a time past midnight": (
        programme(end='"24:01"'),
        'stations.toml:20: programme.end: expected a time from "00:00" to "24:00", got "24:01"',
    ),
    "a time as a number": (
        programme(end="9"),
        'stations.toml:20: programme.end: expected a time such as "16:30", got 9',
    ),
    "no end": (
        programme(end=""),
        'stations.toml:16: programme.end: is missing, write end = "09:00"',
    ),
}


@pytest.mark.parametrize(("table", "title"), TABLE_LINES.values(), ids=TABLE_LINES)
def test_a_wrong_line_of_a_weekly_table_is_left_out_alone(
    path: Path, table: str, title: str
) -> None:
    station_list = read(path, bad(stream=f"{table}\n" + programme(name='"Right"')))
    assert titles(station_list) == [title]
    assert station_list.problems[0].hint == "the schedule is used without it"
    _, stream = station_list.find("bad")
    assert [line.name for line in stream.programmes] == ["Right"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"daily"', "0123456"),
        ('"mon-fri"', "01234"),
        ('"Sat, Sun"', "56"),
        ('"sat"', "5"),
        ('"fri-mon"', "4560"),
        ('"wed-wed"', "2"),
        ('"tue – thu,sun"', "1236"),
        ('["mon", "fri-sat"]', "045"),
    ],
)
def test_days_are_read_as_they_are_said(path: Path, written: str, meant: str) -> None:
    station_list = read(path, bad(stream=programme(days=written)))
    assert station_list.problems == ()
    assert station_list.find("bad")[1].programmes[0].days == {int(day) for day in meant}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"00:00"', time(0)),
        ('"24:00"', time(0)),
        ('"9:05"', time(9, 5)),
        ('"23:59"', time(23, 59)),
        ("16:30:00", time(16, 30)),
    ],
)
def test_times_are_read_as_they_are_said(path: Path, written: str, meant: time) -> None:
    station_list = read(path, bad(stream=programme(end=written)))
    assert station_list.problems == ()
    assert station_list.find("bad")[1].programmes[0].end == meant


WHOLE = """\
[[station]]
id = "x_1"
name = "X\\u202E [/] \\u001b]0;owned\\u0007Y"
city = "C"
timezone = "Europe/London"
homepage = ""
group = "G"
feeds = "https://x.example/f"
podcasts = ["https://x.example/p"]

  [[station.stream]]
  id = "a"
  url = [" http://x.example/1 ", "HTTPS://x.example:8000/2"]
  encoding = "cp1251"
  headers = { Referer = "https://x.example/", X-Key = "1" }
  schedule = [{ source = "npr", stream = "s", base = "http://[::1]:9" }]

  [[station.stream]]
  id = "b"
  name = "B"
  url = "http://x.example/b"
  encoding = ""

    [[station.stream.programme]]
    name = "P"
    days = "sat"
    start = "22:00"
    end = "02:00"
    host = "H"
"""


def test_a_whole_station_is_read_with_everything(path: Path) -> None:
    station_list = read(path, "\ufeff" + WHOLE.replace("\n", "\r\n"))
    assert station_list.problems == ()
    assert station_list.path == path
    (station,) = station_list.stations
    assert (station.id, station.name) == ("x_1", "X [/] Y")
    assert (station.city, station.group, station.homepage) == ("C", "G", "")
    assert station.zone.key == "Europe/London"
    assert station.feeds == ("https://x.example/f",)
    assert station.podcasts == ("https://x.example/p",)
    first, second = station.streams
    assert (first.name, second.name) == ("Live", "B")
    assert first.urls == ("http://x.example/1", "HTTPS://x.example:8000/2")
    assert (first.encoding, second.encoding) == ("cp1251", None)
    assert first.schedule[0].source == "npr"
    assert first.schedule[0].option("stream") == "s"
    assert first.schedule[0].option("base") == "http://[::1]:9"
    (line,) = second.programmes
    assert (line.name, line.start, line.end, line.host) == ("P", time(22), time(2), "H")


UNREADABLE = {
    "a quote is missing": (
        GOOD.replace('"good"', '"good').encode(),
        "stations.toml:2: this line ends within a text, is a quote missing?",
    ),
    "an unclosed list at the end": (
        b'[[station]]\nid = [\n"a"\n\n',
        "stations.toml:3: unclosed array",
    ),
    "one bracket": (
        b'[station]\nid = "a"\n[station]\nid = "b"\n',
        "stations.toml:3: write it in two brackets, [[station]] or [[station.stream]]",
    ),
    "no bracket": (
        b'[[station]]\nid = "a"\nid = "b"\n',
        "stations.toml:3: this key is written twice; "
        "a new station begins with [[station]], a feed with [[feed]]",
    ),
    "one bracket for a feed": (
        b'[feed]\nurl = "http://a.example/"\n[feed]\nurl = "http://b.example/"\n',
        "stations.toml:3: write it in two brackets, [[feed]]",
    ),
    "Latin-1": (
        b'[[station]]\nid = "a"\nname = "Caf\xe9"\n',
        "stations.toml:3: this is not UTF-8, save the file as UTF-8",
    ),
    "nothing in it": (b" \n\n", "stations.toml is empty"),
    "brackets without end": (
        b"x = " + b"[" * 100_000,
        "stations.toml: lists within lists, too deep to be read",
    ),
    "a key without end": (
        b"x = 1\n[" + b"a." * 400_000 + b"a]\n",
        "stations.toml:2: a key has too many parts",
    ),
    "a number without end": (
        b"x = " + b"9" * 5000 + b"\n",
        "stations.toml:1: a number has too many digits",
    ),
    "far too large": (
        b"#" * 5_000_000,
        "stations.toml is larger than 4 MiB: that is no station list",
    ),
}


@pytest.mark.parametrize(("data", "title"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_understood_keeps_the_last_good_list(
    path: Path, data: bytes, title: str
) -> None:
    good = read(path, GOOD)
    path.write_bytes(data)
    alone = read_station_list(path)
    assert titles(alone) == [title]
    assert alone.stations == ()
    kept = read_station_list(path, good)
    assert titles(kept) == [title]
    assert kept.stations == good.stations
    assert kept.problems[0].hint == "the stations read before it stay in use"


def test_a_file_that_is_not_there_or_no_file_keeps_the_last_good_list(path: Path) -> None:
    good = read(path, GOOD)
    path.unlink()
    gone = read_station_list(path, good)
    assert titles(gone) == ["stations.toml cannot be read: no such file or directory"]
    assert gone.stations == good.stations
    path.mkdir()
    assert titles(read_station_list(path)) == ["stations.toml cannot be read: is a directory"]
    path.rmdir()
    os.mkfifo(path)
    assert titles(read_station_list(path)) == [
        "stations.toml cannot be read: nobody writes into that pipe"
    ]


def test_a_list_may_come_through_a_pipe(path: Path) -> None:
    good = read(path, GOOD)
    data = path.read_bytes()
    path.unlink()
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(data,))
    writer.start()
    assert read_station_list(path).stations == good.stations
    writer.join()


def test_a_file_of_remarks_says_how_a_station_begins(path: Path) -> None:
    station_list = read(path, "# nothing yet\n")
    assert titles(station_list) == ["stations.toml:1: there is no station in it"]
    assert station_list.problems[0].hint == "[[station]] begins one"


FEEDS = {
    "no address": (
        'title = "News"',
        'stations.toml:9: feed.url: is missing, write url = "https://…"',
        "News is left out until this is mended",
    ),
    "a list of addresses": (
        'url = ["http://n.example/rss"]',
        "stations.toml:10: feed.url: expected text, got a list",
        "this feed is left out until this is mended",
    ),
    "another scheme": (
        'url = "feed://n.example/rss"',
        'stations.toml:10: feed.url: expected http:// or https://, got "feed://n.example/rss"',
        "feed://n.example/rss is left out until this is mended",
    ),
    "a file of this computer": (
        'url = "file:///etc/passwd"',
        'stations.toml:10: feed.url: expected http:// or https://, got "file:///etc/passwd"',
        "file:///etc/passwd is left out until this is mended",
    ),
    "an endless address": (
        f'url = "https://n.example/{"x" * 3000}"\ntitle = "Long"',
        "stations.toml:10: feed.url: an address may have 2000 characters, got 3018",
        "Long is left out until this is mended",
    ),
    "a title that is no text": (
        'url = "http://n.example/rss"\ntitle = 3',
        "stations.toml:11: feed.title: expected text, got 3",
        "http://n.example/rss is left out until this is mended",
    ),
    "a list of folders": (
        'url = "http://n.example/rss"\nfolder = ["A", "B"]',
        "stations.toml:11: feed.folder: expected text, got a list",
        "http://n.example/rss is left out until this is mended",
    ),
}


@pytest.mark.parametrize(("block", "title", "hint"), FEEDS.values(), ids=FEEDS)
def test_a_wrong_feed_is_left_out_and_said_so(
    path: Path, block: str, title: str, hint: str
) -> None:
    right = '[[feed]]\nurl = "http://right.example/rss"\n'
    station_list = read(path, f"{GOOD}\n[[feed]]\n{block}\n{right}")
    assert [(problem.title, problem.hint) for problem in station_list.problems] == [(title, hint)]
    assert [feed.url for feed in station_list.feeds] == ["http://right.example/rss"]
    assert ids(station_list) == ["good"]


def test_feeds_are_read_with_everything_and_in_their_order(path: Path) -> None:
    station_list = read(
        path,
        '[[feed]]\nurl = " https://b.example/rss "\n'
        'title = "B\\u202E [/] \\u001b]0;owned\\u0007C"\nfolder = " News / Arizona/"\n'
        + GOOD
        + f'[[feed]]\nurl = "http://a.example/"\ntitle = "{"x" * 9000}"\n'
        f'folder = "{"/".join(["y" * 90] * 9)}"\n',
    )
    assert station_list.problems == ()
    assert ids(station_list) == ["good"]
    first, second = station_list.feeds
    assert first == OwnFeed("https://b.example/rss", "B [/] C", "News/Arizona")
    assert (second.url, len(second.title), len(second.folder)) == ("http://a.example/", 500, 304)


def test_a_file_of_feeds_alone_is_right(path: Path) -> None:
    station_list = read(path, '[[feed]]\nurl = "https://x.example/rss"\n')
    assert station_list == StationList((), (), path, (OwnFeed("https://x.example/rss"),))


def test_a_feed_that_is_written_twice_is_used_once(path: Path) -> None:
    block = '[[feed]]\nurl = "https://x.example/rss"\ntitle = "{}"\n'
    station_list = read(path, block.format("One") + block.format("Two"))
    assert station_list.feeds == (OwnFeed("https://x.example/rss", "One"),)
    assert [str(problem) for problem in station_list.problems] == [
        'stations.toml:5: feed.url: "https://x.example/rss" stands in line 2 already: '
        "the first one is used"
    ]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("titel", "did you mean title?"),
        ("URL", "did you mean url?"),
        ("zzz", "there are url, title, folder, password_command"),
    ],
)
def test_an_unknown_key_of_a_feed_names_the_nearest(path: Path, key: str, words: str) -> None:
    station_list = read(path, f'[[feed]]\nurl = "https://x.example/rss"\n{key} = "x"\n')
    assert len(station_list.feeds) == 1
    assert [str(problem) for problem in station_list.problems] == [
        f"stations.toml:3: feed.{key}: there is no such key, {words}: it is passed over"
    ]


def test_feeds_in_the_plural_are_meant_as_one(path: Path) -> None:
    station_list = read(path, '[[feeds]]\nurl = "https://x.example/rss"\n')
    assert titles(station_list) == [
        "stations.toml:1: feeds: there is no such key, did you mean feed?"
    ]


def test_what_is_wrong_with_the_list_of_stations_costs_no_feed(path: Path) -> None:
    station_list = read(path, '[station]\nid = "a"\n[[feed]]\nurl = "https://x.example/rss"\n')
    assert [str(problem) for problem in station_list.problems] == [
        "stations.toml:1: station: expected a list of tables, got a table: write [[station]]: "
        "none of them can be read"
    ]
    assert len(station_list.feeds) == 1


def test_a_file_that_cannot_be_understood_keeps_the_feeds_too(path: Path) -> None:
    good = read(path, '[[feed]]\nurl = "https://x.example/rss"\n')
    broken = read(path, "[[feed]\n", good)
    assert broken.feeds == good.feeds
    assert broken.problems[0].hint == "the feeds read before it stay in use"


@pytest.mark.parametrize("name", ["all", "starred", "own"])
def test_a_station_may_be_called_as_a_list_of_stories_is(path: Path, name: str) -> None:
    station_list = read(path, GOOD.replace('"good"', f'"{name}"'))
    assert ids(station_list) == [name]
    assert titles(station_list) == []


def test_one_table_for_a_list_of_stations_says_what_to_write(path: Path) -> None:
    station_list = read(path, '# mine\n[station]\nid = "a"\n')
    assert titles(station_list) == [
        "stations.toml:2: station: expected a list of tables, got a table: write [[station]]"
    ]


def test_lines_are_right_in_lists_of_inline_tables(path: Path) -> None:
    station_list = read(
        path,
        "station = [\n"
        ' { id = "a", name = "A", stream = [{ id = "x", url = "http://a.example/" }] },\n'
        ' { id = "b", name = "B", stream = [{ id = "x", url = 1.5 }] },\n'
        ' { name = "C" }\n]\n',
    )
    assert ids(station_list) == ["a"]
    assert titles(station_list)[:2] == [
        "stations.toml:3: stream.url: expected text or a list of texts, got 1.5",
        'stations.toml:4: station.id: is missing, write id = "my-radio"',
    ]


RELAXED = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])

PIECES = [*GOOD.splitlines(True), *bad("city = 1", programme()).splitlines(True)]
PIECES += ["[[feed]]\n", 'url = "https://x.example/"\n', 'folder = "A"\n', "feed = [{}]\n"]
PIECES += ["[station]\n", "stream = [{}]\n", 'id = """\n', "[[", "]]", "{", "= ", '"', "#", "\n"]

pieces = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=30).map("".join)


@RELAXED
@given(data=st.one_of(st.binary(max_size=200), st.text().map(str.encode), pieces.map(str.encode)))
def test_no_file_whatever_makes_it_fail(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    station_list = read_station_list(path)
    assert all(station.streams for station in station_list.stations)
    for problem in station_list.problems:
        assert problem.title.startswith("stations.toml")
        assert "\n" not in str(problem)
        assert "\x1b" not in str(problem)
