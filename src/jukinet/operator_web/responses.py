"""Answers to browsers, each with the headers that keep other sites, foreign scripts and caches out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import msgspec
from litestar import Request, Response
from litestar.datastructures import UploadFile

ScreenRequest: TypeAlias = Request[Any, Any, Any]
ScreenResponse: TypeAlias = Response[bytes]

_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
#: A path of this site: not another host (`//host`), nothing a header could be broken with.
_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[A-Za-z0-9/_-]*")


def security_headers() -> dict[str, str]:
    """Return the headers of every answer."""
    return {
        "Content-Security-Policy": _POLICY,
        "Strict-Transport-Security": "max-age=63072000",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def html(content: str, status: int = 200) -> ScreenResponse:
    """Return a page that no cache keeps."""
    headers = {**security_headers(), "Cache-Control": "no-store"}
    return Response(content.encode(), status_code=status, media_type="text/html; charset=utf-8", headers=headers)


def data(values: Mapping[str, Any]) -> ScreenResponse:
    """Return what a script of ours asked for."""
    headers = {**security_headers(), "Cache-Control": "no-store"}
    return Response(msgspec.json.encode(values), status_code=200, media_type="application/json", headers=headers)


def pdf(content: bytes, name: str) -> ScreenResponse:
    """Return a document for the browser to show and print."""
    disposition = f'inline; filename="{name}.pdf"'
    headers = {**security_headers(), "Cache-Control": "no-store", "Content-Disposition": disposition}
    return Response(content, status_code=200, media_type="application/pdf", headers=headers)


def download(content: bytes, name: str, media_type: str) -> ScreenResponse:
    """Return a file for the browser to save."""
    disposition = f'attachment; filename="{name}"'
    headers = {**security_headers(), "Cache-Control": "no-store", "Content-Disposition": disposition}
    return Response(content, status_code=200, media_type=media_type, headers=headers)


def redirect(path: str) -> ScreenResponse:
    """Lead the browser to another page, which it asks for with GET."""
    headers = {**security_headers(), "Cache-Control": "no-store", "Location": path}
    return Response(b"", status_code=303, media_type="text/html; charset=utf-8", headers=headers)


def local_path(text: str | None) -> str:
    """Return a path of this site that a link asked for; the top page for anything else."""
    return text if text is not None and _LOCAL_PATH.fullmatch(text) else "/"


async def form_of(request: ScreenRequest) -> dict[str, str]:
    """Return the fields of a form; what is no text is left out."""
    fields = await request.form()
    return {name: value for name, value in fields.items() if isinstance(value, str)}


async def files_of(request: ScreenRequest) -> dict[str, bytes]:
    """Return the files that came with a form; a field no file was chosen in is left out."""
    fields = await request.form()
    files = {name: await value.read() for name, value in fields.items() if isinstance(value, UploadFile)}
    return {name: content for name, content in files.items() if content}
