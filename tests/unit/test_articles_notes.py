"""Notes to the reader on what an article lacks, and links in place of what no terminal shows."""

from radiotui.articles import notes
from radiotui.articles.article import article_to_markdown, read_article
from radiotui.articles.serialise import page_account
from radiotui.documents.markdown_writer import blocks_to_markdown


class TestNotes:
    """What an article lacks is said in one line."""

    PROSE = "".join(
        f"<p>Paragraph {n} of the story has some words that are read.</p>" for n in range(20)
    )

    def parts(self, inside: str, head: str = "") -> str:
        source = f"<head>{head}</head><body><article><h1>Trees</h1>{inside}</article></body>"
        article = read_article(source.encode(), "https://page.example/story", "text/html")
        return blocks_to_markdown(article.parts)

    def test_a_film_is_a_link(self) -> None:
        frame = '<iframe src="https://www.youtube-nocookie.com/embed/abcDEF12345?rel=0"></iframe>'
        text = self.parts(f"{self.PROSE}<div>{frame}</div>{frame}{self.PROSE[:80]}")
        assert text.count("https://www.youtube.com/watch?v=abcDEF12345") == 1
        assert "Video, not shown here: " in text

    def test_a_film_above_the_text_is_the_articles(self) -> None:
        frame = '<iframe src="https://www.youtube.com/embed/abcDEF12345"></iframe>'
        other = frame.replace("abc", "xyz")
        source = (
            f"<article><aside>{other}</aside><h1>Trees</h1><div class='lead'>{frame}</div>"
            f"<div class='text'>{self.PROSE}</div><div>{other}</div></article>"
        )
        article = read_article(source.encode(), "https://page.example/story", "text/html")
        assert article.video == "https://www.youtube.com/watch?v=abcDEF12345"
        line = "Video, not shown here: [youtube.com](https://www.youtube.com/watch?v=abcDEF12345)"
        assert line in article_to_markdown(article)

    def test_a_frame_of_an_unknown_site_is_nothing(self) -> None:
        frame = '<iframe src="https://ads.example/slot?embed=1"></iframe>'
        assert "ads.example" not in self.parts(f"{self.PROSE}{frame}{self.PROSE}")

    def test_more_pictures_than_one_looks_at(self) -> None:
        figures = "".join(
            f"<figure><img src='https://p.example/{n}.jpg'><figcaption>Tree</figcaption></figure>"
            for n in range(70)
        )
        assert notes.MORE_PICTURES in self.parts(f"{self.PROSE}{figures}")

    def test_letters_that_could_not_be_read(self) -> None:
        text = self.parts(
            f"{self.PROSE}<p>The letters \ufffd, \ufffd and \ufffd are lost here.</p>"
        )
        assert text.count(notes.UNREADABLE_LETTERS) == 1
        assert notes.UNREADABLE_LETTERS not in self.parts(self.PROSE)

    def test_a_teaser_says_so(self) -> None:
        data = '{"@type": "NewsArticle", "isAccessibleForFree": false}'
        locked = f'<script type="application/ld+json">{data}</script>'
        prose = self.PROSE.replace("some words", "a great many good words")
        text = self.parts(f"{prose}<p>And then, when nobody looked, the tree …</p>", locked)
        assert notes.TEASER in text
        assert notes.TEASER not in self.parts(prose, locked)

    def test_the_account_agrees(self) -> None:
        frame = '<iframe src="https://player.vimeo.com/video/1"></iframe>'
        lost = "<p>\ufffd\ufffd\ufffd are not read here, and so on.</p>"
        source = f"<article><h1>Trees</h1>{self.PROSE}{frame}{lost}</article>"
        lines = page_account(source.encode(), "https://page.example/story", "text/html")
        assert "a link instead, video: 1" in lines
        assert f"note in the article: {notes.UNREADABLE_LETTERS}" in lines
