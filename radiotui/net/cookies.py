"""Cookies with a bound: what servers set is sent back to them, for as long as the program runs."""

from __future__ import annotations

import re
from http.cookiejar import Cookie, CookieJar

_MOST_CHARACTERS_PER_DOMAIN = 8192
"""Of names and values: servers refuse longer headers."""
_MOST_COOKIES = 200
_SENDABLE = re.compile(r"[\x20-\x7e]*")
"""Text that a header may hold: a cookie with any other would spoil each question to its host."""


class BoundedCookies(CookieJar):
    """A jar that takes no more than so much from a domain, and begins anew once it is full."""

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep ``cookie``, if it can be sent back and there is room for it."""
        if not _SENDABLE.fullmatch(f"{cookie.name}{cookie.value or ''}{cookie.path}"):
            return
        there = sum(_size(other) for other in self if other.domain == cookie.domain)
        if there + _size(cookie) > _MOST_CHARACTERS_PER_DOMAIN:
            return
        if len(self) >= _MOST_COOKIES:
            self.clear()
        super().set_cookie(cookie)


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "")
