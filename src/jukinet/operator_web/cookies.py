"""The cookies of the screens: for this host only, over TLS only, unreadable for scripts."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import Cookie

#: The token of the session.
SESSION: Final = "__Host-session"
#: The token of the sign-in form, before there is a session.
ENTRY: Final = "__Host-entry"
#: The language of the screens.
LANGUAGE: Final = "__Host-language"
_YEAR_SECONDS: Final = 365 * 24 * 3600


def cookie_of(name: str, value: str) -> Cookie:
    """Return a cookie that ends with the browser."""
    return Cookie(key=name, value=value, path="/", secure=True, httponly=True, samesite="strict")


def lasting_cookie_of(name: str, value: str) -> Cookie:
    """Return a cookie that stays for a year."""
    return Cookie(key=name, value=value, path="/", secure=True, httponly=True, samesite="strict", max_age=_YEAR_SECONDS)


def expired_cookie_of(name: str) -> Cookie:
    """Return what makes the browser forget a cookie."""
    return Cookie(key=name, value="", path="/", secure=True, httponly=True, samesite="strict", max_age=0)
