"""The screens of persons' requests, which prefecture and nation have alike."""

from __future__ import annotations

from functools import partial
from typing import Final

from jukinet.disclosure.web.desk import RequestDesk
from jukinet.disclosure.web.request_form import show_request_form, take_request_form
from jukinet.disclosure.web.requests import (
    print_request_answer,
    print_request_extension,
    show_request,
    show_requests,
    take_request,
)
from jukinet.operator_web.screens import MenuItem, Screen

REQUESTS_MENU: Final = MenuItem("/person-requests", "requests.menu", "j")
TEMPLATES: Final = "jukinet.disclosure.web"


def request_screens(desk: RequestDesk) -> list[Screen]:
    """Return the work list, the form, and the page of a request."""
    one = "/person-requests/{request_number:int}"
    return [
        Screen("GET", "/person-requests", partial(show_requests, desk)),
        Screen("GET", "/person-requests/new", partial(show_request_form, desk)),
        Screen("POST", "/person-requests/new", partial(take_request_form, desk)),
        Screen("GET", one, partial(show_request, desk)),
        Screen("POST", one, partial(take_request, desk)),
        Screen("GET", f"{one}/answer", partial(print_request_answer, desk)),
        Screen("GET", f"{one}/extension", partial(print_request_extension, desk)),
    ]
