"""What a feed says and feedparser loses: none of it is lost, and none of it leaks elsewhere."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from radiotui.audio.chapters import Chapter
from radiotui.documents.model import Figure
from radiotui.feeds.parsing import extensions as second_pass
from radiotui.feeds.parsing import values
from radiotui.feeds.parsing.model import (
    AlternateEnclosure,
    LiveItem,
    Person,
    Soundbite,
    Transcript,
)
from radiotui.feeds.parsing.parse import parse_feed
from tests.documents import markdown_of
from tests.feeds import BROADCAST, ITEM, NAMESPACES, URL, only, read, rss


class TestRepeated:
    def test_every_transcript(self) -> None:
        entry = only(
            "<podcast:transcript url='/1.vtt' type='text/vtt' language='en'/>"
            "<podcast:transcript url='https://x.example/1.srt' type='application/x-subrip'/>"
            "<podcast:transcript url='javascript:alert(1)' type='text/html'/>"
            "<podcast:transcript url='https://x.example/1.json' type='application/json'/>"
        )
        assert entry.episode.transcripts == (
            Transcript("https://knau.example/1.vtt", "text/vtt", "en"),
            Transcript("https://x.example/1.srt", "application/x-subrip"),
            Transcript("https://x.example/1.json", "application/json"),
        )

    def test_every_person_with_name_and_role(self) -> None:
        entry = only(
            "<podcast:person href='https://x.example/ann'>Ann Example</podcast:person>"
            "<podcast:person role='Guest' img='/bo.jpg'>Bo &amp; Cy</podcast:person>"
            "<podcast:person role='guest'> </podcast:person>"
        )
        assert entry.episode.persons == (
            Person("Ann Example", "host", "https://x.example/ann"),
            Person("Bo & Cy", "guest", None, "https://knau.example/bo.jpg"),
        )

    def test_every_other_form_of_the_episode(self) -> None:
        entry = only(
            "<podcast:alternateEnclosure type='audio/opus' length='99' bitrate='64000.5'"
            " title='Small'><podcast:source uri='https://x.example/1.opus'/>"
            "<podcast:source uri='ipfs://nowhere'/><podcast:source uri='/mirror/1.opus'/>"
            "</podcast:alternateEnclosure>"
            "<podcast:alternateEnclosure type='video/mp4'>"
            "<podcast:source uri='https://x.example/1.mp4'/></podcast:alternateEnclosure>"
            "<podcast:alternateEnclosure type='audio/flac'/>"
        )
        assert entry.episode.alternates == (
            AlternateEnclosure(
                ("https://x.example/1.opus", "https://knau.example/mirror/1.opus"),
                *("audio/opus", "Small", 99, 64000),
            ),
            AlternateEnclosure(("https://x.example/1.mp4",), "video/mp4"),
        )

    def test_every_creator(self) -> None:
        entry = only(
            "<dc:creator>Ann Example</dc:creator><dc:creator>Bo &amp;amp; Cy</dc:creator>"
            "<dc:creator>desk@knau.example</dc:creator><dc:creator>Ann Example</dc:creator>"
        )
        assert entry.byline == "Ann Example, Bo & Cy"

    def test_every_soundbite(self) -> None:
        entry = only(
            "<podcast:soundbite startTime='73.5' duration='60'>Why it snows</podcast:soundbite>"
            "<podcast:soundbite startTime='1234.5' duration='42.25'/>"
            "<podcast:soundbite startTime='x' duration='42.25'/>"
        )
        assert entry.episode.soundbites == (
            Soundbite(73.5, 60, "Why it snows"),
            Soundbite(1234.5, 42.25),
        )


class TestEpisodes:
    @pytest.mark.parametrize(
        ("written", "seconds"),
        [
            ("1:02:03", 3723),
            ("3723", 3723),
            ("62:03", 3723),
            ("01:02:03.5", 3723.5),
            ("90.25", 90.25),
            (" 5:00 ", 300),
            ("62 min", 3720),
            ("1h 2m 3s", 3723),
            ("1 hour, 2 minutes", 3720),
            ("PT1H2M3S", 3723),
            ("45 seconds", 45),
            *((nothing, None) for nothing in ("", "0", "0:00", "long", "-5", "1:2:3:4", "9" * 30)),
        ],
    )
    def test_how_long_it_sounds(self, written: str, seconds: float | None) -> None:
        entry = only(
            "<enclosure url='https://x.example/1.jpg' type='image/jpeg'/>"
            "<enclosure url='https://x.example/1.mp3' type='audio/mpeg'/>"
            "<enclosure url='https://x.example/2.mp3' type='audio/mpeg'/>"
            f"<itunes:duration>{written}</itunes:duration>"
        )
        assert [each.seconds for each in entry.enclosures] == [None, seconds, None]

    def test_chapters_with_fractions(self) -> None:
        entry = only(
            "<psc:chapters version='1.2'>"
            "<psc:chapter start='00:00:00.000' title='Hello'/>"
            "<psc:chapter start='1:02:03.25' title='Snow &amp;amp; ice' href='/snow'"
            " image='s.jpg'/>"
            "<psc:chapter start='90.5' title='x'/><psc:chapter start='soon' title='never'/>"
            "</psc:chapters>"
        )
        assert entry.episode.chapters == (
            Chapter(0, "Hello"),
            Chapter(
                3723.25,
                "Snow & ice",
                "https://knau.example/snow",
                "https://knau.example/news/s.jpg",
            ),
            Chapter(90.5, "x"),
        )

    def test_its_place_and_kind(self) -> None:
        episode = only(
            "<itunes:season>2</itunes:season><podcast:episode display='A'>3.5</podcast:episode>"
            "<itunes:episodeType>Bonus</itunes:episodeType><itunes:image href='/e.jpg'/>"
            "<podcast:chapters url='https://x.example/c.json' type='application/json+chapters'/>"
        ).episode
        assert (episode.season, episode.number, episode.kind) == (2, 3, "bonus")
        assert episode.image == "https://knau.example/e.jpg"
        assert episode.chapters_url == "https://x.example/c.json"

    def test_a_cover_is_no_picture_of_the_story(self) -> None:
        assert only("<itunes:image href='/e.jpg'/>").figures == ()

    def test_other_prefixes_and_namespaces_of_old_mean_the_same(self) -> None:
        body = """<rss version="2.0" xmlns:p="https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
        xmlns:i="http://www.itunes.com/DTDs/Podcast-1.0.dtd"><channel><title>t</title><item>
        <title>t</title><guid>1</guid><enclosure url="https://x.example/1.mp3"/>
        <p:person>Ann</p:person><i:duration>60</i:duration></item></channel></rss>"""
        (entry,) = parse_feed(body.encode(), URL).entries
        assert entry.episode.persons == (Person("Ann", "host"),)
        assert entry.enclosures[0].seconds == 60

    def test_an_episode_that_gets_a_transcript_says_something_new(self) -> None:
        before, after, again = (
            only(f"<podcast:transcript url='/{name}.vtt' type='text/vtt'/>") for name in "abb"
        )
        assert before.digest != after.digest == again.digest


class TestLiveItems:
    @pytest.mark.parametrize(
        "items", [BROADCAST + ITEM, ITEM + BROADCAST, BROADCAST + ITEM + BROADCAST]
    )
    def test_a_broadcast_stays_out_of_feed_and_entries(self, items: str) -> None:
        for head in ("<link>https://knau.example/show/</link>", ""):
            feed = read(items, head)
            (entry,) = feed.entries
            base = "https://knau.example/show/" if head else "https://knau.example/"
            assert feed.title == "Coconino Now"
            assert (entry.guid, entry.title, entry.link) == ("snow", "Snow", None)
            assert (entry.enclosures, entry.episode.persons) == ((), ())
            assert markdown_of(entry) == f"[More]({base}more)"

    def test_it_is_told_by_itself(self) -> None:
        assert read(BROADCAST + ITEM).channel.live == (
            LiveItem(
                guid="live-1",
                title="Live from the rim",
                status="live",
                start=datetime(2026, 3, 2, 14, 30, tzinfo=UTC),
                end=None,
                link="https://live.example/page",
                url="https://live.example/stream.mp3",
            ),
        )

    def test_a_feed_of_broadcasts_only_has_no_entries(self) -> None:
        feed = read(BROADCAST)
        assert feed.entries == ()
        assert len(feed.channel.live) == 1


class TestTogether:
    BROKEN = (
        "<item><title>Q & A</title><guid>1</guid><podcast:person>One</podcast:person></item>"
        "<item><title>b</title><link>https://x.example/2</link>"
        "<podcast:person>Two</podcast:person></item>"
    )

    def test_broken_xml_keeps_them_too(self) -> None:
        feed = read(self.BROKEN)
        assert [each.episode.persons[0].name for each in feed.entries] == ["One", "Two"]

    def test_without_declared_prefixes_too(self) -> None:
        body = f"<rss version='2.0'><channel><title>t</title>{self.BROKEN}</channel></rss>"
        feed = parse_feed(body.encode(), URL)
        assert [each.episode.persons[0].name for each in feed.entries] == ["One", "Two"]

    def test_where_the_numbers_differ_names_decide(self) -> None:
        # An item within an item is two for one reader and one for the other.
        feed = read(
            "<item><title>a</title><guid>a</guid><podcast:person>Ann</podcast:person>"
            "<item><title>inner</title><guid>inner</guid></item></item>"
            "<item><title>b</title><guid>b</guid><podcast:person>Bo</podcast:person></item>"
        )
        persons = {each.guid: each.episode.persons for each in feed.entries}
        assert persons["b"] == (Person("Bo", "host"),)
        assert all(
            person.name == {"a": "Ann"}.get(guid)
            for guid, found in persons.items()
            if guid != "b"
            for person in found
        )

    def test_where_the_numbers_differ_the_place_says_nothing(self) -> None:
        feed = read(
            "<item><title>a</title><item><title>inner</title></item></item>"
            "<item><title>b</title><podcast:person>Bo</podcast:person></item>"
        )
        assert {each.title for each in feed.entries} >= {"inner", "b"}
        assert [each.title for each in feed.entries if each.episode.persons] in ([], ["b"])

    def test_one_bad_item_costs_its_own_extras_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = values.sound_length

        def trips(text: str) -> float | None:
            if text == "bad":
                raise ValueError(text)
            return whole(text)

        monkeypatch.setattr(second_pass, "sound_length", trips)
        item = (
            "<item><guid>{0}</guid><enclosure url='https://x.example/{0}.mp3'/>"
            "<title>{0}</title><itunes:duration>{0}</itunes:duration></item>"
        )
        feed = read(item.format("bad") + item.format("60"))
        assert [each.enclosures[0].seconds for each in feed.entries] == [None, 60]

    def test_an_address_within_an_address_that_is_none(self) -> None:
        feed = read(
            "<item><title>a</title><guid>a</guid>"
            "<media:content url='https://x.example/i.jpg?url=http://[bad'/>"
            "<description>&lt;img src='https://x.example/j.jpg?url=http://[bad'&gt;</description>"
            "</item><item><title>b</title><guid>b</guid></item>"
        )
        assert [each.guid for each in feed.entries] == ["a", "b"]
        assert len(feed.entries[0].figures) == 2

    def test_rdf_has_its_items_beside_the_channel(self) -> None:
        body = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" {NAMESPACES}><channel><title>t</title></channel>
        <item rdf:about="1"><title>a</title><link>https://x.example/1</link>
        <media:content url="https://x.example/1.jpg"/></item></rdf:RDF>"""
        (entry,) = parse_feed(body.encode(), URL).entries
        assert entry.figures == (Figure("https://x.example/1.jpg"),)

    def test_atom(self) -> None:
        body = f"""<feed xmlns="http://www.w3.org/2005/Atom" {NAMESPACES}><title>t</title>
        <entry><id>1</id><title>a</title><link href="/w"/>
        <media:group><media:content url="https://x.example/v.mp4" type="video/mp4"/>
        <media:thumbnail url="t.jpg"/><media:description>About.</media:description>
        </media:group></entry></feed>"""
        (entry,) = parse_feed(body.encode(), URL).entries
        assert entry.figures == (Figure("https://knau.example/t.jpg"),)
        assert markdown_of(entry) == "About."

    @pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "utf-16", "cp1252"])
    def test_any_charset(self, encoding: str) -> None:
        inside = "<item><title>t</title><guid>1</guid><podcast:person>Zoé</podcast:person></item>"
        declared = {"cp1252": "utf-8"}.get(encoding, encoding)
        body = f"<?xml version='1.0' encoding='{declared}'?>{rss(inside)}".encode(encoding)
        assert parse_feed(body, URL).entries[0].episode.persons[0].name == "Zoé"
