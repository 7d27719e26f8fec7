"""Signing in and out (操作者の認証): the only screens that need no session."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from jukinet.domain.errors import ForgedFormError, MissingItemError, SessionExpiredError, SignInRefusedError
from jukinet.operator_web.cookies import ENTRY, LANGUAGE, SESSION, cookie_of, expired_cookie_of
from jukinet.operator_web.doors import Door
from jukinet.operator_web.forms import Form, Problem
from jukinet.operator_web.language import find_language
from jukinet.operator_web.rendering import PageFrame, Renderer
from jukinet.operator_web.responses import ScreenRequest, ScreenResponse, form_of, html, local_path, redirect
from jukinet.operator_web.screens import Page, Site
from jukinet.operator_web.sessions import form_token_of, is_form_token, new_token


@dataclass(frozen=True, slots=True)
class EntryScreens:
    """The sign-in of one site."""

    site: Site
    renderer: Renderer
    door: Door

    async def show(self, request: ScreenRequest) -> ScreenResponse:
        """Show the form."""
        back = local_path(request.query_params.get("back"))
        has_ended = request.query_params.get("ended") is not None
        return self._page(request, Form({}), back=back, has_ended=has_ended)

    async def sign_in(self, request: ScreenRequest) -> ScreenResponse:
        """Check id and password, open a session and lead to the page that was wanted."""
        typed = await form_of(request)
        back = local_path(typed.get("back"))
        if "switch_language" in typed:
            return redirect(f"/language?to={find_language(typed['switch_language']).value}&back=/sign-in")
        form = Form({"operator_id": typed.get("operator_id", ""), "back": back})
        operator_id, password = form.text("operator_id"), typed.get("password", "")
        entry = request.cookies.get(ENTRY)
        if not entry or not is_form_token(typed.get("form_token", ""), entry):
            return self._page(request, form, back=back, refused=ForgedFormError())
        form.read("operator_id", str)
        if not password:
            form.problems.append(Problem("password", MissingItemError(field="password")))
        if form.problems:
            return self._page(request, form, back=back)
        try:
            token = await self.door.sign_in(name=operator_id, password=password, now=self.site.clock())
        except SignInRefusedError as error:
            return self._page(request, form, back=back, refused=error)
        response = redirect(back)
        response.cookies.extend([cookie_of(SESSION, token), expired_cookie_of(ENTRY)])
        return response

    async def sign_out(self, request: ScreenRequest) -> ScreenResponse:
        """Close the session; whoever has none is signed out already."""
        token = request.cookies.get(SESSION, "")
        typed = await form_of(request)
        response = redirect(f"/sign-in?done={quote('done.signed_out')}")
        now = self.site.clock()
        try:
            session = await self.door.find_session(token, now=now)
        except SessionExpiredError:
            response.cookies.append(expired_cookie_of(SESSION))
            return response
        if not is_form_token(typed.get("form_token", ""), token):
            raise ForgedFormError
        await self.door.sign_out(token=token, session=session, now=now)
        response.cookies.append(expired_cookie_of(SESSION))
        return response

    def _page(
        self,
        request: ScreenRequest,
        form: Form,
        *,
        back: str,
        has_ended: bool = False,
        refused: SignInRefusedError | ForgedFormError | None = None,
    ) -> ScreenResponse:
        entry = request.cookies.get(ENTRY) or new_token()
        frame = PageFrame(
            language=find_language(request.cookies.get(LANGUAGE)),
            path="/sign-in",
            done=request.query_params.get("done"),
            form_token=form_token_of(entry),
        )
        values = {"form": form, "back": back, "has_ended": has_ended, "refused": refused}
        status = 403 if refused else 422 if form.problems else 200
        response = html(self.renderer.render(Page(self.site.sign_in_template, values, status), frame), status)
        response.cookies.append(cookie_of(ENTRY, entry))
        return response
