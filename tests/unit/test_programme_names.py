"""Names of programmes and feeds that are the same programme's, and those that are not."""

import pytest

from radiotui.stories.programme_names import read_programme


@pytest.mark.parametrize(
    ("programme", "host", "feed"),
    [
        ("Fresh Air", "Terry Gross", "Fresh Air"),
        ("Fresh Air with Terry Gross", None, "NPR's Fresh Air"),
        ("Wait Wait...Don't Tell Me!", None, "Wait Wait… Don’t Tell Me!"),
        ("The Moth Radio Hour", None, "Moth Radio Hour Podcast"),
        ("Planet Money (repeat)", None, "Planet Money from NPR"),
        ("1A", "Jenn White", "1A"),
        ("All Things Considered", "Ailsa Chang, Ari Shapiro", "ALL THINGS CONSIDERED"),
        ("Morning Coffee", "Ann Lee", "Morning Coffee with Ann Lee and Bo Ray"),
    ],
)
def test_a_feed_of_the_programme(programme: str, host: str | None, feed: str) -> None:
    assert read_programme(programme, host).names_feed(feed)


@pytest.mark.parametrize(
    ("programme", "host", "feed"),
    [
        ("News", None, "News"),
        ("Jazz with Ann Lee", "Ann Lee", "Jazz"),
        ("Classical Music", None, "Classical Music"),
        ("BBC World Service", None, "BBC World Service"),
        ("The Show", None, "The Show"),
        ("", None, ""),
        ("\x1b]0;x\x07", "\x1b[2J", ""),
        ("Fresh Air", None, "Fresh Air Weekend"),
        ("On Point", None, "Point"),
        ("Morning Edition", None, "Weekend Edition"),
        ("Morning Coffee", "Ann Lee", "Morning Coffee with Bo Ray"),
        ("🎷", None, "🎷"),
    ],
)
def test_no_feed_of_the_programme(programme: str, host: str | None, feed: str) -> None:
    assert not read_programme(programme, host).names_feed(feed)


def test_presenters_are_whole_names() -> None:
    name = read_programme("Morning Edition", "Steve Inskeep, Leila Fadel and Michel & NPR News")
    assert name.hosts == ("Steve Inskeep", "Leila Fadel")
    assert read_programme("Jazz with Ann Lee", None).hosts == ("Ann Lee",)
    assert read_programme("A b" * 5000, "x, " * 5000).hosts == ()


def test_spellings_are_those_of_running_text() -> None:
    name = read_programme("Wait Wait… Don't Tell Me!", None)
    assert name.spellings == ("Don't Tell Me", "Don’t Tell Me")
    assert name.phrase == '"Don t Tell Me"'
    assert "Here and Now" in read_programme("Here & Now", None).spellings
