"""Feeds put into the listener's file and taken out of it, which loses nothing else."""

import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from radiotui.problems import Problem
from radiotui.stations.edit import (
    EditedList,
    add_feed,
    add_feeds,
    change_feed,
    edit_list,
    remove_feed,
)
from radiotui.stations.file import read_station_list
from radiotui.stations.model import OwnFeed

STATION = """\
# My stations.   Mine!
[[station]]
id = "a"   # the first
name = 'A'
feeds = ["https://a.example/rss"]
  [[station.stream]]
  id = "live"
  url = [
    "http://a.example/", # fast

  ]
"""
X = OwnFeed("https://x.example/rss")
Y = OwnFeed("https://y.example/rss", "Why", "News/Arizona")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stations.toml"
    path.write_text(STATION)
    return path


def write(path: Path, text: str) -> None:
    path.write_bytes(text.encode())


def text_of(path: Path) -> str:
    return path.read_bytes().decode()


def problem_of(call, *arguments: object, **more: object) -> Problem:
    with pytest.raises(Problem) as raised:
        call(*arguments, **more)
    return raised.value


def test_a_feed_is_appended_and_nothing_else_changes(path: Path) -> None:
    add_feed(path, X)
    add_feed(path, Y)
    assert text_of(path) == STATION + (
        '\n[[feed]]\nurl = "https://x.example/rss"\n'
        '\n[[feed]]\nurl = "https://y.example/rss"\ntitle = "Why"\nfolder = "News/Arizona"\n'
    )
    station_list = read_station_list(path)
    assert station_list.problems == ()
    assert station_list.feeds == (X, Y)
    assert [station.id for station in station_list.stations] == ["a"]


def test_a_title_may_hold_anything(path: Path) -> None:
    title = "a \"quote\" \\ 'another' # no remark ]] é 日本 \U0001f600"
    add_feed(path, OwnFeed(X.url, title, "It's / here"))
    assert read_station_list(path).feeds == (OwnFeed(X.url, title, "It's/here"),)


def test_what_would_harm_the_screen_is_not_written(path: Path) -> None:
    add_feed(path, OwnFeed(X.url, "\x1b]0;owned\x07A\nB", "C\u202e"))
    assert read_station_list(path).feeds == (OwnFeed(X.url, "A B", "C"),)
    assert "\x1b" not in text_of(path)


def test_without_a_file_the_built_in_list_becomes_the_listeners(tmp_path: Path) -> None:
    path = tmp_path / "config" / "stations.toml"
    add_feed(path, X)
    station_list = read_station_list(path)
    assert (len(station_list.stations), station_list.feeds, station_list.problems) == (20, (X,), ())


def test_several_are_added_in_one_write_each_once(path: Path) -> None:
    add_feed(path, OwnFeed(X.url, "Mine"))
    before = path.stat().st_ino
    new = add_feeds(path, [Y, X, OwnFeed(Y.url, "Again"), OwnFeed("http://z.example/")])
    assert new == (Y, OwnFeed("http://z.example/"))
    assert read_station_list(path).feeds == (OwnFeed(X.url, "Mine"), *new)
    assert path.stat().st_ino != before
    before = path.stat().st_mtime_ns
    assert add_feeds(path, [X, Y]) == ()
    assert path.stat().st_mtime_ns == before


def test_what_is_there_already_is_told(path: Path) -> None:
    add_feed(path, X)
    before = text_of(path)
    problem = problem_of(add_feed, path, OwnFeed(f" {X.url}", "Other"))
    assert str(problem) == "stations.toml has the feed https://x.example/rss already"
    assert text_of(path) == before


@pytest.mark.parametrize("url", ["file:///etc/passwd", "x.example", "", "https://a b/", "ftp://x/"])
def test_only_web_addresses_are_added(path: Path, url: str) -> None:
    assert problem_of(add_feeds, path, [X, OwnFeed(url)]).title == "this feed cannot be added"
    assert text_of(path) == STATION


MANY = (
    STATION
    + """
# My news

# the best one
# of all
[[feed]]
# within
url = "https://x.example/rss" # here
titel = 3
# title = "commented"

# stands alone

# of the second
[[feed]]
url = "https://y.example/rss"
title = '''
# no remark'''
[[station]]
id = "b"
name = "B"
[[station.stream]]
id = "live"
url = "http://b.example/"

[[feed]]
url = "https://z.example/rss"
title = \"\"\"[[feed]]

# no remark
\"\"\"
# of the last
"""
)


def test_only_the_block_and_the_remark_directly_above_it_go(path: Path) -> None:
    write(path, MANY)
    assert remove_feed(path, X.url) == X
    gone = MANY.index("\n# the best one"), MANY.index('# title = "commented"')
    assert text_of(path) == MANY[: gone[0]] + MANY[gone[1] :]


