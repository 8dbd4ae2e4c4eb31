"""JSON that keeps neither to JSON nor to a shape."""

from __future__ import annotations

import msgspec
import pytest

from radiotui.net.loose_json import decode_json


class Row(msgspec.Struct):
    """One of a list."""

    title: str | None = None
    seconds: float | None = None


class Page(msgspec.Struct):
    """An answer."""

    rows: list[Row] | msgspec.UnsetType | None = msgspec.field(default=msgspec.UNSET, name="songs")
    first: Row | None = None


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (b"NaN", None),
        (b"-Infinity", None),
        (b"1e999", None),
        (b"9" * 5000, None),
        (b'"a\nb\x1b"', "a\nb\x1b"),
        (b'"\\ud83c"', "\ud83c"),
        (b"12345678901234567", 12345678901234567),
        (b"1.5", 1.5),
    ],
)
def test_a_value_that_json_does_not_have_costs_itself_alone(written: bytes, read: object) -> None:
    body = b'\xef\xbb\xbf{"x": ' + written + b', "y": NaN, "z": "River"}'
    assert decode_json(body, object) == {"x": read, "y": None, "z": "River"}


@pytest.mark.parametrize(
    ("body", "page"),
    [
        (b'{"songs": [7, null, {"title": 7}, {"title": "A"}]}', Page([Row("A")])),
        (b'{"songs": [{"title": "A", "seconds": []}], "first": 7}', Page([Row("A")])),
        (b'{"songs": [{"title": "A", "\\ud83c": 1}], "first": NaN}', Page([Row("A")])),
        (b'{"songs": {}, "first": {"title": "A"}}', Page(first=Row("A"))),
        (b'{"songs": [{"title": "A"}], "first": {"title": "B"}}', Page([Row("A")], Row("B"))),
    ],
)
def test_a_value_of_another_type_costs_itself_alone(body: bytes, page: Page) -> None:
    assert decode_json(body, Page) == page


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"songs": [7], "first": {"title": 7}}', b'{"first": {"title": NaN}, ']
)
def test_where_nothing_remains_it_is_said(body: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode_json(body, Page)
