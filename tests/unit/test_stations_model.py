"""What "knau" and "knau/classical" name."""

import pytest

from radiotui.problems import Problem
from radiotui.stations.model import ScheduleSource, Station, StationList, Stream

NEWS = Stream("news", "News & Talk", ("http://a.example/1",))
CLASSICAL = Stream("classical", "Classical", ("http://a.example/2",))
KNAU = Station("knau", "KNAU", (NEWS, CLASSICAL), timezone="America/Phoenix")
KJZZ = Station("kjzz", "KJZZ", (NEWS,))
ROSTER = StationList((KNAU, KJZZ))


def test_a_station_alone_means_its_first_stream() -> None:
    assert ROSTER.find("knau") == (KNAU, NEWS)
    assert ROSTER.find("knau/") == (KNAU, NEWS)


def test_a_stream_is_named_behind_its_station() -> None:
    assert ROSTER.find("knau/classical") == (KNAU, CLASSICAL)


@pytest.mark.parametrize(
    ("station_list", "name", "words"),
    [
        (ROSTER, "knua", "there is no station 'knua': did you mean knau?"),
        (ROSTER, "xyz", "there is no station 'xyz': there are: knau, kjzz"),
        (ROSTER, "knau/clasical", "KNAU has no stream 'clasical': did you mean classical?"),
        (ROSTER, "kjzz/jazz", "KJZZ has no stream 'jazz': there are: news"),
        (StationList(), "knau", "there is no station 'knau': the list is empty"),
    ],
)
def test_what_is_not_there_names_the_nearest(
    station_list: StationList, name: str, words: str
) -> None:
    with pytest.raises(Problem) as raised:
        station_list.find(name)
    assert str(raised.value) == words


def test_a_station_knows_its_own_time() -> None:
    assert KNAU.zone.key == "America/Phoenix"
    assert KJZZ.zone.key == "UTC"


def test_a_source_has_the_options_of_the_file() -> None:
    source = ScheduleSource("npr", (("stream", "4fcf"),))
    assert source.option("stream") == "4fcf"
    assert source.option("base", "https://api.example") == "https://api.example"


def test_station_lists_with_the_same_stations_and_problems_are_the_same() -> None:
    again = StationList((KNAU, KJZZ), (Problem("a", "b"),))
    assert again == StationList((KNAU, KJZZ), (Problem("a", "b"),))
    assert again != ROSTER
