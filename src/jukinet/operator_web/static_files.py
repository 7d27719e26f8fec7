"""What browsers load beside the pages: the tokens of the Digital Agency's design system, our styles, our script."""

from __future__ import annotations

from importlib.resources import files
from typing import Any, Final

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from jukinet.operator_web.responses import security_headers

#: Every file that is served, by its name, and what it is.
STATIC_FILES: Final = {
    "tokens.css": "text/css; charset=utf-8",
    "screens.css": "text/css; charset=utf-8",
    "screens.js": "text/javascript; charset=utf-8",
}


def static_handlers() -> list[HTTPRouteHandler]:
    """Return a handler per file."""
    return [_static_handler(name, media_type) for name, media_type in STATIC_FILES.items()]


def _static_handler(name: str, media_type: str) -> HTTPRouteHandler:
    content = files("jukinet.operator_web").joinpath("static", name).read_bytes()
    headers = {**security_headers(), "Cache-Control": "public, max-age=600"}

    async def show_file(request: Request[Any, Any, Any]) -> Response[bytes]:
        del request
        return Response(content, media_type=media_type, headers=headers)

    return HTTPRouteHandler(f"/static/{name}", http_method="GET", status_code=200)(show_file)
