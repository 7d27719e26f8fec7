"""The style sheets: the tokens of the Digital Agency's design system, and ours on top of them."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from jukinet.operator_web.responses import security_headers

#: Every file that is served, by its name.
STYLE_SHEETS: Final = ("tokens.css", "screens.css")


def static_handlers() -> list[HTTPRouteHandler]:
    """Return a handler per style sheet."""
    return [_static_handler(name) for name in STYLE_SHEETS]


def _static_handler(name: str) -> HTTPRouteHandler:
    content = files("jukinet.operator_web").joinpath("static", name).read_bytes()
    headers = {**security_headers(), "Cache-Control": "public, max-age=600"}

    async def show_style_sheet(request: Request[Any, Any, Any]) -> Response[bytes]:
        del request
        return Response(content, media_type="text/css; charset=utf-8", headers=headers)

    return HTTPRouteHandler(f"/static/{name}", http_method="GET", status_code=200)(show_style_sheet)
