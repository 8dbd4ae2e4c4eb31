"""Chapters and words of episodes: asked for, merged, chosen and kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace
from mutagen.id3 import CHAP, CTOC, ID3, TIT2, WXXX

from radiotui.feeds.parsing.model import Transcript
from radiotui.podcasts.chapters import Chapter
from radiotui.podcasts.episode_files import best_first
from radiotui.problems import Problem, ProblemKind
from tests.feeds import rss
from tests.loop_watch import watched
from tests.servers import Connection, Route, Server, serving
from tests.services.podcast_lab import PodcastLab, lab
from tests.sounds import encode

__all__ = ["lab"]

VTT = "WEBVTT\n\n00:01.000 --> 00:04.000\n<v Ann>Good morning\n"
PSC = (
    "<psc:chapters><psc:chapter start='0' title='Hello'/>"
    "<psc:chapter start='60' title='' href='https://a.example/2'/></psc:chapters>"
)
WITH_LIST = "<podcast:chapters url='/1.json' type='application/json+chapters'/>"


def feed(extra: str, channel: str = "<language>en-us</language>") -> Route:
    item = (
        "<item><title>Part 1</title><guid>1</guid><link>https://pods.example/1</link>"
        "<enclosure url='https://pods.example/1.mp3' type='audio/mpeg' length='1'/>"
        f"{extra}</item>"
    )
    return answer(rss(item, channel), "application/rss+xml")


def answer(body: str | bytes, kind: str = "text/plain") -> Route:
    data = body.encode() if isinstance(body, str) else body
    return lambda connection: connection.answer(data, kind)


def chapters(*titles: str) -> Route:
    rows = [{"startTime": 60.4 * at, "title": title} for at, title in enumerate(titles)]
    return answer(json.dumps({"chapters": rows}), "application/json")


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


async def episode(lab: PodcastLab, extra: str, channel: str = "<language>en-us</language>") -> int:
    """The number of the one episode of a podcast, of which the feed says this beside."""
    extra = extra.replace("url='/", f"url='{lab.server.url()}")
    lab.server.routes["/station.rss"] = feed(extra, channel)
    await lab.podcasts.refresh()
    _, (podcast_episode,) = await lab.podcasts.episodes(lab.server.url("/station.rss"))
    return podcast_episode.headline.id


def asked(lab: PodcastLab) -> list[str]:
    return [path for path in lab.server.paths() if path != "/station.rss"]


class TestChapters:
    async def test_the_feed_s_own_need_no_question(self, lab: PodcastLab) -> None:
        result = await lab.podcasts.chapters(await episode(lab, PSC))
        assert result.chapters == (
            Chapter(0, "Hello"),
            Chapter(60, "", "https://a.example/2"),
        )
        assert (result.problem, asked(lab)) == (None, [])

    async def test_the_list_is_merged_with_the_feed_s_and_the_file_s(self, lab: PodcastLab) -> None:
        number = await episode(lab, PSC + WITH_LIST)
        lab.server.routes["/1.json"] = chapters("Start", "River")
        assert (await lab.podcasts.chapters(number)).chapters == (
            Chapter(0, "Start"),
            Chapter(60.4, "River", "https://a.example/2"),
        )
        of_file = [Chapter(0.5, "Own"), Chapter(60.1, "")]
        assert (await lab.podcasts.chapters(number, of_file)).chapters == (
            Chapter(0.5, "Own"),
            Chapter(60.1, "River", "https://a.example/2"),
        )
        assert asked(lab) == ["/1.json"], "it is kept"

    async def test_a_day_later_it_is_asked_again(self, lab: PodcastLab) -> None:
        number = await episode(lab, WITH_LIST)
        lab.server.routes["/1.json"] = chapters("a", "b")
        await lab.podcasts.chapters(number)
        lab.server.routes["/1.json"] = chapters("a", "b", "c")
        lab.time.now += timedelta(hours=23)
        assert len((await lab.podcasts.chapters(number)).chapters) == 2
        lab.time.now += timedelta(hours=2)
        assert len((await lab.podcasts.chapters(number)).chapters) == 3
        del lab.server.routes["/1.json"]
        result = await lab.podcasts.chapters(number, anew=True)
        assert len(result.chapters) == 3, "what is kept is given, with why"
        assert result.problem is not None
        assert result.problem.status == 404

    async def test_a_list_of_one_is_not_kept(self, lab: PodcastLab) -> None:
        number = await episode(lab, WITH_LIST)
        lab.server.routes["/1.json"] = chapters("Placeholder")
        assert (await lab.podcasts.chapters(number)).chapters == (Chapter(0, "Placeholder"),)
        lab.server.routes["/1.json"] = chapters("a", "b")
        assert len((await lab.podcasts.chapters(number)).chapters) == 2
        assert asked(lab) == ["/1.json"] * 2

    @pytest.mark.parametrize("body", [b"<html>", b"[" * 900_000, b'{"chapters": 1}', b"\xff"])
    async def test_what_is_no_list_is_said_and_costs_the_feed_s_nothing(
        self, lab: PodcastLab, body: bytes
    ) -> None:
        number = await episode(lab, PSC + WITH_LIST)
        lab.server.routes["/1.json"] = answer(body)
        result = await lab.podcasts.chapters(number)
        assert len(result.chapters) == 2
        assert result.problem is not None
        assert result.problem.title == "127.0.0.1 sent chapters that cannot be read"

    async def test_an_answer_without_an_end_is_cut(self, lab: PodcastLab) -> None:
        number = await episode(lab, WITH_LIST)
        lab.server.routes["/1.json"] = endless
        result = await lab.podcasts.chapters(number)
        assert result.problem is not None
        assert result.problem.kind is ProblemKind.TOO_BIG

    async def test_damage_in_the_store_is_asked_for_again(self, lab: PodcastLab) -> None:
        number = await episode(lab, WITH_LIST)
        lab.server.routes["/1.json"] = chapters("a", "b")
        await lab.podcasts.chapters(number)
        await lab.store.ask(lambda c: c.execute("UPDATE episode_file SET content = '[{'"))
        assert len((await lab.podcasts.chapters(number)).chapters) == 2
        await lab.store.ask(lambda c: c.execute("UPDATE entry SET episode = '['"))
        assert (await lab.podcasts.chapters(number)).chapters == ()

    async def test_an_episode_that_is_not_kept_is_said(self, lab: PodcastLab) -> None:
        with pytest.raises(Problem, match="not kept any more"):
            await lab.podcasts.chapters(77)


def endless(connection: Connection) -> None:
    connection.live("text/vtt")
    for _ in range(100):
        connection.send(b"x" * 1024 * 1024)


def named(url: str, kind: str = "", language: str = "") -> str:
    return f"<podcast:transcript url='{url}' type='{kind}' language='{language}'/>"


class TestTranscripts:
    async def test_it_is_asked_for_once_and_survives(self, lab: PodcastLab) -> None:
        number = await episode(lab, named("/1.vtt", "text/vtt"))
        lab.server.routes["/1.vtt"] = answer(VTT, "text/html")
        first = await lab.podcasts.transcript(number)
        ((start, end, speaker, text),) = [
            (line.start, line.end, line.speaker, line.text) for line in first.lines
        ]
        assert (start, end, speaker, text) == (1, 4, "Ann", "Good morning")
        assert (first.language, first.url) == ("en-us", lab.server.url("/1.vtt"))
        del lab.server.routes["/1.vtt"]
        assert await lab.podcasts.transcript(number) == first
        assert await lab.podcasts.transcript(number, anew=True) == first
        assert asked(lab) == ["/1.vtt"] * 2

    async def test_it_is_asked_for_again_when_the_feed_says_something_new(
        self, lab: PodcastLab
    ) -> None:
        number = await episode(lab, named("/1.vtt"))
        lab.server.routes["/1.vtt"] = answer(VTT)
        await lab.podcasts.transcript(number)
        lab.time.now += timedelta(hours=1)
        again = await episode(lab, named("/1.vtt") + "<description>New words</description>")
        lab.server.routes["/1.vtt"] = answer(VTT.replace("morning", "evening"))
        assert again == number
        assert (await lab.podcasts.transcript(number)).lines[0].text == "Good evening"

    async def test_one_that_takes_seconds_holds_nobody_up(self, lab: PodcastLab) -> None:
        number = await episode(lab, named("/1.vtt"))
        lab.server.routes["/1.vtt"] = answer(b"00:00:0" * 300_000)
        with watched(threads=True):
            assert (await lab.podcasts.transcript(number)).lines[0].start is None

    async def test_the_next_one_is_tried_where_the_best_cannot_be_read(
        self, lab: PodcastLab
    ) -> None:
        number = await episode(lab, named("/1.html") + named("/1.vtt") + named("/1.srt"))
        lab.server.routes["/1.vtt"] = answer("<html><body>Log in</body></html>")
        lab.server.routes["/1.srt"] = answer("1\n00:00:01,000 --> 00:00:02,000\nHello\n")
        assert (await lab.podcasts.transcript(number)).lines[0].text == "Hello"
        assert asked(lab) == ["/1.vtt", "/1.srt"]

    async def test_why_there_is_none(self, lab: PodcastLab) -> None:
        number = await episode(lab, "")
        with pytest.raises(Problem, match=r"has no transcript$"):
            await lab.podcasts.transcript(number)
        assert await episode(lab, named("/1.vtt")) == number
        with pytest.raises(Problem, match="404"):
            await lab.podcasts.transcript(number)
        lab.server.routes["/1.vtt"] = answer(bytes(1000))
        with pytest.raises(Problem, match="a transcript that cannot be read"):
            await lab.podcasts.transcript(number)
        lab.server.routes["/1.vtt"] = endless
        with pytest.raises(Problem) as problem:
            await lab.podcasts.transcript(number)
        assert problem.value.kind is ProblemKind.TOO_BIG
        with pytest.raises(Problem, match="no transcript in 'fr'") as problem:
            await lab.podcasts.transcript(number, "fr")
        assert problem.value.hint == "there are: en-us"

    async def test_the_largest_does_not_hold_the_loop(self, lab: PodcastLab) -> None:
        number = await episode(lab, named("/1.vtt"))
        lab.server.routes["/1.vtt"] = answer("WEBVTT\n\n" + "00:01 --> 00:02\nriver\n\n" * 300_000)
        with watched():
            transcript = await lab.podcasts.transcript(number)
        assert len(transcript.lines) == 50_000

    async def test_an_episode_is_named_by_its_number_or_its_page(self, lab: PodcastLab) -> None:
        number = await episode(lab, "")
        assert await lab.podcasts.named_episode(str(number)) == number
        assert await lab.podcasts.named_episode("https://pods.example/1") == number
        for typed in ("https://pods.example/2", "9" * 40, "\x1b[31mred"):
            with pytest.raises(Problem, match="there is no episode") as problem:
                await lab.podcasts.named_episode(typed)
            assert "\x1b" not in str(problem.value)


class TestSearch:
    async def search(self, lab: PodcastLab, typed: str) -> list[tuple[str, float | None]]:
        results = await lab.stories.search(typed, lambda _: ())
        return [(result.snippet, result.second) for result in results]

    async def test_words_that_are_said_are_found_with_their_second(self, lab: PodcastLab) -> None:
        body = "<description>Read about a lake</description>"
        number = await episode(lab, named("/1.vtt") + named("/2.vtt", language="de") + body)
        cues = "".join(
            f"00:{at:02} --> 00:{at + 1:02}\nword{at} river &amp; stone\n" for at in range(50)
        )
        lab.server.routes["/1.vtt"] = answer(
            f"WEBVTT\n\n{cues}\n1:00:07.5 --> 1:00:09\nThe condor\n"
        )
        lab.server.routes["/2.vtt"] = answer("WEBVTT\n\n00:42 --> 00:43\nDer Adler\n")
        assert await self.search(lab, "condor") == []
        await lab.podcasts.transcript(number)
        ((snippet, second),) = await self.search(lab, "condor")
        assert snippet.endswith("stone The condor")
        assert second == 3607.5
        ((_, second),) = await self.search(lab, "word31")
        assert second == 31
        ((_, second),) = await self.search(lab, "lake")
        assert second is None, "it is read, not said"
        await lab.podcasts.transcript(number, "de")
        assert [second for _, second in await self.search(lab, "Adler")] == [42]
        assert [second for _, second in await self.search(lab, "condor")] == [3607.5]

    async def test_the_second_is_that_of_the_line_with_most_of_the_words(
        self, lab: PodcastLab
    ) -> None:
        number = await episode(lab, named("/1.vtt"))
        cues = (f"00:{at:02}.000 --> 00:{at:02}.900\nThis is line {at}." for at in range(40))
        lab.server.routes["/1.vtt"] = answer("\n\n".join(("WEBVTT", *cues)))
        await lab.podcasts.transcript(number)
        ((_, second),) = await self.search(lab, "line 27")
        assert second == 27.0

    async def test_words_without_times_and_damaged_ones(self, lab: PodcastLab) -> None:
        number = await episode(lab, named("/1.txt"))
        lab.server.routes["/1.txt"] = answer("We saw a condor.\n")
        await lab.podcasts.transcript(number)
        assert await self.search(lab, "condor") == [("We saw a condor.", None)]
        await lab.store.ask(lambda c: c.execute("UPDATE episode_file SET content = '{'"))
        assert await self.search(lab, "condor") == [("We saw a condor.", None)]
        await lab.store.ask(lambda c: c.execute("UPDATE entry SET indexed = 0"))
        assert await self.search(lab, "condor") == []


class TestChoice:
    def order(self, *named: tuple[str, str, str], asked: str | None = None, own: str = "") -> str:
        transcripts = [Transcript(f"https://a.example/{url}", *rest) for url, *rest in named]
        return " ".join(one.url.rsplit("/")[-1] for one in best_first(transcripts, asked, own))

    def test_those_with_times_come_first(self) -> None:
        forms = (
            ("a", "text/plain", ""), ("b", "text/html", ""), ("c", "application/json", ""),
            ("d", "application/x-subrip", ""), ("e", "text/vtt; charset=utf-8", ""),
        )  # fmt: skip
        assert self.order(*forms) == "e d c b a"
        bare = (("a.txt", "", ""), ("b.html", "", ""), ("c", "", ""), ("d.SRT", "text/x", ""))
        assert self.order(*bare) == "d.SRT b.html c a.txt"

    def test_the_language_is_the_one_asked_for_else_the_podcast_s_else_the_first(self) -> None:
        languages = (
            ("a", "", "de"),
            ("b", "text/vtt", "en-GB"),
            ("c", "text/vtt", "en"),
            ("d", "", ""),
        )
        assert self.order(*languages, asked="en") == "c b"
        assert self.order(*languages, own="en-us") == "b c d"
        assert self.order(*languages, own="fr", asked="DE") == "a"
        assert self.order(*languages) == "a"
        assert self.order(*languages, own="fr") == "d"
        assert self.order() == ""
        with pytest.raises(Problem, match="no transcript in 'it'") as problem:
            self.order(*languages, asked="it")
        assert problem.value.hint == "there are: de, en-GB, en"


class TestReader:
    async def test_it_knows_the_languages_before_any_is_asked_for(self, lab: PodcastLab) -> None:
        both = named("/1.vtt") + named("/de.vtt", language="de")
        assert await lab.podcasts.transcript_languages(await episode(lab, both)) == ("en-us", "de")
        assert asked(lab) == []

    async def test_the_chapters_of_the_kept_file_are_known_with_their_links(
        self, lab: PodcastLab, tmp_path: Path
    ) -> None:
        number = await episode(lab, "")
        assert (await lab.podcasts.known_chapters(number)).chapters == ()
        path = tmp_path / "kept.sound"

        async def kept(_entry: int) -> Path:
            return path

        lab.podcasts.deps = replace(lab.podcasts.deps, file_of=kept)
        path.write_bytes(encode("mp3", 8))
        tags = ID3()
        link = WXXX(encoding=3, desc="", url="https://river.example/")
        title = TIT2(encoding=3, text=["River"])
        tags.add(CHAP(element_id="c", start_time=2000, end_time=5000, sub_frames=[title, link]))
        tags.add(CTOC(element_id="toc", flags=3, child_element_ids=["c"], sub_frames=[]))
        tags.save(path)
        assert (await lab.podcasts.known_chapters(number)).chapters == (
            Chapter(2.0, "River", "https://river.example/", end=5.0),
        )