def test_a_block_between_stations_goes_alone(path: Path) -> None:
    write(path, MANY)
    assert remove_feed(path, "https://y.example/rss") == OwnFeed(Y.url, "# no remark")
    gone = MANY.index("\n# of the second"), MANY.index('[[station]]\nid = "b"')
    assert text_of(path) == MANY[: gone[0]] + MANY[gone[1] :]


def test_a_remark_within_a_text_is_none(path: Path) -> None:
    write(path, MANY.replace('[[station]]\nid = "b"', "[[feed]]\nurl = 'http://w.example/'\n\n\\g"))
    write(path, text_of(path).replace("\\g", '[[station]]\nid = "b"'))
    remove_feed(path, "http://w.example/")
    assert text_of(path) == MANY.replace('[[station]]\nid = "b"', '\n[[station]]\nid = "b"')


def test_the_last_block_goes_and_the_remark_below_it_stays(path: Path) -> None:
    write(path, MANY)
    remove_feed(path, "https://z.example/rss")
    assert text_of(path) == MANY[: MANY.index('\n[[feed]]\nurl = "https://z')] + "# of the last\n"


def test_the_first_block_of_a_file_leaves_no_empty_line(path: Path) -> None:
    write(path, '[[feed]]\nurl = "https://x.example/rss"\n\n' + STATION)
    remove_feed(path, X.url)
    assert text_of(path) == STATION


def test_tables_of_a_feed_that_stand_elsewhere_go_with_it(path: Path) -> None:
    write(path, f'[[feed]]\nurl = "{X.url}"\n{STATION}\n[feed.more]\na = 1\n[feed.less]\nb = 2\n')
    remove_feed(path, X.url)
    assert text_of(path) == STATION


def test_a_feed_that_is_written_twice_goes_twice(path: Path) -> None:
    add_feed(path, X)
    write(path, text_of(path) + '\n[[feed]]\ntitle = "Again"\nurl = "https://x.example/rss"\n')
    assert remove_feed(path, X.url) == X
    assert text_of(path) == STATION


def test_the_last_feed_of_a_file_leaves_a_remark_that_can_be_read(path: Path) -> None:
    write(path, '[[feed]]\nurl = "https://x.example/rss"\n')
    remove_feed(path, X.url)
    station_list = read_station_list(path, read_station_list(path))
    assert station_list.feeds == ()
    assert text_of(path) == "# [[station]] begins a station, [[feed]] a feed\n"


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "https://x.example/rs",
            "stations.toml has no feed https://x.example/rs: did you mean https://x.example/rss?",
        ),
        ("zzz", "stations.toml has no feed zzz: there are: https://x.example/rss"),
        (
            "https://a.example/rss",
            "stations.toml has no feed https://a.example/rss: it belongs to A",
        ),
    ],
)
def test_a_feed_that_is_not_there_names_the_nearest(path: Path, url: str, words: str) -> None:
    add_feed(path, X)
    before = text_of(path)
    assert str(problem_of(remove_feed, path, url)) == words
    assert str(problem_of(change_feed, path, url, title="T")) == words
    assert text_of(path) == before


def test_a_file_without_feeds_says_so(path: Path) -> None:
    assert problem_of(remove_feed, path, X.url).hint == "it has none"


def test_a_feed_gets_another_title_and_folder(path: Path) -> None:
    write(path, MANY)
    assert change_feed(path, X.url, title="New", folder="A/B") == OwnFeed(X.url, "New", "A/B")
    assert text_of(path) == MANY.replace(
        "titel = 3\n", 'titel = 3\ntitle = "New"\nfolder = "A/B"\n'
    )
    change_feed(path, X.url, title="", folder="A")
    assert text_of(path) == MANY.replace("titel = 3\n", 'titel = 3\nfolder = "A"\n')
    change_feed(path, X.url, folder="")
    assert text_of(path) == MANY


