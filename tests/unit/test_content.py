"""Web pages among the bodies that servers send."""

import pytest

from radiotui.net.content import is_html


@pytest.mark.parametrize(
    ("body", "content_type", "html"),
    [
        (b"<!DOCTYPE html><title>Log in</title>", "", True),
        (b"\xef\xbb\xbf\r\n <!doctype\thtml>", "", True),
        (b"<!-- a comment --><HTML lang='en'>", "", True),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "", True),
        (b"<head><title>x</title>", "", True),
        (b"<body class=x>", "", True),
        (b"", "text/html; charset=utf-8", True),
        (b"Hello", "application/xhtml+xml", True),
        (b"Hello", "Text/HTML", True),
        (b"<rss version='2.0'><channel/></rss>", "application/rss+xml", False),
        (b"<header>", "", False),
        (b"<!doctype svg>", "", False),
        (b"ID3\x03\x00html", "audio/mpeg", False),
        (b"#EXTM3U\n", "audio/x-mpegurl", False),
        (b" " * 5000 + b"<html>", "", False),
        (b"", "", False),
    ],
)
def test_bodies(body: bytes, content_type: str, html: bool) -> None:
    assert is_html(body, content_type) is html
