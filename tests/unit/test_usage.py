"""Arguments of the command line: what is read without argparse, and parsers of what was typed."""

import argparse
from collections.abc import Collection

import pytest

from radiotui.cli.screen_arguments import plain_arguments
from radiotui.cli.usage import parser_of, read_arguments


class EveryWord(Collection[str]):
    """Words of all commands, so that every parser is built."""

    def __contains__(self, word: object) -> bool:
        return True

    def __iter__(self):
        return iter(())

    def __len__(self):
        return 0


@pytest.fixture(scope="module")
def whole() -> argparse.ArgumentParser:
    return parser_of(EveryWord())


def outcome(parser, words: list[str], capsys) -> tuple[object, ...]:
    """Arguments, what is printed, and the exit code."""
    arguments, code = None, None
    try:
        arguments = parser.parse_args(words)
    except SystemExit as end:
        code = end.code
    printed = capsys.readouterr()
    return arguments, code, printed.out, printed.err


@pytest.mark.parametrize(
    "line",
    [
        *("", "--help", "--version", "--bad", "nonsense", "help", "--stations", "--engine mute"),
        *("play", "play --help", "play knau --for 3s", "--demo play knau", "--demo play --bad"),
        *("stations", "stations --help", "stations nonsense", "stations move --help"),
        *("stations move knau --first", "stations move knau", "stations list --json now"),
        *("marks add knau Fresh Air --record --weekly", "marks remove x", "record knau --at 25:00"),
        *("recordings play a --for 5", "recordings delete --help", "feeds import"),
        "alarm --ring x",
    ],
)
def test_parsers_of_other_commands_are_not_missed(line, whole, capsys):
    words = line.split()
    assert outcome(parser_of(words), words, capsys) == outcome(whole, words, capsys)


@pytest.mark.parametrize(
    "line",
    [
        *("", "--demo", "--stations a.toml --demo", "--config b.toml --play knau/news"),
        *("--engine silent --engine vlc", "--play knau"),
    ],
)
def test_plain_arguments_are_those_of_argparse(line):
    words = line.split()
    plain = plain_arguments(words)
    assert plain is not None
    assert vars(plain) == vars(read_arguments(words))


@pytest.mark.parametrize(
    "line",
    [
        *("--help", "--stations", "--stations --demo", "--stat a.toml", "--stations=a.toml"),
        *("--engine mute", "play knau", "--demo now", "--", "-h", "--play -x"),
    ],
)
def test_all_else_is_left_to_argparse(line):
    assert plain_arguments(line.split()) is None