def test_a_changed_line_keeps_its_remark_and_its_indent(path: Path) -> None:
    before = f'{STATION}  [[feed]] # a\n  url = "{X.url}"\n  title  =  "Old" # why\n\n\n# end'
    write(path, before)
    assert change_feed(path, X.url, title="New") == OwnFeed(X.url, "New")
    assert text_of(path) == before.replace('"Old"', '"New"')
    change_feed(path, X.url, folder="F")
    assert text_of(path) == before.replace('"Old" # why', '"New" # why\n  folder = "F"')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title = '''\nOld\n# title''' # why\n", 'title = "New" # why\n'),
        ('"ti\\u0074le"="Old"\r\n', '"ti\\u0074le"="New"\r\n'),
        ("title = [ # one\n  {a = 1}, ]\nx = 1\n", 'title = "New"\nx = 1\n'),
        ("title . short = 1\nx = 2", 'x = 2\ntitle = "New"'),
        ("title.short = 1\ntitle.long = 2", 'title = "New"'),
        ("x = 1\n[feed.title]\na = 1\n[feed.more]\n", 'x = 1\ntitle = "New"\n[feed.more]\n'),
        ("title = 2026-01-01 07:32:00", 'title = "New"'),
    ],
)
def test_a_title_of_any_kind_is_replaced_where_it_stands(
    path: Path, before: str, after: str
) -> None:
    block = f'{STATION}\t[[feed]]\nurl = "{X.url}"\n'
    write(path, block + before)
    change_feed(path, X.url, title="New")
    line_end = "\r\n" if "\r\n" in before else "\n"
    assert text_of(path).replace(line_end, "\n") == block + after.replace(line_end, "\n")
    assert read_station_list(path).feeds == (OwnFeed(X.url, "New"),)
    change_feed(path, X.url, title="")
    assert read_station_list(path).feeds == (X,)
    assert text_of(path).endswith("\n") == before.endswith("\n")


def test_what_stays_the_same_is_not_written(path: Path) -> None:
    add_feed(path, Y)
    before = path.stat().st_ino
    assert change_feed(path, Y.url, title="Why") == Y
    assert change_feed(path, Y.url) == Y
    assert path.stat().st_ino == before


def test_line_ends_and_the_mark_before_the_text_stay(path: Path) -> None:
    windows = "\ufeff" + STATION.replace("\n", "\r\n")
    write(path, windows)
    add_feed(path, X)
    change_feed(path, X.url, folder="A")
    assert text_of(path) == (
        f'{windows}\r\n[[feed]]\r\nurl = "https://x.example/rss"\r\nfolder = "A"\r\n'
    )
    remove_feed(path, X.url)
    assert text_of(path) == windows


def test_a_last_line_without_an_end_stays_one(path: Path) -> None:
    write(path, STATION.rstrip())
    add_feed(path, X)
    change_feed(path, X.url, title="T")
    assert text_of(path) == f'{STATION}\n[[feed]]\nurl = "{X.url}"\ntitle = "T"'
    remove_feed(path, X.url)
    assert text_of(path) == STATION.rstrip()


def test_who_may_read_the_file_stays(path: Path) -> None:
    path.chmod(0o640)
    add_feed(path, X)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path: Path, path: Path) -> None:
    link = tmp_path / "config" / "stations.toml"
    link.parent.mkdir()
    link.symlink_to(Path("..") / "stations.toml")
    add_feed(link, X)
    assert link.is_symlink()
    assert read_station_list(path).feeds == (X,)
    remove_feed(link, X.url)
    assert link.is_symlink()
    assert text_of(path) == STATION
    assert [entry.name for entry in link.parent.iterdir()] == ["stations.toml"]


def test_a_link_to_nothing_is_told(tmp_path: Path) -> None:
    link = tmp_path / "stations.toml"
    link.symlink_to(tmp_path / "nowhere")
    problem = problem_of(add_feed, link, X)
    assert problem.title == "stations.toml cannot be read: no such file or directory"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    path = tmp_path / "config" / "stations.toml"
    assert str(problem_of(add_feed, path, X)) == (
        f"{path} cannot be written: no feed can be kept without it"
    )


BROKEN = {
    "a quote is missing": (
        '[[feed]]\nurl = "x\n',
        "stations.toml:2: this line ends within a text, is a quote missing?: "
        "mend that first: nothing was changed",
    ),
    "one list of feeds": (
        '\nfeed = [{ url = "https://x.example/rss" }]\n',
        "stations.toml:2: only feeds that are written as [[feed]] can be changed here: "
        "change it with an editor",
    ),
    "an empty list of feeds": (
        "feed = []\n",
        "stations.toml:1: only feeds that are written as [[feed]] can be changed here: "
        "change it with an editor",
    ),
    "one bracket": (
        '[feed]\nurl = "https://x.example/rss"\n',
        "stations.toml:1: only feeds that are written as [[feed]] can be changed here: "
        "change it with an editor",
    ),
}


@pytest.mark.parametrize(("text", "words"), BROKEN.values(), ids=BROKEN)
def test_a_file_with_a_mistake_is_not_touched(path: Path, text: str, words: str) -> None:
    write(path, text)
    for call in (
        lambda: add_feed(path, Y),
        lambda: remove_feed(path, X.url),
        lambda: change_feed(path, X.url, title="T"),
    ):
        assert str(problem_of(call)) == words
    assert text_of(path) == text


def test_what_is_wrong_in_a_feed_can_be_mended_here(path: Path) -> None:
    write(path, STATION + f'[[feed]]\nurl = "{X.url}"\ntitle = 3\nfolder = []\n')
    assert read_station_list(path).feeds == ()
    change_feed(path, X.url, title="T", folder="F")
    assert read_station_list(path).feeds == (OwnFeed(X.url, "T", "F"),)


