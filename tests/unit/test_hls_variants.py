"""Which variant is heard."""

import pytest

from radiotui.config import Quality
from radiotui.radio.hls.playlist import MasterPlaylist, read
from radiotui.radio.hls.variants import addresses


def chosen(text: str, quality: Quality = "high") -> list[str]:
    found = read(f"#EXTM3U\n{text}".encode(), "http://a/", "KNAU")
    assert isinstance(found, MasterPlaylist)
    return [url.removeprefix("http://a/") for url in addresses(found, quality)]


def variant(name: str, kbps: int, codecs: str = "mp4a.40.2", more: str = "") -> str:
    said = f',CODECS="{codecs}"' if codecs else ""
    return f"#EXT-X-STREAM-INF:BANDWIDTH={kbps * 1000}{said}{more}\n{name}\n"


RADIO = variant("32", 35) + variant("64", 70) + variant("96", 104) + variant("256", 280)
VIDEO = "avc1.4d,mp4a.40.2"
TV = variant("small", 300, VIDEO) + variant("large", 3000, VIDEO) + variant("mute", 100, "avc1.4d")


@pytest.mark.parametrize(("quality", "first"), [("low", "32"), ("medium", "96"), ("high", "256")])
def test_the_nearest_to_what_is_wanted(quality: Quality, first: str):
    assert chosen(RADIO, quality)[0] == first
    # Also where nobody says what it is.
    assert chosen(RADIO.replace(',CODECS="mp4a.40.2"', ""), quality)[0] == first


def test_the_others_follow():
    assert chosen(RADIO) == ["256", "96", "64", "32"]


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
def test_sound_alone_comes_before_pictures(quality: Quality):
    assert chosen(TV + variant("sound", 40), quality) == ["sound", "small", "large"]


def test_the_sound_of_pictures_is_had_apart():
    group = (
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="en",AUTOSELECT=YES,URI="en"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="fr",DEFAULT=YES,AUTOSELECT=YES,URI="fr"\n'
        '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="b",NAME="in it"\n'
    )
    apart = variant("v", 900, VIDEO, ',AUDIO="a"') + variant("w", 1900, VIDEO, ',AUDIO="a"')
    assert chosen(group + TV + apart) == ["fr", "small", "large"]
    assert chosen(group + variant("v", 900, VIDEO, ',AUDIO="b"')) == ["v"]


def test_pictures_cost_no_more_than_they_must():
    several = variant("poor", 80, VIDEO) + TV
    assert chosen(several, "high") == ["small", "large", "poor"]
    assert chosen(several, "low") == ["poor", "small", "large"]


def test_what_cannot_be_played_is_not_chosen():
    assert chosen(variant("dolby", 600, "ec-3") + variant("aac", 128)) == ["aac"]
    assert chosen(variant("dolby", 600, "ec-3")) == ["dolby"]
