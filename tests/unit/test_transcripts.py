"""Transcripts of every form, whole and broken: no cue is lost, and nothing is raised."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.podcasts.transcripts import TranscriptLine, transcript_beside, transcript_lines

VTT = """WEBVTT - an episode

STYLE
::cue { color: red }

NOTE by hand

intro
00:00:01.500 --> 00:00:04.000 align:start position:0%
<v Ann Example>Good <i>morning</i>,
canyon &amp; river</v>

NOTE
a remark
of two lines

00:05.000 --> 00:06.000
<v.loud Bo>Hello</v>
"""
SRT = """1
00:00:01,500 --> 00:00:04,000
Ann Example: Good <b>morning</b>,
canyon &amp; river

2
00:00:05,000 --> 00:00:06,000
{\\an8}Bo: Hello
"""
BOTH = [
    (1.5, 4.0, "Ann Example", "Good morning, canyon & river"),
    (5.0, 6.0, "Bo", "Hello"),
]


def told(lines: Sequence[TranscriptLine]) -> list[tuple[float | None, float | None, str, str]]:
    return [(line.start, line.end, line.speaker, line.text) for line in lines]


def read(text: str) -> list[tuple[float | None, float | None, str, str]]:
    return told(transcript_lines(text.encode()))


@pytest.mark.parametrize("text", [VTT, SRT], ids=["vtt", "srt"])
def test_a_whole_file(text: str) -> None:
    assert read(text) == BOTH


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("\ufeff" + VTT, "utf-8"),
        (VTT, "utf-16"),
        (VTT.replace("\n", "\r\n"), "utf-8"),
        (VTT.replace("\n", "\r"), "utf-8"),
        (VTT.replace(".500", ",500").replace(".000", ",000"), "utf-8"),
        (VTT.removeprefix("WEBVTT - an episode\n").partition("intro\n")[2], "utf-8"),
        (VTT.replace("NOTE by hand", "NOTE by hand\n\n"), "utf-8"),
        (VTT.replace("00:00:01.500", "0:01.5").replace("00:00:04.000", "00:04"), "utf-8"),
        ("WEBVTT\n\n" + SRT, "utf-8"),
        (SRT.replace("1\n00", "00").replace("2\n00", "00"), "utf-8"),
        (SRT.replace("\n\n", "\n"), "utf-8"),
        (SRT.replace("\n\n", "\n\n\n\n"), "utf-8"),
        ("Subtitles by nobody\n\n" + SRT, "utf-8"),
        (SRT.replace(",500", ".500").replace(",000", ".000"), "utf-8"),
        (SRT.replace(",500", "").replace(",000", "").replace("01 -", "01,5 -"), "utf-8"),
        (SRT.replace(" --> ", "-->"), "utf-8"),
        (SRT.replace("-->", "->"), "utf-8"),
        (SRT.replace("-->", "--&gt;"), "utf-8"),
        ("<html><body><pre>" + SRT + "</pre></body></html>", "utf-8"),
        ("\n\n\n" + SRT + "\n3\n", "utf-8"),
    ],
)
def test_a_broken_file_loses_no_cue(text: str, encoding: str) -> None:
    lines = told(transcript_lines(text.encode(encoding)))
    if text.endswith("\n3\n"):
        # A number at the end may be a text.
        assert lines == [BOTH[0], (5.0, 6.0, "Bo", "Hello 3")]
    elif "<v" in text and text.startswith("00:00"):
        # Without its header it is no WebVTT: the remark is a text.
        assert [line[0] for line in lines] == [1.5, 5.0]
        assert lines[0][3].startswith(BOTH[0][3])
    else:
        assert lines == BOTH


def test_encodings_of_windows_and_cut_files() -> None:
    srt = "1\n00:01 --> 00:02\nÀ bientôt, été\n"
    assert transcript_lines(srt.encode("cp1252"))[0].text == "À bientôt, été"
    cut = (srt + "2\n00:03 --> 00:04\n" + "é" * 9).encode()[:-1]
    assert [line.text for line in transcript_lines(cut)] == ["À bientôt, été", "é" * 8 + "\ufffd"]


def test_a_number_that_is_said_is_no_name_of_a_cue() -> None:
    assert [line[3] for line in read("00:01 --> 00:02\n42\n00:02 --> 00:03\nyes")] == ["42", "yes"]


def test_what_only_looks_like_markup_or_a_speaker_stays() -> None:
    text = "00:01 --> 00:02\n3 < 4 and 5 > 2, see http://a.org: and more\n"
    assert read(text) == [(1, 2, "", "3 < 4 and 5 > 2, see http://a.org: and more")]


def test_cues_out_of_order_are_sorted_and_wrong_ends_are_none() -> None:
    text = "00:09 --> 00:08\nlast\n\n00:01 --> 00:02\nfirst\n\n00:01 --> 00:03\nsecond\n"
    assert read(text) == [(1, 2, "", "first"), (1, 3, "", "second"), (9, None, "", "last")]


def segments(*rows: object) -> list[tuple[float | None, float | None, str, str]]:
    return read(json.dumps({"version": "1.0.0", "segments": rows}))


def word(at: float, body: str, **more: object) -> dict[str, object]:
    return {"startTime": at, "endTime": at + 0.4, "body": body} | more


def test_words_are_joined_to_lines() -> None:
    words = [
        "Good",
        "morning",
        ",",
        "this",
        "is the",
        "canyon",
        ".",
        "And",
        "here",
        "is",
        "the",
        "river!",
    ]
    rows = [word(0.5 * at, body) for at, body in enumerate(words)]
    rows[0]["speaker"] = "Ann"
    rows += [word(20, "Hello", speaker="Bo"), word(20.5, "Ann."), word(30, "Still"), word(31, "I")]
    assert segments(*rows) == [
        (0.0, 3.4, "Ann", "Good morning, this is the canyon."),
        (3.5, 5.9, "Ann", "And here is the river!"),
        (20, 20.9, "Bo", "Hello Ann."),
        (30, 31.4, "Bo", "Still I"),
    ]


def test_a_line_of_words_without_a_sentence_is_some_seconds_long() -> None:
    lines = segments(*(word(at, f"w{at}") for at in range(60)))
    assert [line[0] for line in lines] == [0, 10, 20, 30, 40, 50]
    assert " ".join(line[3] for line in lines).split() == [f"w{at}" for at in range(60)]


def test_words_that_bring_their_own_spaces() -> None:
    assert segments(word(0, " Fla"), word(0.5, " g"), word(1, " staff"))[0][3] == "Fla g staff"
    parts = [word(0, " Good"), word(0.2, " mor"), word(0.4, "ning"), word(0.6, " all")]
    assert segments(*parts)[0][3] == "Good morning all"


def test_json_that_is_wrong_costs_its_wrong_values_alone() -> None:
    text = (
        '{"segments": [{"startTime": NaN, "body": "One sentence that has no time at all."},'
        ' {"startTime": 1e308, "body": "Two."}, 7, null, {"body": 3}, {"speaker": "Ann"},'
        ' {"startTime": -4, "endTime": "x", "body": "Three."},'
        ' {"startTime": "00:01:02.5", "endTime": 3, "speaker": 5, "body": "Four."}]}'
    )
    lines = read(text)
    assert " ".join(line[3] for line in lines) == (
        "One sentence that has no time at all. Two. Three. Four."
    )
    assert {line[0] for line in lines} <= {None, 62.5}
    whole = json.dumps({"segments": [word(0, "Good morning."), word(9, "Hello.")]})
    assert [line[3] for line in read(whole[:-10])] == ["Good morning."], "it was cut"


def test_a_page_with_times() -> None:
    page = """<!doctype html><html><head><title>Words</title><style>p {}</style></head><body>
    <!-- <p>no</p> --><cite>Ann:</cite><time>0:12</time><p>Good <b>morning</b> &amp; hello</p>
    <cite>Bo</cite><time>1:02:03</time><p>First.<br><br>Second.</p><p>Third.</p></body></html>"""
    assert read(page) == [
        (12, None, "Ann", "Good morning & hello"),
        (3723, None, "Bo", "First."),
        (None, None, "", "Second."),
        (None, None, "", "Third."),
    ]


def test_a_page_without_times_is_none_where_times_were_announced() -> None:
    page = b"<html><body><h1>Please log in</h1></body></html>"
    assert [line.text for line in transcript_lines(page)] == ["Please log in"]
    assert transcript_lines(page, is_timed=True) == ()


def test_plain_text() -> None:
    assert read("Ann: Good morning\nand hello.\n\nThen the river.\n") == [
        (None, None, "Ann", "Good morning and hello."),
        (None, None, "", "Then the river."),
    ]
    assert read("Ann: Good morning\nBo: Hello\n") == [
        (None, None, "Ann", "Good morning"),
        (None, None, "Bo", "Hello"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\n \n",
        bytes(5000),
        b"ID3\x04" + bytes(range(256)) * 40,
        b"[" * 100_000,
        b'{"segments":' * 50_000,
        b'{"a":[' * 50_000,
        b"{}",
        b'{"segments": {"a": 1}}',
        b'{"segments": "x"}',
        b"WEBVTT",
        b"WEBVTT\n\n00:01 --> 00:02\n",
        b"<p>" * 200_000,
        b"<!--" * 200_000,
        b"<p>" + b"<script>" * 100_000,
    ],
    ids=lambda body: repr(body[:12]),
)
def test_nothing_is_read_where_nothing_is_said(body: bytes) -> None:
    assert transcript_lines(body) == ()


def test_no_letter_of_it_moves_the_terminal() -> None:
    text = "00:01 --> 00:02\n<v \x1b[31mAnn\u202e>\x1b]0;x\x07red &#27;[2J\u202eand back\u2066\n"
    ((_, _, speaker, words),) = read(text)
    assert (speaker, words) == ("Ann", "red [2Jand back")


def test_a_text_without_an_end_is_given_in_lines() -> None:
    lines = transcript_lines(b"00:01 --> 00:02\n" + b"river " * 100_000)
    assert max(len(line.text) for line in lines) <= 2000
    assert sum(line.text.count("river") for line in lines) == 100_000
    letters = transcript_lines(b"00:01 --> 00:02\n" + b"x" * 100_000)
    assert sum(len(line.text) for line in letters) == 100_000


def test_no_more_than_the_largest_is_read() -> None:
    lines = transcript_lines(b"00:01 --> 00:02\nx\n\n" * 1_000_000)
    assert len(lines) == 50_000


WORDS = st.text(st.sampled_from("ab \n.:é<>&-0123456789"), max_size=30)


@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_it_is_nothing_is_raised(body: bytes) -> None:
    for prefix in (b"", b"WEBVTT\n\n", b"00:01 --> 00:02\n", b'{"segments": [', b"<p><time>"):
        for line in transcript_lines(prefix + body):
            assert line.text


@given(st.lists(st.tuples(st.integers(0, 9000), WORDS), min_size=1, max_size=8))
def test_no_word_of_a_cue_is_lost(cues: list[tuple[int, str]]) -> None:
    spoken = [" ".join(re.sub("[<>&-]", "", words).split()) for _, words in cues]
    text = "".join(
        f"{number}\n{at // 3600}:{at // 60 % 60}:{at % 60},5 --> {at // 60}:{at % 60}\n"
        f"say {words}\n\n"
        for number, ((at, _), words) in enumerate(zip(cues, spoken, strict=True))
    )
    lines = transcript_lines(text.encode())
    assert sorted(f"{line.start} {line.text}" for line in lines) == sorted(
        f"{at + 0.5} {f'say {words}'.strip()}" for (at, _), words in zip(cues, spoken, strict=True)
    )


@given(st.lists(st.text(st.sampled_from("ab.,!é"), min_size=1, max_size=9), max_size=40))
def test_no_word_of_a_segment_is_lost(bodies: list[str]) -> None:
    rows = [word(at, body) for at, body in enumerate(bodies)]
    joined = "".join(line[3] for line in segments(*rows)).replace(" ", "")
    assert joined == "".join(bodies)


def test_three_thousand_cues_are_lines() -> None:
    text = "".join(
        f"{n}\n{n // 1800:02}:{n // 30 % 60:02}:{n % 30 * 2:02},000 --> "
        f"{n // 1800:02}:{n // 30 % 60:02}:{n % 30 * 2 + 1:02},900\nAnn: line {n}\n\n"
        for n in range(3000)
    )
    lines = transcript_lines(text.encode())
    assert [line.text for line in lines] == [f"line {n}" for n in range(3000)]


class TestBesideAFile:
    def test_it_is_found_by_its_name(self, tmp_path: Path) -> None:
        sound = tmp_path / "Ep [01].mp3"
        sound.touch()
        assert transcript_beside(sound) is None
        (tmp_path / "Ep [01] more.srt").write_text(SRT)
        (tmp_path / "Ep [01].part.srt").write_text(SRT)
        (tmp_path / "Ep [01].srt").mkdir()
        assert transcript_beside(sound) is None
        (tmp_path / "Ep [01].de.SRT").write_text("00:01 --> 00:02\nHallo")
        german = transcript_beside(sound)
        assert german is not None
        assert (german.language, german.lines[0].text) == ("de", "Hallo")
        (tmp_path / "Ep [01].mp3.srt").write_text(SRT)
        (tmp_path / "Ep [01].vtt").write_text("nothing of it: <html><p>x</p></html>")
        plain = transcript_beside(sound)
        assert plain is not None
        assert (plain.language, told(plain.lines)) == ("", BOTH)

    def test_a_folder_that_is_not_there_has_none(self, tmp_path: Path) -> None:
        assert transcript_beside(tmp_path / "gone" / "a.mp3") is None
