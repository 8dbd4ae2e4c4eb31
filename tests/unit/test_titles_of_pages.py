"""Headlines without the name of the site, and data that calls something else a headline."""

import json

import pytest

from radiotui.articles.article import read_article

TEXT = (
    "The ferry left at six with nobody on board but the captain, who had told everybody that "
    "it would, and came back at nine with everybody who had not believed him. "
)


def title(og: str = "", window: str = "W", h1: str = "", site: str = "", data: str = "") -> str:
    head = f"<title>{window}</title>"
    head += f'<meta property="og:title" content="{og}">' * bool(og)
    head += f'<meta property="og:site_name" content="{site}">' * bool(site)
    if data:
        told = json.dumps({"@type": "NewsArticle", "headline": data})
        head += f'<script type="application/ld+json">{told}</script>'
    body = f"<h1>{h1}</h1>" * bool(h1) + f"<p>{TEXT * 2}</p>"
    source = f"<html><head>{head}</head><body><article>{body}</article>"
    return read_article(source.encode(), "https://www.fog.example/a", "text/html").title


@pytest.mark.parametrize(
    ("og", "site"),
    [
        ("Ten ferries | The Fog", "The Fog"),
        ("Ten ferries - Fog.example", ""),
        ("Ten ferries – Fog", ""),
        ("Ten ferries | Fog | 28.04.2023", "Fog"),
        ("Ten ferries | The Fog Daily", "The Fog"),
        ("The Fog | Ten ferries", "The Fog"),
        ("Ten ferries｜霧", "霧"),
        ("Ten ferries", "The Fog"),
    ],
)
def test_the_sites_name_is_no_part_of_the_headline(og, site):
    assert title(og, site=site) == "Ten ferries"


@pytest.mark.parametrize("og", ["Ten ferries | Opinion | Weekly", "Opinion | Ten ferries"])
def test_the_headline_on_the_page_tells_where_the_title_ends(og):
    assert title(og, h1="Ten ferries") == "Ten ferries"


@pytest.mark.parametrize(
    "og",
    ["Ten ferries - and a foghorn", "Ferry review – ten of ten", "Ferries: the best | of them"],
)
def test_a_dash_within_a_headline_stays(og):
    assert title(og, site="The Fog", h1=og) == og
    assert title(og, site="The Fog") == og


def test_a_site_of_a_few_letters_is_no_beginning_of_another_word():
    assert title("Ferries - Foghorns", site="Fog") == "Ferries - Foghorns"


def test_a_window_without_anything_else_ends_at_its_bar():
    assert title(window="Ten ferries | Valley Home") == "Ten ferries"


def test_data_that_calls_a_description_the_headline_is_outvoted():
    says = "island country off the coast"
    assert (
        title("Fog Island - Fogpedia", "Fog Island - Fogpedia", "Fog Island", data=says)
        == "Fog Island"
    )
    assert title("", h1="Another", data="The headline") == "The headline"


def test_a_headline_that_was_cut_is_made_whole():
    whole = "Ten ferries came home late at night and nobody was missing"
    assert title(whole, data="Ten ferries came home late at night …") == whole
