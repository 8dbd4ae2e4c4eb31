"""Cookies with a bound: what servers set is sent back to them, for as long as the program runs."""

from __future__ import annotations

from http.cookiejar import Cookie, CookieJar

_MOST_CHARACTERS_PER_DOMAIN = 8192
"""Of names and values: servers refuse longer headers."""
_MOST_COOKIES = 200


class BoundedCookies(CookieJar):
    """A jar that takes no more than so much from a domain, and begins anew once it is full."""

    def set_cookie(self, cookie: Cookie) -> None:
        """Keep ``cookie``, if there is room for it."""
        there = sum(_size(other) for other in self if other.domain == cookie.domain)
        if there + _size(cookie) > _MOST_CHARACTERS_PER_DOMAIN:
            return
        if len(self) >= _MOST_COOKIES:
            self.clear()
        super().set_cookie(cookie)


def _size(cookie: Cookie) -> int:
    return len(cookie.name) + len(cookie.value or "")
