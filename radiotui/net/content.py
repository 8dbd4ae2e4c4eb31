"""The judge of bodies: whether one is a web page, by its bytes and by what the server declares.

It is asked wherever a page may come in place of sound, of a playlist or of a feed, and nowhere
else is HTML recognised.
"""

from __future__ import annotations

import codecs
import re

_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_NOT_TEXT = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_BYTES_JUDGED = 4096
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_html(body: bytes, content_type: str = "") -> bool:
    """True for a web page, such as a login page where sound or a feed was expected.

    ``content_type`` is the server's header. Without it the bytes alone decide, as it must be
    where sound may be declared a page. HTML behind bytes that no text has is no page: the tags
    of sound may quote it.
    """
    if "html" in content_type.lower():
        return True
    head = body[:_BYTES_JUDGED]
    if head.startswith(_UTF_16):
        head = head.decode("utf-16", "replace").encode()
    mark = _HTML.search(head)
    return mark is not None and _NOT_TEXT.search(head, 0, mark.start()) is None
