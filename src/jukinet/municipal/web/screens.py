"""Every screen of the municipal node, and the application that shows them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, Literal, TypeAlias

from litestar import Litestar

from jukinet.municipal.web import (
    texts,
    texts_counter,
    texts_document_review,
    texts_documents,
    texts_doubts,
    texts_ex_officio,
    texts_foreigners,
    texts_forms,
    texts_household,
    texts_mass_changes,
    texts_moving,
    texts_notice_batch,
    texts_numbers,
    texts_overview,
    texts_resident_system,
    texts_review,
)
from jukinet.municipal.web.changing import check_field, show_form, take_form
from jukinet.municipal.web.code_notices import print_notice, show_notices, take_notice
from jukinet.municipal.web.counter_requests import show_counter_form, take_counter_form
from jukinet.municipal.web.desk import Desk
from jukinet.municipal.web.document_reviews import print_refusal, show_document_review, take_document_review
from jukinet.municipal.web.documents import show_document_form, take_document_form
from jukinet.municipal.web.doubts import show_doubt, show_doubts, take_doubt
from jukinet.municipal.web.drafts import discard_draft, take_draft
from jukinet.municipal.web.expiring import show_expiring
from jukinet.municipal.web.issued_documents import (
    check_document,
    print_document,
    settle_document,
    show_document,
    show_documents,
)
from jukinet.municipal.web.mass_change_form import (
    FORM_PATH,
    check_mass_change_field,
    show_mass_change_form,
    take_mass_change_form,
)
from jukinet.municipal.web.mass_changes import show_mass_change, show_mass_changes, take_mass_change
from jukinet.municipal.web.notice_batches import (
    show_code_batch,
    show_letter_batch,
    take_code_batch,
    take_letter_batch,
)
from jukinet.municipal.web.overview import requeue_parcel, settle_quarantine, show_deliveries, show_top
from jukinet.municipal.web.person_notices import print_letter, show_person_notices, take_person_notice
from jukinet.municipal.web.pools import show_pools
from jukinet.municipal.web.procedures import PROCEDURES
from jukinet.municipal.web.received import show_received, take_received
from jukinet.municipal.web.resident_pages import show_household, show_recorded, show_resident
from jukinet.municipal.web.resident_system import settle_record, show_linkage, switch_mode
from jukinet.municipal.web.reviewing import show_review, show_reviews, take_review
from jukinet.municipal.web.search import search, show_search
from jukinet.municipal.web.statistics import show_statistics
from jukinet.operator_web.asking.screens import ASKING_MENU, asking_screens
from jukinet.operator_web.asking.texts import TEXTS as ASKING_TEXTS
from jukinet.operator_web.audit_screens import EVENTS_MENU, audit_screens
from jukinet.operator_web.screens import MOST_BODY, Answer, MenuItem, Screen, Site, Visit
from jukinet.operator_web.site import make_site

_MENU: Final = (
    MenuItem("/", "top.menu", "t"),
    MenuItem("/residents", "search.menu", "s"),
    MenuItem("/reviews", "review.menu", "v"),
    MenuItem("/documents", "documents.menu", "d"),
    MenuItem("/code-notices", "code_notice.menu", "n"),
    MenuItem("/person-notices", "person_notice.menu", "h"),
    MenuItem("/pools", "pools.menu", "p"),
    MenuItem("/deliveries", "deliveries.menu", "r"),
    MenuItem("/statistics", "statistics.menu", "k"),
    EVENTS_MENU,
)
_Row: TypeAlias = tuple[Literal["GET", "POST"], str, Callable[[Desk, Visit], Awaitable[Answer]]]
_SCREENS: Final[tuple[_Row, ...]] = (
    ("GET", "/", show_top),
    ("GET", "/residents", show_search),
    ("POST", "/residents", search),
    ("GET", "/residents/{resident_number:int}", show_resident),
    ("GET", "/residents/{resident_number:int}/recorded/{version:int}", show_recorded),
    ("GET", "/residents/{resident_number:int}/documents", show_document_form),
    ("POST", "/residents/{resident_number:int}/documents", take_document_form),
    ("GET", "/residents/{resident_number:int}/counter-requests", show_counter_form),
    ("POST", "/residents/{resident_number:int}/counter-requests", take_counter_form),
    ("GET", "/documents", show_documents),
    ("POST", "/documents", check_document),
    ("GET", "/documents/{request_number:int}", show_document),
    ("POST", "/documents/{request_number:int}", settle_document),
    ("GET", "/documents/{request_number:int}/print", print_document),
    ("GET", "/document-reviews/{request_number:int}", show_document_review),
    ("POST", "/document-reviews/{request_number:int}", take_document_review),
    ("GET", "/document-reviews/{request_number:int}/letter", print_refusal),
    ("GET", "/households/{household_number:int}", show_household),
    ("POST", "/drafts", take_draft),
    ("POST", "/drafts/discard", discard_draft),
    ("GET", "/deliveries", show_deliveries),
    ("POST", "/deliveries", requeue_parcel),
    ("POST", "/deliveries/settled", settle_quarantine),
    ("GET", "/statistics", show_statistics),
    ("GET", "/received", show_received),
    ("POST", "/received", take_received),
    ("GET", "/reviews", show_reviews),
    ("GET", "/reviews/{entry_number:int}", show_review),
    ("POST", "/reviews/{entry_number:int}", take_review),
    ("GET", "/code-notices", show_notices),
    ("POST", "/code-notices", take_notice),
    ("GET", "/code-notices/batch", show_code_batch),
    ("POST", "/code-notices/batch", take_code_batch),
    ("GET", "/code-notices/{notice_number:int}/print", print_notice),
    ("GET", "/person-notices", show_person_notices),
    ("POST", "/person-notices", take_person_notice),
    ("GET", "/person-notices/batch", show_letter_batch),
    ("POST", "/person-notices/batch", take_letter_batch),
    ("GET", "/person-notices/{notice_number:int}/print", print_letter),
    ("GET", "/doubts", show_doubts),
    ("GET", "/doubts/{doubt_number:int}", show_doubt),
    ("POST", "/doubts/{doubt_number:int}", take_doubt),
    ("GET", "/pools", show_pools),
    ("GET", "/expiring-stays", show_expiring),
    ("GET", "/mass-changes", show_mass_changes),
    ("GET", "/mass-changes/{mass_change_number:int}", show_mass_change),
    ("POST", "/mass-changes/{mass_change_number:int}", take_mass_change),
    ("GET", FORM_PATH, show_mass_change_form),
    ("POST", FORM_PATH, take_mass_change_form),
    ("POST", f"{FORM_PATH}/check", check_mass_change_field),
)
_TABLE: Final = 32 * 1024 * 1024
#: What is longer than other forms: the table of a mass change, 200,000 rows of it, and a form with one as it is kept.
_MOST_BODY: Final = {FORM_PATH: _TABLE, f"{FORM_PATH}/check": _TABLE, "/drafts": 2 * 1024 * 1024}
_CONNECTED_MENU: Final = (
    MenuItem("/", "linkage.menu", "t"),
    MenuItem("/doubts", "doubt.title", "g"),
    MenuItem("/deliveries", "deliveries.menu", "r"),
    EVENTS_MENU,
)
_CONNECTED_SCREENS: Final[tuple[_Row, ...]] = (
    ("GET", "/", show_linkage),
    ("POST", "/mode", switch_mode),
    ("POST", "/records", settle_record),
    ("GET", "/doubts", show_doubts),
    ("GET", "/doubts/{doubt_number:int}", show_doubt),
    ("POST", "/doubts/{doubt_number:int}", take_doubt),
    ("GET", "/deliveries", show_deliveries),
    ("POST", "/deliveries", requeue_parcel),
)
_CATALOGUES: Final = (
    ASKING_TEXTS,
    texts.TEXTS,
    texts_counter.TEXTS,
    texts_document_review.TEXTS,
    texts_documents.TEXTS,
    texts_doubts.TEXTS,
    texts_ex_officio.TEXTS,
    texts_forms.TEXTS,
    texts_household.TEXTS,
    texts_mass_changes.TEXTS,
    texts_foreigners.TEXTS,
    texts_moving.TEXTS,
    texts_notice_batch.TEXTS,
    texts_numbers.TEXTS,
    texts_overview.TEXTS,
    texts_resident_system.TEXTS,
    texts_review.TEXTS,
)


def make_screens(desk: Desk, *, is_production: bool = False) -> Litestar:
    """Return the application with the screens of a municipal node."""
    screens = [
        Screen(method, path, partial(show, desk), _MOST_BODY.get(path, MOST_BODY)) for method, path, show in _SCREENS
    ]
    screens += asking_screens(desk.asking)
    for procedure in PROCEDURES:
        screens.append(Screen("GET", procedure.path, partial(show_form, procedure, desk)))
        screens.append(Screen("POST", procedure.path, partial(take_form, procedure, desk)))
        screens.append(Screen("POST", f"{procedure.path}/check", partial(check_field, procedure, desk)))
    menu = (*_MENU[:-1], *((ASKING_MENU,) if desk.asking else ()), _MENU[-1])
    return _make_site(desk, screens, menu, is_production=is_production)


def make_connected_screens(desk: Desk, *, is_production: bool = False) -> Litestar:
    """Return the application of a node whose register is kept by a connected resident system: no procedures here."""
    screens = [Screen(method, path, partial(show, desk)) for method, path, show in _CONNECTED_SCREENS]
    return _make_site(desk, screens, _CONNECTED_MENU, is_production=is_production)


def _make_site(desk: Desk, screens: list[Screen], menu: Sequence[MenuItem], *, is_production: bool) -> Litestar:
    return make_site(
        Site(
            name=desk.name,
            database=desk.database,
            clock=desk.clock,
            screens=[*screens, *audit_screens(desk.database)],
            menu=menu,
            templates=("jukinet.municipal.web",),
            catalogues=_CATALOGUES,
            is_production=is_production,
        )
    )
