"""Which of a station's variants is heard, and what is told of lists that mean no good."""

from pathlib import Path

import pytest

from radiotui.net.client import Net
from radiotui.radio.tuner.tuner import Arrived, Finished, Lost
from tests.servers import serving
from tests.services.hls_station import Listening, Station, cut

MASTER = """#EXTM3U
#EXT-X-STREAM-INF:BANDWIDTH=52000,CODECS="mp4a.40.5"
low.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=105000,CODECS="mp4a.40.2"
medium.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=210000,CODECS="mp4a.40.2"
high.m3u8
"""


@pytest.fixture
async def tune(tmp_path: Path):
    net = Net()
    opened: list[Listening] = []

    def tune(url: str, **more: object) -> Listening:
        opened.append(Listening(net, url, tmp_path, **more))
        return opened[-1]

    yield tune
    for listening in opened:
        await listening.close()
    await net.aclose()


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
async def test_the_quality_that_is_wanted_is_asked_for(tune, quality: str):
    with Station(cut("aac")) as station:
        station.server.routes["/master.m3u8"] = lambda c: c.answer(MASTER.encode(), "audio/mpegurl")
        station.server.routes[f"/{quality}.m3u8"] = station.server.routes["/live.m3u8"]
        listening = tune(station.server.url("/master.m3u8"), quality=quality)
        await listening.until(Arrived)
        assert station.server.paths()[:2] == ["/master.m3u8", f"/{quality}.m3u8"]


async def test_a_variant_that_is_not_there_gives_way_to_the_next(tune):
    with Station(cut("aac")) as station:
        station.server.routes["/master.m3u8"] = lambda c: c.answer(MASTER.encode(), "audio/mpegurl")
        station.server.routes["/low.m3u8"] = station.server.routes["/live.m3u8"]
        listening = tune(station.server.url("/master.m3u8"))
        await listening.until(Finished)
        asked = [path for path in station.server.paths() if path.endswith("m3u8")][:4]
        assert asked == ["/master.m3u8", "/high.m3u8", "/medium.m3u8", "/low.m3u8"]
        assert listening.sound() == cut("aac").sound()


async def test_the_master_list_is_asked_again_after_a_drop(tune):
    with Station(cut("aac")) as station:
        station.last, station.ends = 5, False
        station.server.routes["/master.m3u8"] = lambda c: c.answer(MASTER.encode(), "audio/mpegurl")
        station.server.routes["/high.m3u8"] = station.server.routes["/live.m3u8"]
        listening = tune(station.server.url("/master.m3u8"))
        await listening.until(Lost)
        station.last = 9
        await listening.until(Arrived, 2)
        assert station.server.paths().count("/master.m3u8") >= 2
        await listening.until_true(lambda: listening.sound() == cut("aac").sound())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:///etc/hostname\n" * 3, "nothing to send"),
        ("#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:///etc/hostname\n", "is empty"),
        ("#EXT-X-STREAM-INF:BANDWIDTH=1\nlist\n", "playlists within playlists"),
        ("#EXT-X-ENDLIST\n", "is empty"),
        ("#EXT-X-TARGETDURATION:2\n" + "#EXTINF:2,\na\n" * 20_001, "too long"),
        ("#EXT-X-TARGETDURATION:2\n" + "#EXTINF:2,\npage\n" * 3, "a web page instead of sound"),
        ("#EXT-X-TARGETDURATION:2\n" + "#EXTINF:2,\nnoise\n" * 3, "what radiotui cannot play"),
        ("#EXT-X-TARGETDURATION:2\n" + "#EXTINF:2,\nac3\n" * 3, "cannot play (ac3)"),
    ],
)
async def test_a_list_that_means_no_good_is_told_in_words(tune, body: str, words: str):
    text = f"#EXTM3U\n{body}"
    with serving(
        list=lambda c: c.answer(text.encode(), "application/vnd.apple.mpegurl"),
        page=lambda c: c.answer(b"<!DOCTYPE html><html>Log in</html>", "text/html"),
        noise=lambda c: c.answer(b"\x01\x02" * 1000, "video/mp2t"),
        ac3=lambda c: c.answer(AC3, "video/mp2t"),
    ) as server:
        lost = await tune(server.url("/list")).until(Lost)
        assert words in str(lost.problem)
        assert lost.problem.title.startswith("KNAU")


def _ac3() -> bytes:
    import io

    import av

    out = io.BytesIO()
    with av.open(out, "w", format="mpegts") as container:
        stream = container.add_stream("ac3", rate=48_000)
        stream.codec_context.layout = "stereo"
        frame = av.AudioFrame(format="fltp", layout="stereo", samples=1536)
        frame.sample_rate = 48_000
        for number in range(20):
            frame.pts = number * 1536
            container.mux(stream.encode(frame))
    return out.getvalue()


AC3 = _ac3()
