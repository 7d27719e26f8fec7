"""Serve the screens of a node: find the session, check the form, show the page, turn errors into sentences."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal
from urllib.parse import quote

import structlog
from litestar import Litestar, Request, Response
from litestar.exceptions import HTTPException
from litestar.handlers import HTTPRouteHandler

from jukinet.domain.errors import ForgedFormError, InternalError, JukinetError, SessionExpiredError
from jukinet.operator_web.cookies import (
    ENTRY,
    LANGUAGE,
    SESSION,
    cookie_of,
    expired_cookie_of,
    lasting_cookie_of,
)
from jukinet.operator_web.doors import Door, OperatorDoor
from jukinet.operator_web.language import Language, find_language
from jukinet.operator_web.rendering import PageFrame, Renderer
from jukinet.operator_web.responses import (
    ScreenRequest,
    ScreenResponse,
    data,
    download,
    files_of,
    form_of,
    html,
    local_path,
    pdf,
    redirect,
)
from jukinet.operator_web.screens import (
    AUTOMATIC,
    MOST_BODY,
    RENEWAL,
    Answer,
    Data,
    Download,
    Page,
    Pdf,
    Redirect,
    Screen,
    Site,
    Visit,
)
from jukinet.operator_web.sessions import form_token_of, hash_of, is_form_token, new_token
from jukinet.operator_web.sign_in import EntryScreens
from jukinet.operator_web.static_files import static_handlers
from jukinet.operator_web.store import NOBODY
from jukinet.protocol.errors import refusal_of

_log: Final = structlog.get_logger()

#: The field that asks for the page in the other language. Such a request never records anything.
_SWITCH: Final = "switch_language"
#: The button that records; without it a form is only looked at.
STEP: Final = "step"


def make_site(site: Site) -> Litestar:
    """Return the ASGI application that shows the screens of `site`."""
    desk = _FrontDesk(site, Renderer(site), site.door or OperatorDoor(site.database))
    entry = EntryScreens(site, desk.renderer, desk.door)
    handlers = [
        _handler(screen.method, screen.path, _shown_by(desk, screen), screen.most_body) for screen in site.screens
    ]
    handlers += [
        _handler("GET", "/sign-in", entry.show),
        _handler("POST", "/sign-in", entry.sign_in),
        _handler("POST", "/sign-out", entry.sign_out),
        _handler("GET", "/language", desk.switch_language),
        _handler("GET", "/{nowhere:path}", desk.show_nowhere),
    ]
    return Litestar(
        route_handlers=[*handlers, *static_handlers()],
        exception_handlers={HTTPException: desk.refuse_request, Exception: desk.refuse_request},
        request_max_body_size=MOST_BODY,
        openapi_config=None,
        debug=False,
    )


def _handler(
    method: Literal["GET", "POST"],
    path: str,
    answer: Callable[[ScreenRequest], Awaitable[ScreenResponse]],
    most_body: int = MOST_BODY,
) -> HTTPRouteHandler:
    async def respond(request: Request[Any, Any, Any]) -> Response[bytes]:
        return await answer(request)

    respond.__name__ = f"{method.lower()}_{path.strip('/') or 'top'}"
    return HTTPRouteHandler(path, http_method=method, status_code=200, request_max_body_size=most_body)(respond)


def _shown_by(desk: _FrontDesk, screen: Screen) -> Callable[[ScreenRequest], Awaitable[ScreenResponse]]:
    async def show(request: ScreenRequest) -> ScreenResponse:
        return await (desk.show_open(request, screen) if screen.is_open else desk.show(request, screen))

    return show


@dataclass(frozen=True, slots=True)
class _FrontDesk:
    """What stands between the browser and every screen."""

    site: Site
    renderer: Renderer
    door: Door

    async def show_open(self, request: ScreenRequest, screen: Screen) -> ScreenResponse:
        """Answer one request of whoever it is, signed in or not, with a page that needs no session."""
        language = find_language(request.cookies.get(LANGUAGE))
        entry = request.cookies.get(ENTRY) or new_token()
        frame = PageFrame(
            language=language,
            path=request.url.path,
            done=request.query_params.get("done"),
            form_token=form_token_of(entry),
        )
        try:
            form = await form_of(request) if request.method == "POST" else {}
            if request.method == "POST" and not is_form_token(form.pop("form_token", ""), entry):
                raise ForgedFormError
            visit = Visit(
                session=NOBODY,
                words=self.renderer.words(language),
                now=self.site.clock(),
                numbers={},
                query=dict(request.query_params),
                form=form,
                token_hash=hash_of(entry),
            )
            response = self._respond(await screen.show(visit), frame)
        except JukinetError as error:
            response = self._refuse(error, frame)
        response.cookies.append(cookie_of(ENTRY, entry))
        return response

    async def show(self, request: ScreenRequest, screen: Screen) -> ScreenResponse:
        """Answer one request with its screen, or with the reason why not."""
        language = find_language(request.cookies.get(LANGUAGE))
        frame = PageFrame(language=language, path=request.url.path, done=request.query_params.get("done"))
        try:
            token = request.cookies.get(SESSION, "")
            visit = await self._admit(request, token, language)
            switched = visit.form.get(_SWITCH)
            if switched is not None:
                language = find_language(switched)
                visit = self._in_language(visit, language)
            frame = PageFrame(
                language=language,
                path=request.url.path,
                done=request.query_params.get("done"),
                session=visit.session,
                form_token=form_token_of(token),
                posted=visit.form if screen.method == "POST" else None,
            )
            response = self._respond(await screen.show(visit), frame)
        except SessionExpiredError:
            return self._lead_to_sign_in(request)
        except JukinetError as error:
            return self._refuse(error, frame)
        except HTTPException:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the operator sees a page, and no text of it
            _log.error("screen failed", path=screen.path, exception_class=type(error).__name__)
            return self._refuse(InternalError(), frame)
        if switched is not None:
            response.cookies.append(lasting_cookie_of(LANGUAGE, language.value))
        return response

    async def switch_language(self, request: ScreenRequest) -> ScreenResponse:
        """Keep the language in a cookie and lead back to the page."""
        language = find_language(request.query_params.get("to"))
        response = redirect(local_path(request.query_params.get("back")))
        response.cookies.append(lasting_cookie_of(LANGUAGE, language.value))
        return response

    async def show_nowhere(self, request: ScreenRequest) -> ScreenResponse:
        """Answer a request for a page that is not there; whoever is signed in keeps the menu."""
        language = find_language(request.cookies.get(LANGUAGE))
        frame = PageFrame(language=language, path="/", done=None)
        token = request.cookies.get(SESSION, "")
        if token:
            try:
                session = await self.door.find_session(token, now=self.site.clock())
                frame = PageFrame(language=language, path="/", session=session, form_token=form_token_of(token))
            except JukinetError as error:
                _log.info("page not found by nobody", error_code=error.code)
        return html(self.renderer.render_request_refusal(404, frame), 404)

    def refuse_request(self, request: ScreenRequest, error: Exception) -> ScreenResponse:
        """Answer a request that fits no screen, or that broke before its screen was reached."""
        frame = PageFrame(language=find_language(request.cookies.get(LANGUAGE)), path="/", done=None)
        if isinstance(error, JukinetError):
            return self._refuse(error, frame)
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status >= 500:  # noqa: PLR2004 - the server's own failures
            _log.error("request failed", exception_class=type(error).__name__)
        content = self.renderer.render_request_refusal(status, frame)
        return html(content, status)

    async def _admit(self, request: ScreenRequest, token: str, language: Language) -> Visit:
        """Return the visit of whoever is signed in; refuse a form that is not from one of this session's pages."""
        if not token:
            raise SessionExpiredError
        now = self.site.clock()
        # A page that renews itself shows no one at the terminal.
        is_renewal = request.query_params.get(RENEWAL) == AUTOMATIC
        session = await self.door.find_session(token, now=now, prolongs=not is_renewal)
        form: dict[str, str] = {}
        files: dict[str, bytes] = {}
        if request.method == "POST":
            form, files = await form_of(request), await files_of(request)
            if not is_form_token(form.pop("form_token", ""), token):
                raise ForgedFormError
        if _SWITCH in form:
            form.pop(STEP, None)
        return Visit(
            session=session,
            words=self.renderer.words(language),
            now=now,
            numbers={name: value for name, value in request.path_params.items() if isinstance(value, int)},
            query=dict(request.query_params),
            form=form,
            token_hash=hash_of(token),
            files=files,
        )

    def _in_language(self, visit: Visit, language: Language) -> Visit:
        form = {name: text for name, text in visit.form.items() if name != _SWITCH}
        return replace(visit, words=self.renderer.words(language), form=form)

    def _respond(self, answer: Answer, frame: PageFrame) -> ScreenResponse:
        if isinstance(answer, Redirect):
            return redirect(answer.path if answer.done is None else f"{answer.path}?done={quote(answer.done)}")
        if isinstance(answer, Data):
            return data(answer.values)
        if isinstance(answer, Pdf):
            return pdf(answer.content, answer.name)
        if isinstance(answer, Download):
            return download(answer.content, answer.name, answer.media_type)
        page: Page = answer
        response = html(self.renderer.render(page, frame), page.status)
        if page.refresh_seconds is not None:
            response.headers["Refresh"] = f"{page.refresh_seconds}; url={frame.path}?{RENEWAL}={AUTOMATIC}"
        return response

    def _refuse(self, error: JukinetError, frame: PageFrame) -> ScreenResponse:
        status, _ = refusal_of(error)
        return html(self.renderer.render_refusal(error, status, frame), status)

    def _lead_to_sign_in(self, request: ScreenRequest) -> ScreenResponse:
        back = request.url.path
        ended = "&ended=1" if request.cookies.get(SESSION) else ""
        response = redirect(f"/sign-in?back={quote(back)}{ended}")
        if ended:
            response.cookies.append(expired_cookie_of(SESSION))
        return response
