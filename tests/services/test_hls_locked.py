"""HLS under lock and key."""

from pathlib import Path

import pytest
from Crypto.Cipher import AES
from Crypto.Util.Padding import pad

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Finished, Lost
from tests.services.hls_station import Listening, Station, cut

KEYS = {"/one.key": b"0123456789abcdef", "/two.key": b"fedcba9876543210"}
IV = bytes(range(16))


@pytest.fixture
async def tune(tmp_path: Path):
    net = Net()
    opened: list[Listening] = []

    def tune(url: str) -> Listening:
        opened.append(Listening(net, url, tmp_path))
        return opened[-1]

    yield tune
    for listening in opened:
        await listening.close()
    await net.aclose()


def locked(body: bytes, key: str, iv: bytes) -> bytes:
    return AES.new(KEYS[key], AES.MODE_CBC, iv=iv).encrypt(pad(body, 16))


def lock(station: Station) -> None:
    """The first four with one key and a vector, then another by number, the last ones openly."""
    station.more = KEYS
    station.before[0] = f'#EXT-X-KEY:METHOD=AES-128,URI="one.key",IV=0x{IV.hex()}'
    station.before[4] = '#EXT-X-KEY:METHOD=AES-128,URI="/two.key"'
    station.before[8] = "#EXT-X-KEY:METHOD=NONE"
    for number, body in enumerate(station.segments[:8]):
        of_number = (station.numbered_from + number).to_bytes(16, "big")
        key, iv = ("/one.key", IV) if number < 4 else ("/two.key", of_number)
        station.segments[number] = locked(body, key, iv)


@pytest.mark.parametrize("kind", ["ts", "aac", "fmp4"])
async def test_segments_are_unlocked_also_where_the_key_changes(tune, kind: str):
    sound = cut(kind)
    station = Station(sound, listed=3)
    station.numbered_from = 0x0102030405060708
    lock(station)
    with station:
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound()
        assert station.server.paths().count("/one.key") == 1
        assert station.server.paths().count("/two.key") == 1


async def test_a_locked_beginning_is_unlocked(tune):
    sound = cut("fmp4")
    station = Station(sound, listed=3)
    station.more = KEYS
    station.init = locked(sound.init, "/one.key", IV)
    station.segments = [locked(body, "/one.key", IV) for body in station.segments]
    text = station.text
    line = f'#EXT-X-KEY:METHOD=AES-128,URI="one.key",IV=0x{IV.hex()}\n#EXT-X-MAP'
    station.text = lambda: text().replace("#EXT-X-MAP", line)  # type: ignore[method-assign]
    with station:
        listening = tune(station.url)
        await listening.until(Finished)
        assert listening.sound() == sound.sound()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('METHOD=SAMPLE-AES,URI="one.key"', "KNAU sends locked sound (SAMPLE-AES)"),
        ('METHOD=AES-128,URI="skd://one"', "KNAU sends locked sound (AES-128)"),
        ('METHOD=AES-128,URI="file:///etc/hostname"', "KNAU sends locked sound (AES-128)"),
        ('METHOD=AES-128,URI="one.key",KEYFORMAT="com.apple"', "KNAU sends locked sound"),
        ('METHOD=AES-128,URI="gone.key"', "KNAU is not there any more (404)"),
        ('METHOD=AES-128,URI="live.m3u8"', "KNAU sent no key for its sound"),
        ('METHOD=AES-128,URI="one.key"', "KNAU: the key does not fit the sound"),
    ],
)
async def test_what_cannot_be_unlocked_is_told_in_words(tune, line: str, words: str):
    with Station(cut("ts"), listed=5) as station:
        station.server.routes["/one.key"] = lambda c: c.answer(KEYS["/one.key"])
        station.before[0] = f"#EXT-X-KEY:{line}"
        lost = await tune(station.url).until(Lost)
        assert words in lost.problem.title
        assert lost.problem.hint
