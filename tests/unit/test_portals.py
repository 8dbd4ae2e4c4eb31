"""Pages that another site answers with: the story, or somebody else's."""

import pytest

from radiotui.articles.portals import is_of_the_story

ASKED = "http://news.example/a"
TITLE = "Rim trail reopens after eleven rockslides"


@pytest.mark.parametrize(
    ("titles", "answer", "title", "text"),
    [
        ([TITLE], "https://www.news.example/b", "Anything", "Words"),
        ([TITLE], "https://other.test/b", "The rim trail is open", "Words"),
        ([TITLE], "https://other.test/b", "Park", "After eleven rockslides the trail reopens."),
        (["Another", TITLE], "https://other.test/b", TITLE, ""),
        ([], "https://other.test/b", "Anything", "Words"),
        (["News"], "https://other.test/b", "Anything", "Words"),
        (["渡船は六時に出発した"], "https://other.test/b", "渡船は六時", ""),
    ],
)
def test_a_page_with_words_of_the_title_is_the_story(titles, answer, title, text):
    assert is_of_the_story(titles, ASKED, answer, title, text)


@pytest.mark.parametrize(
    ("titles", "answer", "title"),
    [
        ([TITLE], "http://portal.test/", "Guest WiFi"),
        ([TITLE], "http://10.0.0.1/", "Guest WiFi"),
        (["渡船は六時に出発した"], "http://portal.test/", "無線ＬＡＮへようこそ"),
    ],
)
def test_a_page_without_them_is_somebody_elses(titles, answer, title):
    assert not is_of_the_story(titles, ASKED, answer, title, "Breakfast is served from seven.")


def test_two_numbers_of_hosts_are_two_sites():
    assert not is_of_the_story([TITLE], "http://192.168.0.1/a", "http://10.0.0.1/", "Guest", "")
