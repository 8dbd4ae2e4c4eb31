"""The list radiotui comes with, and how it becomes the listener's own."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from radiotui.config import asset
from radiotui.stations import reader
from radiotui.stations.edit import add_feed
from radiotui.stations.file import make_station_file, read_station_list
from radiotui.stations.model import OwnFeed
from radiotui.stations.schedule_sources import SCHEDULE_SOURCES


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "stations.toml"


def test_the_default_list_is_right(path: Path) -> None:
    assert make_station_file(path) is None
    station_list = read_station_list(path)
    assert station_list.problems == ()
    assert station_list.feeds == ()
    assert [station.id for station in station_list.stations][:3] == ["knau", "npr", "kjzz"]
    assert len(station_list.stations) == 20
    assert sum(len(station.streams) for station in station_list.stations) == 22
    station, stream = station_list.find("knau")
    assert (station.name, station.zone.key) == ("KNAU Arizona Public Radio", "America/Phoenix")
    assert station.feeds == ("https://www.knau.org/knau-and-arizona-news.rss",)
    assert [stream.name for stream in station.streams] == ["News & Talk", "Classical"]
    assert stream.schedule[0].option("stream") == "4fcf715a164a4a2bb776b12070fa5285"
    assert station_list.find("kutx")[1].schedule[0].source == "composer"


def manual() -> str:
    """The remarks at the head of the list."""
    return asset("stations.toml").read_text().split("\n\n")[0]


def test_the_example_in_the_default_list_can_be_used(path: Path) -> None:
    lines = [line.removeprefix("#") for line in manual().splitlines()]
    first = next(i for i, line in enumerate(lines) if line.startswith(" [[station]]"))
    last = next(i for i, line in enumerate(lines) if 'end = "02:00"' in line)
    path.write_text("\n".join(lines[first : last + 1]))
    station_list = read_station_list(path)
    assert station_list.problems == ()
    station, stream = station_list.find("my-radio")
    assert station.feeds
    assert station.podcasts
    assert [source.source for source in stream.schedule] == ["npr", "composer"]
    assert [line.days for line in stream.programmes] == [{0, 1, 2, 3, 4}, {5, 6}]


def test_the_example_of_a_feed_can_be_used(path: Path) -> None:
    lines = asset("stations.toml").read_text().splitlines()
    block = lines[lines.index(next(line for line in lines if line.startswith("# [[feed]]"))) :]
    path.write_text("\n".join(line.removeprefix("#") for line in block))
    station_list = read_station_list(path)
    assert station_list.problems == ()
    (feed,) = station_list.feeds
    assert feed == OwnFeed("https://example.org/news.rss", "Example News", "News")
    keys = reader.FEED_TABLES["feed"].checks
    assert [key for key in keys if not any(f" {key} = " in line for line in block)] == []
    assert station_list.podcasts == (
        OwnFeed("https://example.org/show.rss"),
        OwnFeed("https://example.org/members.rss", password_command="pass show podcasts/x"),
    )
    (login,) = station_list.logins
    assert (login.url, login.user) == ("https://example.org/members.rss", "ann")


def test_a_feed_that_is_added_stands_below_the_example(path: Path) -> None:
    add_feed(path, OwnFeed("https://x.example/rss"))
    added = '\n[[feed]]\nurl = "https://x.example/rss"\n'
    assert path.read_text() == asset("stations.toml").read_text() + added


def test_the_default_list_explains_every_key() -> None:
    shapes = [
        reader.STATION_TABLE,
        reader.STREAM_TABLE,
        reader.PROGRAMME_TABLE,
        *map(reader.source_table, SCHEDULE_SOURCES.values()),
    ]
    keys = {key for shape in shapes for key in shape.checks} - {"stream", "programme"}
    words = manual()
    assert [key for key in keys if not re.search(rf"\b{key} = ", words)] == []
    assert "[[station.stream]]" in words
    assert "[[station.stream.programme]]" in words


def test_a_listeners_file_is_never_touched(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"# mine\r\n")
    assert make_station_file(path) is None
    assert path.read_bytes() == b"# mine\r\n"
    link = tmp_path / "link.toml"
    link.symlink_to(tmp_path / "not-yet.toml")
    assert make_station_file(link) is None
    assert link.is_symlink()
    assert not link.exists()


def test_the_folder_is_made_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "stations.toml"
    assert make_station_file(path) is None
    assert path.read_bytes() == asset("stations.toml").read_bytes()
    assert [entry.name for entry in path.parent.iterdir()] == ["stations.toml"]
    # Addresses may hold passwords.
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder nobody but root may write, seen by somebody who is not root."""
    user = os.geteuid()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o555)
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)
            folder.chmod(0o755)


def test_a_folder_that_cannot_be_written_is_told(read_only_folder: Path) -> None:
    for path in (read_only_folder / "stations.toml", read_only_folder / "new" / "stations.toml"):
        problem = make_station_file(path)
        assert problem is not None
        assert str(problem) == (
            f"{path} cannot be written: permission denied; the built-in list is used"
        )
    assert list(read_only_folder.iterdir()) == []


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    problem = make_station_file(tmp_path / "config" / "stations.toml")
    assert problem is not None
    assert problem.hint.endswith("; the built-in list is used")


def test_reading_a_good_file_loads_nothing_heavy() -> None:
    code = (
        "import sys; from radiotui.config import asset\n"
        "from radiotui.stations.file import read_station_list\n"
        "assert read_station_list(asset('stations.toml')).stations\n"
        "print({'watchfiles', 'httpx', 'difflib'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
