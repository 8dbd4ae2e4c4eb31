"""Stations put into the listener's file, moved and taken out, which loses nothing else."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radiotui.config import asset
from radiotui.problems import Problem
from radiotui.stations.file import read_station_list
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream
from radiotui.stations.station_edits import StationEdits, new_id
from radiotui.stations.station_sheet import ListPlace

LIST = """\
# My stations.   Mine!

# the first
[[station]]
id = "a"   # remark
name = 'A' # as it calls itself
  [[station.stream]]
  id = "live"
  url = [ # two
    "http://a.example/", # fast
  ]
  # of a


[[feed]]
url = "https://x.example/rss"

# the second
[[station]]
id = "b"
name = "B"
[[station.stream]]
id = "live"
url = "http://b.example/" # slow

[[station]]
id = "c"
name = "C"
group = "G"
[[station.stream]]
id = "live"
url = "http://c.example/"
"""


def new(name: str, *urls: str, station_id: str = "") -> Station:
    return Station(station_id, name, (Stream("live", "Live", urls),))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "stations.toml"
    path.write_text(LIST)
    return path


@pytest.fixture
def edits(path: Path, tmp_path: Path) -> StationEdits:
    return StationEdits(path, tmp_path / "data" / "undo.json")


def stations_of(path: Path) -> StationList:
    station_list = read_station_list(path)
    assert station_list.problems == ()
    return station_list


def ids(path: Path) -> str:
    return " ".join(station.id for station in stations_of(path).stations)


def problem_of(call, *arguments: object) -> Problem:
    with pytest.raises(Problem) as raised:
        call(*arguments)
    return raised.value


def test_stations_are_appended_with_readable_ids(path: Path, edits: StationEdits) -> None:
    additions = edits.add([new("Größtes  Radio!", "http://d.example/"), new("A", "http://e/")])
    assert [station.id for station in additions.new] == ["grosstes-radio", "a-2"]
    assert path.read_text().startswith(LIST)
    assert ids(path) == "a b c grosstes-radio a-2"
    assert path.read_text()[len(LIST) :].startswith(
        '\n[[station]]\nid = "grosstes-radio"\nname = "Größtes Radio!"\n\n'
        '  [[station.stream]]\n  id = "live"\n  name = "Live"\n  url = "http://d.example/"\n'
    )


def test_a_station_with_everything_is_read_as_it_was(path: Path, edits: StationEdits) -> None:
    whole = Station(
        "w",
        'The "W"',
        (
            Stream(
                "one", "One", ("http://w.example/1", "http://w.example/2"), "cp1251",
                (("Referer", "http://w.example/"),),
                (ScheduleSource("npr", (("stream", "1"), ("base", "http://n.example"))),),
            ),
            Stream("two", "Two", ("http://w.example/3",), delay=5400.0),
        ),
        "Flagstaff", "http://w.example/", "America/Phoenix", "G", ("http://w.example/rss",),
        ("http://w.example/pod",), "http://w.example/l.png",
    )  # fmt: skip
    edits.add([whole])
    assert stations_of(path).station("w") == whole


def test_an_address_that_is_there_is_passed_over(path: Path, edits: StationEdits) -> None:
    additions = edits.add(
        [
            new("X", "http://no.example/", "http://c.example/"),
            new("Y", "http://y.example/"),
            new("Z", "http://u:p@y.example/"),
        ]
    )
    assert [station.name for station in additions.new] == ["Y"]
    assert [listed.place for listed in additions.passed_over] == ["c/live", "y/live"]
    before = path.stat().st_mtime_ns
    assert edits.add([new("X", "http://c.example/")]).new == ()
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    ("name", "taken", "station_id"),
    [
        ("KNAU (88.7)", (), "knau-88-7"),
        ("日本", (), "station"),
        ("Test Signal", (), "test-signal-2"),
        ("A", ("a", "a-2"), "a-3"),
        ("x" * 99, (), "x" * 40),
    ],
)
def test_an_id_is_made_from_the_name(name: str, taken: tuple[str, ...], station_id: str) -> None:
    assert new_id(name, taken) == station_id


def test_rename_and_group_change_one_line(path: Path, edits: StationEdits) -> None:
    assert edits.rename("a", "New\x1b") == "A"
    edits.regroup("c", "H")
    edits.regroup("b", "H")
    assert path.read_text() == (
        LIST.replace("'A' #", '"New" #')
        .replace('group = "G"', 'group = "H"')
        .replace('name = "B"\n', 'name = "B"\ngroup = "H"\n')
    )
    edits.regroup("c", "")
    assert 'name = "C"\n[[station.stream]]' in path.read_text()


def test_a_removed_station_takes_only_its_own_remark(path: Path, edits: StationEdits) -> None:
    assert edits.remove("b") == "B"
    begin, end = LIST.index("\n# the second"), LIST.index('\n[[station]]\nid = "c"')
    assert path.read_text() == LIST[:begin] + LIST[end:]


@pytest.mark.parametrize(
    ("station", "place", "order"),
    [
        ("a", ListPlace(is_after=True), "b c a"),
        ("c", ListPlace(is_after=False), "c a b"),
        ("c", ListPlace(False, "b"), "a c b"),
        ("a", ListPlace(True, "b"), "b a c"),
    ],
)
def test_a_moved_station_takes_its_remarks_along(
    path: Path, edits: StationEdits, station: str, place: ListPlace, order: str
) -> None:
    before = stations_of(path)
    edits.move(station, place)
    after = stations_of(path)
    assert ids(path) == order
    assert set(after.stations) == set(before.stations)
    assert after.feeds == before.feeds
    text = path.read_text()
    assert sorted(filter(None, text.split("\n"))) == sorted(filter(None, LIST.split("\n")))
    assert '# the first\n[[station]]\nid = "a"' in text
    assert '# the second\n[[station]]\nid = "b"' in text
    assert '"http://a.example/", # fast\n  ]\n  # of a\n\n' in text + "\n"


def test_the_built_in_list_is_the_same_when_all_was_moved_back(tmp_path: Path) -> None:
    path = tmp_path / "stations.toml"
    path.write_bytes(asset("stations.toml").read_bytes())
    before = path.read_text()
    edits = StationEdits(path, tmp_path / "undo.json")
    first, second, *_, last = ids(path).split()
    edits.move(first, ListPlace(is_after=True))
    edits.move(last, ListPlace(is_after=False))
    assert ids(path).split()[:2] == [last, second]
    edits.move(last, ListPlace(True, ids(path).split()[-2]))
    edits.move(first, ListPlace(False, second))
    edits.move(last, ListPlace(is_after=True))
    assert path.read_text() == before


def test_a_new_address_comes_first_and_the_old_one_stays(path: Path, edits: StationEdits) -> None:
    edits.put_addresses_first(
        [("b", "live", "http://new.example/"), ("a", "live", "http://new.example/a")]
    )
    assert path.read_text() == LIST.replace(
        '"http://b.example/" # slow', '["http://new.example/", "http://b.example/"] # slow'
    ).replace("url = [ # two", 'url = ["http://new.example/a",  # two')
    assert stations_of(path).station("a").streams[0].urls[0] == "http://new.example/a"


def test_what_was_edited_meanwhile_stops_no_other_new_address(
    path: Path, edits: StationEdits
) -> None:
    edits.remove("c")
    refusals = edits.put_addresses_first(
        [
            ("c", "live", "http://new.example/c"),
            ("b", "gone", "http://new.example/b"),
            ("b", "live", "no address"),
            ("a", "live", "http://new.example/a"),
        ]
    )
    assert [*refusals] == [("c", "live"), ("b", "gone"), ("b", "live")]
    assert str(refusals["c", "live"]).startswith("stations.toml has no station 'c'")
    assert stations_of(path).station("a").streams[0].urls[0] == "http://new.example/a"
    text = path.read_text()
    problem_of(edits.put_addresses_first, [("c", "live", "http://new.example/")] * 2)
    assert path.read_text() == text


def test_each_edit_is_undone_to_the_byte(path: Path, edits: StationEdits) -> None:
    windows = "\ufeff" + LIST.replace("\n", "\r\n").rstrip()
    for edit in (
        lambda: edits.add([new("D", "http://d.example/")]),
        lambda: edits.rename("a", "New"),
        lambda: edits.regroup("a", "G"),
        lambda: edits.remove("c"),
        lambda: edits.move("a", ListPlace(is_after=True)),
        lambda: edits.put_addresses_first([("b", "live", "http://new.example/")]),
    ):
        path.write_bytes(windows.encode())
        edit()
        assert path.read_bytes() != windows.encode()
        edits.undo()
        assert path.read_bytes() == windows.encode()
    assert problem_of(edits.undo).title == "there is nothing to undo"


def test_what_an_editor_changed_since_is_not_undone(path: Path, edits: StationEdits) -> None:
    edits.remove("b")
    path.write_text(path.read_text() + "# by hand\n")
    assert problem_of(edits.undo).title == "stations.toml was changed since: it stays as it is"
    assert path.read_text().endswith("# by hand\n")


def test_an_undo_file_of_nonsense_is_none(path: Path, edits: StationEdits, tmp_path: Path) -> None:
    for text in ("", "[]", "{", '{"file": 3}', "[" * 100_000):
        (tmp_path / "data").mkdir(exist_ok=True)
        (tmp_path / "data" / "undo.json").write_text(text)
        assert problem_of(edits.undo).title == "there is nothing to undo"
    assert path.read_text() == LIST


def test_a_station_that_is_not_there_names_the_nearest(path: Path, edits: StationEdits) -> None:
    for call in (edits.remove, lambda name: edits.rename(name, "N")):
        assert str(problem_of(call, "aa")) == ("stations.toml has no station 'aa': did you mean a?")
    assert path.read_text() == LIST


def test_a_file_that_is_written_otherwise_stays(path: Path, edits: StationEdits) -> None:
    for text in (
        'station = [{ id = "a", name = "A" }]\n',
        '[[station]]\nid = "a"\nname = "A"\n[[station]]\nid = "b\n',
        '[[station]]\nid = "a"\nname = "A"\nstream = [{ id = "live", url = "http://a/" }]\n',
    ):
        path.write_text(text)
        problem_of(edits.put_addresses_first, [("a", "live", "http://new.example/")])
        assert path.read_text() == text


def test_no_edit_of_many_writers_is_lost(path: Path, edits: StationEdits) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: edits.add([new(f"N{n}", f"http://{n}.example/")]), range(16)))
    assert len(stations_of(path).stations) == 19


PIECES = [
    '[[station]]\nid = "x"\nname = "X"\n[[station.stream]]\nid = "l"\nurl = "http://x/"\n',
    '[[station]]\nid = "y"\nname = "Y"\n[[station.stream]]\nid = "l"\nurl = "http://y/"\n',
    '  [[station.stream]]\r\n  id = "m"\r\n  url = "http://m/" # m\r\n',
    *('[[feed]]\nurl = "http://f/"\n', "# a remark\n", "\n", " \t\n", "\r\n", "# last"),
    *("group = '''\n[[station]]\n# x'''\n", "[settings]\nx = 1\n", "  # indented\n"),
]
moves = st.builds(ListPlace, st.booleans(), st.sampled_from(["", "x", "y"]))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(st.sampled_from(PIECES), max_size=10).map("".join),
    place=moves,
    action=st.sampled_from(["move", "remove", "rename", "group", "add"]),
)
def test_an_edit_changes_one_station_and_is_undone(
    path: Path, edits: StationEdits, text: str, place: ListPlace, action: str
) -> None:
    path.write_bytes(text.encode())
    before = read_station_list(path)
    try:
        match action:
            case "move":
                edits.move("x", place)
            case "remove":
                edits.remove("x")
            case "rename":
                edits.rename("x", "Z")
            case "group":
                edits.regroup("x", "Z")
            case _:
                edits.add([new("Z", "http://z/")])
    except Problem:
        assert path.read_bytes() == text.encode()
        return
    after = read_station_list(path)
    assert after.feeds == before.feeds
    untouched = [station for station in before.stations if station.id not in ("x", "z")]
    assert [station for station in after.stations if station.id not in ("x", "z")] == untouched
    if path.read_bytes() != text.encode():
        edits.undo()
        assert path.read_bytes() == text.encode()


def test_a_station_stands_below_those_of_its_group(path: Path, edits: StationEdits) -> None:
    edits.regroup("a", "G", by_group=True)
    assert [station.id for station in read_station_list(path).stations] == ["b", "c", "a"]
    edits.undo()
    assert path.read_text() == LIST
    edits.regroup("b", "New", by_group=True)
    late = Station("", "Late", new("Late", "http://late.example/").streams, group="New")
    edits.add([late, new("Last", "http://last.example/")], by_group=True)
    order = [station.id for station in read_station_list(path).stations]
    assert order == ["a", "b", "late", "c", "last"]
    edits.undo()
    assert "late" not in path.read_text()
