"""The pictures of a feed's stories: each once, each with its own words."""

from __future__ import annotations

import pytest

from radiotui.documents.model import Figure
from radiotui.feeds.parsing.model import ParsedEntry
from tests.documents import markdown_of
from tests.feeds import only


class TestPictures:
    @pytest.mark.parametrize(
        "inside",
        [
            "<description>The story.</description><media:description>A hat.</media:description>",
            "<media:description>A hat.</media:description><description>The story.</description>",
            "<description>The story.</description><media:content url='https://x.example/1.jpg'>"
            "<media:description>A hat.</media:description></media:content>",
            "<media:group><media:content url='https://x.example/1.jpg' medium='image'/>"
            "<media:description>A hat.</media:description></media:group>"
            "<description>The story.</description>",
            "<media:description type='html'>A hat&amp;#46;</media:description>"
            "<content:encoded>The story.</content:encoded>",
        ],
    )
    def test_words_of_a_picture_are_not_the_story(self, inside: str) -> None:
        assert markdown_of(only(inside)) == "The story."

    def test_a_second_description_is_html_too(self) -> None:
        entry = only(
            "<itunes:summary>Plain.</itunes:summary><description>&lt;p&gt;Snow "
            "&lt;iframe src='x'&gt;&lt;/iframe&gt;fell.&lt;/p&gt;</description>"
        )
        assert markdown_of(entry) == "Snow fell."

    def test_where_nothing_else_is_said_they_are(self) -> None:
        entry = only("<media:group><media:description>All of it.</media:description></media:group>")
        assert markdown_of(entry) == "All of it."

    def test_a_picture_has_its_own_words_and_its_own_credit(self) -> None:
        entry = only(
            "<media:content url='https://x.example/hat.jpg' medium='image'>"
            "<media:description>A ranger&amp;#8217;s &lt;b&gt;hat&lt;/b&gt;</media:description>"
            "<media:credit role='photographer'>Ann Lee</media:credit>"
            "<media:credit role='agency'>AP</media:credit></media:content>"
            "<media:content url='https://x.example/dog.jpg' type='image/jpeg'>"
            "<media:credit>Bo Example</media:credit></media:content>"
            "<media:content url='https://x.example/talk.mp3' type='audio/mpeg'/>"
            "<media:thumbnail url='https://x.example/small.jpg'/>"
        )
        assert entry.figures == (
            Figure("https://x.example/hat.jpg", "A ranger’s hat", "Ann Lee / AP"),
            Figure("https://x.example/dog.jpg", "", "Bo Example"),
        )

    def test_what_is_said_of_the_item_is_said_of_its_first_picture(self) -> None:
        entry = only(
            "<media:content url='https://x.example/hat.jpg'/>"
            "<media:content url='https://x.example/dog.jpg'/>"
            "<media:description>A hat. (Image credit: Ann Lee/AP)</media:description>"
        )
        assert entry.figures == (
            Figure("https://x.example/hat.jpg", "A hat.", "Ann Lee / AP"),
            Figure("https://x.example/dog.jpg"),
        )

    def test_one_picture_in_several_sizes_is_one(self) -> None:
        sizes = "".join(
            f"<media:content url='https://x.example/m/3000.jpg?width={width}' width='{width}'>"
            f"{'<media:credit>Ann Lee</media:credit>' if width == 140 else ''}</media:content>"
            for width in (140, 700, 460, 4000)
        )
        for inside in (sizes, f"<media:group>{sizes}</media:group>"):
            assert only(inside).figures == (
                Figure("https://x.example/m/3000.jpg?width=700", "", "Ann Lee"),
            )

    def test_a_thumbnail_stands_in(self) -> None:
        entry = only(
            "<media:thumbnail url='https://x.example/s.jpg' width='75'/>"
            "<media:thumbnail url='https://x.example/m.jpg' width='640'/>"
        )
        assert entry.figures == (Figure("https://x.example/m.jpg"),)

    def test_and_so_does_an_enclosed_picture(self) -> None:
        entry = only("<enclosure url='https://x.example/hat.jpg' type='image/jpeg'/>")
        assert entry.figures == (Figure("https://x.example/hat.jpg"),)

    def test_pictures_of_text_and_feed_are_each_shown_once(self) -> None:
        entry = only(
            "<media:content url='https://x.example/dog.jpg' medium='image'/>"
            "<media:content url='https://x.example/hat.jpg?w=200' medium='image'>"
            "<media:credit>Ann Lee</media:credit></media:content>"
            "<content:encoded>&lt;img src='https://x.example/hat.jpg' alt='A hat.'&gt;Snow."
            "</content:encoded>"
        )
        assert entry.figures == (
            Figure("https://x.example/hat.jpg", "A hat.", "Ann Lee"),
            Figure("https://x.example/dog.jpg"),
        )
        assert markdown_of(entry) == "Snow."


