"""The kind of a body, judged by its bytes and by what the server declares."""

from __future__ import annotations

import re

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_BYTES_JUDGED = 4096


def is_html(body: bytes, content_type: str = "") -> bool:
    """True for a web page, such as a login page where sound or a feed was expected.

    ``content_type`` is the server's header; without it the bytes alone decide.
    """
    return "html" in content_type.lower() or _HTML.search(body[:_BYTES_JUDGED]) is not None
