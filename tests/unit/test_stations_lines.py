"""The line of every key, whatever else stands in the file."""

import itertools
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from radiotui.stations.toml_positions import TomlPositions

TRAPS = (
    r'''# [[station]]
[[station]]
group = """
[[station]]
# no remark
id = "no id" \
  """ # [[station]]
sign = """}]\""""""
city = '''
    + r"""'''
quote: ''
''''
feeds = [ # one "
  "https://a.example/#]",

  "https://b.example/", ]
name = "}]\"" # "
began = [ 1979-05-27 07:32:00,
  { again = 1 } ]
[[ station . "stream" ]]
id = "b"
  url . alternative = 3
[[station.stream]]
schedule = [ { source = "npr" },
  { "so\u0075rce" = 1 } ]
[station.owner]
[[station]]
  [[station.stream]]
  id = "c"
"""
)


def test_lines_are_right_whatever_stands_above() -> None:
    tomllib.loads(TRAPS)
    lines = TomlPositions(TRAPS)
    first = ("station", 0)
    assert lines.line(first) == 2
    assert lines.line((*first, "group")) == 3
    assert lines.line((*first, "city")) == 9
    assert lines.line((*first, "feeds", 1)) == 15
    assert lines.line((*first, "name")) == 16
    assert lines.line((*first, "began", 1, "again")) == 18
    assert lines.line((*first, "stream", 0)) == 19
    assert lines.line((*first, "stream", 0, "id")) == 20
    assert lines.line((*first, "stream", 0, "url", "alternative")) == 21
    assert lines.line((*first, "stream", 1, "schedule", 0, "source")) == 23
    assert lines.line((*first, "stream", 1, "schedule", 1, "source")) == 24
    assert lines.line((*first, "owner")) == 25
    assert lines.line(("station", 1)) == 26
    assert lines.line(("station", 1, "stream", 0, "id")) == 28


def test_what_is_not_written_is_at_the_table_around_it() -> None:
    lines = TomlPositions(TRAPS)
    assert lines.line(("station", 0, "stream", 0, "name")) == 19
    assert lines.line(("station", 1, "homepage")) == 26
    assert lines.line(("feeds", 3)) == 1
    assert lines.line(()) == 1


def test_what_is_no_toml_ends() -> None:
    for text in ("[", "[[", "a =", "a = [1", "a = {", "= 1", "]", 'a = "', "[a", "\x00", "a=,,"):
        assert TomlPositions(text).line(("b",)) == 1


names = st.sampled_from(["id", "stream", '"a.b"', "'#'", '"\\u0041"', "1-2", '""'])
tables = st.lists(names, min_size=1, max_size=3).map(" . ".join)
# "@" becomes a number of its own, so that each of these keys is in one place of the text only.
keys = st.lists(names, max_size=2).map(lambda parts: ".".join([*parts, "key@"]))
scalars = st.sampled_from(
    [
        *("1", "-1.5e3", "true", "1979-05-27 07:32:00", "07:32:00"),
        *('"a # ] } \\" b"', "'\\'", '""', "''"),
        *('"""\n[x]\n"""', '"""a\\""""""', '""""b"""', '""""""', "'''\n''a''''"),
    ]
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda found: "[ # ]\n" + "\n,".join(found) + " ]"),
        st.lists(st.tuples(keys, inner), max_size=3).map(
            lambda found: "{" + ", ".join(f"{key} = {value}" for key, value in found) + "}"
        ),
    ),
    max_leaves=6,
)
statements = st.one_of(
    st.tuples(keys, values).map(lambda pair: f"{pair[0]} = {pair[1]} # x"),
    tables.map(lambda key: f"[ {key} ]"),
    tables.map(lambda key: f"[[{key}]] # ="),
    st.just("  # [a]"),
)


def written(value: Any, where: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each key of what tomllib read."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield (*where, key)
        if isinstance(inner, dict | list):
            yield from written(inner, (*where, key))


@settings(max_examples=300)
@given(st.lists(statements, min_size=1, max_size=8).map("\n".join))
def test_every_key_of_any_toml_has_its_line(text: str) -> None:
    numbers = itertools.count()
    text = re.sub("@", lambda _: f"{next(numbers)}", text)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = TomlPositions(text)
    for where in written(values):
        key = where[-1]
        if isinstance(key, str) and key.startswith("key"):
            before = re.split(rf"\b{key}\b", text)[0]
            assert lines.line(where) == before.count("\n") + 1
