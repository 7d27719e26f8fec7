"""A person in front of the screens, without a browser: keeps cookies, finds the form's token, goes where it is led."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any, cast

import httpx
from litestar import Litestar

PASSWORD = "correct horse battery"
ORIGIN = "https://screens.example"


@dataclass
class Person:
    """Whoever sits at the terminal."""

    client: httpx.AsyncClient
    page: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    @property
    def text(self) -> str:
        return unescape(self.page.text)

    @property
    def path(self) -> str:
        return self.page.url.path

    async def open(self, path: str) -> httpx.Response:
        self.page = await self.client.get(path, follow_redirects=True)
        return self.page

    async def send(self, path: str, *, token: str | None = None, **fields: str) -> httpx.Response:
        """Send a form as the page last seen would."""
        fields = {"form_token": self.hidden("form_token") if token is None else token, **fields}
        self.page = await self.client.post(path, data=fields, follow_redirects=True)
        return self.page

    def hidden(self, name: str) -> str:
        """Return the value of a field of the page last seen: of its own form, which comes after the header's."""
        for found in reversed(re.findall(r"<input[^>]*>", self.page.text)):
            is_unchosen = ('type="radio"' in found or 'type="checkbox"' in found) and " checked" not in found
            if f'name="{name}"' in found and not is_unchosen:
                value = re.search(r'value="([^"]*)"', found)
                return unescape(value[1]) if value else ""
        raise LookupError(name)

    async def sign_in(self, operator_id: str = "clerk", password: str = PASSWORD) -> httpx.Response:
        await self.open("/sign-in")
        return await self.send("/sign-in", operator_id=operator_id, password=password, back=self.hidden("back"))


@asynccontextmanager
async def person_at(app: Litestar) -> AsyncGenerator[Person]:
    """Give a person whose browser knows no cookie yet."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=cast("Any", app)), base_url=ORIGIN) as client:
        yield Person(client)
