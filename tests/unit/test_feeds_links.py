"""Which addresses become links."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radiotui.net.urls import web_link

BASE = "https://knau.example/news/trail"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://x.example/a?b=c&d=%20e#f", "https://x.example/a?b=c&d=%20e#f"),
        ("HTTPS://X.example/A", "https://X.example/A"),
        ("https://x.example/?", "https://x.example/"),
        ("http://x.example:8000", "http://x.example:8000"),
        ("/photos", "https://knau.example/photos"),
        ("//x.example/a", "https://x.example/a"),
        ('https://x.example/a b"<', "https://x.example/a%20b%22%3C"),
        ("https://x.example/ñ", "https://x.example/ñ"),
        ("https://x.example/\x1b[2Ja", "https://x.example/a"),
        *((bad, None) for bad in ("javascript:alert(1)", "file:///etc/passwd", "")),
        ("https://[bad", None),
        (f"https://x.example/{'a' * 2000}", None),
    ],
)
def test_links(written: str, meant: str | None) -> None:
    assert web_link(written, BASE) == meant


@given(
    st.lists(
        st.sampled_from(["http://", "https://", "x.example", ":80", "/", "a", "..", "?", "#", "="])
        | st.sampled_from(["%20", "&", ";", "@", ".", "-", "[", " ", "é", "\n", "A"]),
        max_size=12,
    ).map("".join)
)
def test_what_is_plain_is_what_it_would_become(address: str) -> None:
    if web_link(address, BASE) == address:
        assert urlsplit(urljoin(BASE, address)).geturl() == address