def told(html: str) -> ParsedEntry:
    return only(f"<content:encoded><![CDATA[{html}]]></content:encoded>")


class TestPicturesInTheText:
    def test_as_npr_sends_it(self) -> None:
        entry = told(
            "<img src='https://media.npr.example/a.jpg'"
            " alt='The ranger's hat, the hikers' maps and a \"sign\"'/>"
            "<p>The description.</p><p>(Image credit: Ann Example/AFP)</p>"
            "<img src='https://media.npr.example/images/tracking/npr-rss-pixel.png?story=1' />"
        )
        assert entry.figures == (
            Figure(
                "https://media.npr.example/a.jpg",
                "The ranger's hat, the hikers' maps and a \"sign\"",
                "Ann Example / AFP",
            ),
        )
        assert markdown_of(entry) == "The description."

    def test_an_apostrophe_before_another_attribute(self) -> None:
        entry = told("<img alt='A ranger's hat' src='https://x.example/a.jpg'>")
        assert entry.figures == (Figure("https://x.example/a.jpg", "A ranger's hat"),)

    def test_the_widest_that_suits_is_taken(self) -> None:
        entry = told(
            "<p>Snow.</p><img alt='A hat.' src='https://x.example/small.jpg'"
            " srcset='/a-300.jpg 300w, /a-1200.jpg 1200w, /a-4000.jpg 4000w'>"
        )
        assert entry.figures == (Figure("https://knau.example/a-1200.jpg", "A hat."),)

    def test_one_that_is_loaded_late(self) -> None:
        entry = told(
            "<img alt='A hat.' src='data:image/gif;base64,R0' data-src='https://x.example/h.jpg'>"
        )
        assert entry.figures == (Figure("https://x.example/h.jpg", "A hat."),)

    def test_later_ones_stay_where_they_stand(self) -> None:
        entry = told(
            "<p>One.</p><img src='https://x.example/1.jpg' alt='First.'><p>First.</p>"
            "<p>Two.</p><img src='https://x.example/2.jpg' alt='Second.'>"
            "<p>(Photo credit: Bo)</p><p>Three.</p>"
        )
        assert entry.figures == (
            Figure("https://x.example/1.jpg", "First."),
            Figure("https://x.example/2.jpg", "Second.", "Bo"),
        )
        assert markdown_of(entry) == (
            "One.\n\nTwo.\n\n*Photo: Second.*\n\n(Photo credit: Bo)\n\nThree."
        )

    def test_what_stands_below_a_picture_is_its_caption(self) -> None:
        entry = told(
            "<figure><img src='https://x.example/1.jpg' alt='hat'>"
            "<figcaption>A <b>hat</b> in Tuba City. (Ann Lee/AP)</figcaption></figure><p>Snow.</p>"
        )
        assert entry.figures == (
            Figure("https://x.example/1.jpg", "A hat in Tuba City.", "Ann Lee / AP"),
        )
        assert markdown_of(entry) == "Snow."

    def test_the_words_of_a_story_are_no_credit(self) -> None:
        text = "Image credit: how a lens changed Flagstaff. It began in May. Then it went on."
        entry = told(f"<img src='https://x.example/1.jpg' alt='A hat.'><p>{text}</p>")
        assert markdown_of(entry) == text

    @pytest.mark.parametrize(
        "image",
        [
            "<img src='https://x.example/pixel.png?story=1'>",
            "<img src='https://count.example/c.gif?id=4'>",
            "<img src='https://x.example/a.jpg' width='1' height='1' alt='x'>",
            "<img src='javascript:alert(1)'>",
            "<img>",
        ],
    )
    def test_what_counts_readers_leaves_nothing(self, image: str) -> None:
        entry = told(f"<p>Snow.</p>{image}")
        assert (entry.figures, markdown_of(entry)) == ((), "Snow.")

    @pytest.mark.parametrize("name", ["chart.png", "map.gif", "hat.webp", "hat.JPG", "a.png?w=800"])
    def test_a_photo_needs_no_words_and_no_size(self, name: str) -> None:
        url = f"https://x.example/uploads/2026/{name}"
        assert told(f"<p>Snow.</p><img src='{url}'>").figures == (Figure(url),)
