"""Names of authors, out of the lines that pages write them in."""

import json

import pytest

from radiotui.articles.article import read_article
from radiotui.articles.bylines import names

TEXT = (
    "The ferry left at six with nobody on board but the captain, who had told everybody that "
    "it would, and came back at nine with everybody who had not believed him. "
)


def byline(markup: str = "", head: str = "") -> str:
    source = f"<html><head><title>T</title>{head}</head><body><article>{markup}<p>{TEXT * 2}</p>"
    return read_article(source.encode(), "https://site.example/a", "text/html").byline


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("By Ann Lee", "Ann Lee"),
        ("Emily Bock 8 January 2020, 3:51 pm 11 Edit", "Emily Bock"),
        ("Lucas Nord22 Dec 2016651", "Lucas Nord"),
        ("Sarah Lane Twitter Today 5:00 am", "Sarah Lane"),
        ("Zeige alle Beiträge von Cem Bach", "Cem Bach"),
        ("View all posts by Ann Lee", "Ann Lee"),
        ("Voir tous les articles de Ann Lee", "Ann Lee"),
        ("VON MORITZ BACH am 21. April 2020", "MORITZ BACH"),
        ("Von Ann Lee und Bo Roe", "Ann Lee, Bo Roe"),
        ("Par Ann Lee", "Ann Lee"),
        ("Por Ann Lee y Bo Roe", "Ann Lee, Bo Roe"),
        ("105092", ""),
        ("Ann Lee | November 18, 2019 12:01 PM Print this article", "Ann Lee"),
        ("Ann Lee | KFOG News", "Ann Lee"),
        ("Ann Lee, KFOG", "Ann Lee"),
        ("Ann Lee / Reporter", "Ann Lee"),
        ("Ann Lee, Senior Staff Writer", "Ann Lee"),
        ("By Ann Lee and Bo Roe, Staff Writers", "Ann Lee, Bo Roe"),
        ("Ann Lee, Bo Roe and Cy Poe", "Ann Lee, Bo Roe, Cy Poe"),
        ("Written by Ann Lee on March 3, 2021", "Ann Lee"),
        ("Ann Lee Published 5 hours ago", "Ann Lee"),
        ("Ann Lee 2021-03-04", "Ann Lee"),
        ("Ann Lee (@annlee)", "Ann Lee"),
        ("Ann Lee <ann@site.example>", "Ann Lee"),
        ("Ann Lee, 3 Comments", "Ann Lee"),
        ("Text: Ann Lee", "Ann Lee"),
        ("Staff", ""),
        ("https://www.facebook.example/annlee", ""),
        ("Von Miller", "Von Miller"),
        ("Ursula von der Linden", "Ursula von der Linden"),
        ("Bo & Sons", "Bo & Sons"),
        ("Associated Press", "Associated Press"),
        ("李安", "李安"),
        ("By ANN LEE and BO ROE, Associated Press", "ANN LEE, BO ROE"),
        ("By ANN LEE, AP National Political Writer", "ANN LEE"),
        ("Ann Lee, CNN Editor-at-large", "Ann Lee"),
        ("Ann Lee, Harbour.com", "Ann Lee"),
        ("Ann Lee and Bo Roe USA TODAY Published 5:01 PM", "Ann Lee, Bo Roe"),
        ("Ann Lee Political Correspondent", "Ann Lee"),
        ("Par Ann Lee avec AFP", "Ann Lee"),
        ("Ann Lee/dpa", "Ann Lee"),
        ("By Ann Lee For The Daily Harbour", "Ann Lee"),
        ("By Ann Lee in London", "Ann Lee"),
        ("Ann Poeman. Harbour International", "Ann Poeman"),
        ("Текст: Анна Ли", "Анна Ли"),
        ("作者：王小明", "王小明"),
        ("김철수 기자", "김철수"),
        ("Dr. Ann Lee", "Dr. Ann Lee"),
        ("Ann B. Lee", "Ann B. Lee"),
    ],
)
def test_a_line_gives_its_people(line, people):
    assert names([line]) == people


def test_a_name_is_not_said_again_with_a_role():
    assert names(["Ann Lee Writes of harbours since 1990!", "Ann Lee"]) == "Ann Lee"
    assert names(["Ann Lee", "Associated Press"]) == "Ann Lee"


def test_the_site_is_no_author_beside_people():
    site = "<meta property='og:site_name' content='The Daily Harbour'>"
    head = f"{site}<meta name='author' content='Ann Lee, The Daily Harbour'>"
    assert byline(head=head) == "Ann Lee"


def test_names_below_the_headline_are_read_where_no_markup_says_so():
    assert (
        byline("<h1>T</h1><p class='m'>By Ann Lee, Bo Roe on May 3, 2021</p>") == "Ann Lee, Bo Roe"
    )
    assert byline("<h1>T</h1><p class='m'>By reading on you agree.</p>") == ""


def test_people_are_named_once_in_any_letters():
    assert names(["ANN LEE", "Ann Lee", "Bo Roe"]) == "ANN LEE, Bo Roe"


@pytest.mark.parametrize(
    "markup",
    [
        "<div class='byline'><a href='/u'>Ann Lee</a><b>8 January 2020</b><b>11</b></div>",
        "<span itemprop='author'><span itemprop='name'>Ann Lee</span><b>Reporter</b></span>",
        "<a rel='author' href='/a'>View all posts by Ann Lee</a>",
        "<p class='article-author'>By Ann Lee</p>",
        "<address>By <a href='/a'>Ann Lee</a></address>",
    ],
)
def test_a_byline_on_the_page_is_read(markup):
    assert byline(markup) == "Ann Lee"


@pytest.mark.parametrize(
    "head",
    [
        "<meta name='author' content='Ann Lee'><meta name='author' content='Bo Roe'>",
        "<meta name='byl' content='By Ann Lee and Bo Roe'>",
        "<meta name='authors' content='Ann Lee, Bo Roe'>",
        "<meta name='parsely-author' content='Ann Lee'>"
        "<meta name='parsely-author' content='Bo Roe'>",
        "<meta name='twitter:label1' content='Written by'>"
        "<meta name='twitter:data1' content='Ann Lee, Bo Roe'>",
        '<script type="application/ld+json">{}</script>'.format(
            json.dumps(
                {
                    "@type": "NewsArticle",
                    "author": [
                        {"@type": "Person", "givenName": "Ann", "familyName": "Lee"},
                        {"@type": "Person", "name": "Bo Roe"},
                    ],
                }
            )
        ),
    ],
)
def test_several_authors_in_a_pages_data_are_several(head):
    assert byline(head=head) == "Ann Lee, Bo Roe"


def test_the_person_on_the_page_comes_before_the_site_in_its_data():
    data = {"@type": "Article", "author": {"name": "The Fog"}, "publisher": {"name": "The Fog"}}
    head = f'<script type="application/ld+json">{json.dumps(data)}</script>'
    assert byline("<p class='byline'>By Ann Lee</p>", head) == "Ann Lee"
    assert byline(head=head) == "The Fog"


def test_the_publication_behind_a_name_is_no_author():
    site = '<meta property="og:site_name" content="Daily Harbour Europe">'
    author = '<meta name="author" content="Ann Lee, Daily Harbour">'
    assert byline(head=site + author) == "Ann Lee"
    # A page by nobody else is by the site.
    assert byline(head=site + '<meta name="author" content="Daily Harbour">') == "Daily Harbour"