def test_a_file_that_would_become_too_large_stays(path: Path) -> None:
    write(path, STATION + "#" * (4 * 1024 * 1024 - len(STATION) - 10))
    problem = problem_of(add_feed, path, X)
    assert str(problem) == "stations.toml would become larger than 4 MiB: nothing was changed"
    assert read_station_list(path).feeds == ()


PIECES = [
    STATION,
    *('\n[[feed]]\nurl = "https://x.example/rss"\n', '[[feed]]\nurl = "https://y.example/rss"\n'),
    *('  [[feed]]\r\n  title = "T" # t\r\n', "title = '''\n[[feed]]\n# x'''\n", "[feed.more]\n"),
    *("# a remark\n", "#\n", "\n", "\r\n", " \t\n", "\ufeff", "# last", "[settings]\nx = 1\n"),
    'f = """\n# [[feed]]\n\n"""\n',
]
files = st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
urls = st.sampled_from(
    ["https://x.example/rss", "https://y.example/rss", "http://z.example/?a=b#c"]
)
words = st.text(max_size=20)
feeds = st.builds(OwnFeed, urls, words, words)

RELAXED = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


def is_right(text: str) -> bool:
    try:
        return "feed" not in tomllib.loads(text) or "[[feed]]" in text
    except tomllib.TOMLDecodeError:
        return False


@RELAXED
@given(text=files, feed=feeds)
def test_added_and_removed_again_the_file_is_the_same_to_the_byte(
    path: Path, text: str, feed: OwnFeed
) -> None:
    assume(text.strip("\ufeff \t\r\n") and is_right(text.removeprefix("\ufeff")))
    write(path, text)
    before = read_station_list(path)
    try:
        add_feed(path, feed)
    except Problem as problem:
        assert "already" in problem.title or "[[feed]]" in problem.title  # noqa: PT017
        assert text_of(path) == text
        return
    after = read_station_list(path)
    assert after.feeds[:-1] == before.feeds
    assert after.feeds[-1].url == feed.url
    assert after.stations == before.stations
    assert after.problems == before.problems or not before.stations
    remove_feed(path, feed.url)
    assert text_of(path) == text


@RELAXED
@given(text=files, url=urls, title=words, folder=words)
def test_a_change_changes_one_feed_alone(
    path: Path, text: str, url: str, title: str, folder: str
) -> None:
    write(path, text)
    before = read_station_list(path)
    try:
        change_feed(path, url, title=title, folder=folder)
    except Problem:
        assert text_of(path) == text
        return
    after = read_station_list(path)
    assert after.stations == before.stations
    assert [f for f in after.feeds if f.url != url] == [f for f in before.feeds if f.url != url]
    remarks = [line for line in text.splitlines() if line.startswith("# a remark")]
    assert [line for line in text_of(path).splitlines() if line.startswith("# a re")] == remarks
    remove_feed(path, url)
    left = read_station_list(path)
    assert left.stations == before.stations
    assert left.feeds == tuple(f for f in before.feeds if f.url != url)


def test_no_edit_of_many_writers_is_lost(path: Path) -> None:
    feeds = [OwnFeed(f"https://{number}.example/rss") for number in range(24)]
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda feed: add_feed(path, feed), feeds))
    assert set(read_station_list(path).feeds) == set(feeds)
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda feed: remove_feed(path, feed.url), feeds))
    assert text_of(path) == STATION


def test_what_an_editor_writes_in_the_meantime_is_not_lost(path: Path) -> None:
    def change(sheet: EditedList) -> tuple[EditedList, int]:
        if "# by hand" not in sheet.text:
            write(path, f"{text_of(path)}# by hand\n")
        return sheet.with_feeds([X]), len(sheet.feeds)

    edit_list(path, change)
    assert text_of(path).startswith(f"{STATION}# by hand\n")
    assert read_station_list(path).feeds == (X,)


def test_an_editor_that_never_stops_is_told(path: Path) -> None:
    def change(sheet: EditedList) -> tuple[EditedList, None]:
        write(path, f"{text_of(path)}# and again\n")
        return sheet.with_feeds([X]), None

    problem = problem_of(edit_list, path, change)
    assert problem.title == "stations.toml is being written by another program"
    assert read_station_list(path).feeds == ()


def test_a_feed_is_found_without_its_password(path: Path) -> None:
    secret = OwnFeed("https://ann:hunter2@x.example/rss")
    add_feed(path, secret)
    add_feed(path, Y)
    assert remove_feed(path, "https://x.example/rss") == secret
    assert read_station_list(path).feeds == (Y,)
