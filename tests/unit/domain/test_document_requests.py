"""Who may ask for which document: the household, public bodies, others with an interest, and nobody else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from jukinet.documents.sheets import SheetItem
from jukinet.domain.document_requests import (
    DocumentKind,
    HandingOver,
    RecordItem,
    RequestBearer,
    RequestGround,
    fee_of,
    require_permitted,
)
from jukinet.domain.errors import (
    AuthorityNotShownError,
    DocumentKindError,
    IdentityNotCheckedError,
    ImproperPurposeError,
    ItemNotPermittedError,
    MissingItemError,
    NotInForceError,
    ProtectedPersonError,
    RequesterNotPermittedError,
    ResidentNotFoundError,
)
from jukinet.domain.notifications import IdentityCheck, SeenDocument
from jukinet.domain.rules import Rule
from tests.builders import TODAY, resident
from tests.builders_issuing import copy_request

HOUSEHOLD = [resident(1), resident(2, household_number=1, relationship="妻")]
CODE = frozenset({RecordItem.RESIDENT_RECORD_CODE})
OTHERS: dict[str, Any] = {"requester_number": None, "requester_name": "試験商事", "purpose": "債権の回収"}
AGENT: dict[str, Any] = {
    "bearer": RequestBearer.AGENT,
    "bearer_name": "代理　次郎",
    "documents": frozenset({SeenDocument.POWER_OF_ATTORNEY}),
}
MOVING: dict[str, Any] = {"planned_move_out_on": "2026-05-01", "planned_move_out_to": "大阪府大阪市北区"}


def require(household: Any = None, **items: Any) -> None:  # noqa: ANN401 - any item of a request, and the day
    today: date = items.pop("today", TODAY)
    require_permitted(copy_request(**items), household or HOUSEHOLD, today=today)


def test_the_items_are_those_a_sheet_can_show() -> None:
    assert {item.value for item in RecordItem} <= {item.tag for item in SheetItem}


def test_somebody_of_the_household_gets_a_copy_with_everything() -> None:
    require(items=frozenset(RecordItem), resident_numbers=(1, 2))


@pytest.mark.rule(Rule.DOCUMENT_BEARER_IS_IDENTIFIED)
def test_nobody_gets_a_copy_unidentified() -> None:
    with pytest.raises(IdentityNotCheckedError, match="identity_check"):
        require(identity_check=IdentityCheck.NOT_REQUIRED)


@pytest.mark.rule(Rule.DOCUMENT_BEARER_SHOWS_AUTHORITY)
def test_an_agent_shows_authority_and_says_who_it_is() -> None:
    with pytest.raises(AuthorityNotShownError):
        require(**{**AGENT, "documents": frozenset()})
    with pytest.raises(MissingItemError, match="bearer_name"):
        require(**{**AGENT, "bearer_name": " "})
    require(**AGENT)


@pytest.mark.rule(Rule.COPY_OF_OWN_HOUSEHOLD)
def test_who_is_not_of_the_household_does_not_ask_as_if() -> None:
    with pytest.raises(RequesterNotPermittedError):
        require(requester_number=99)
    with pytest.raises(ResidentNotFoundError):
        require(resident_numbers=(1, 99))


@pytest.mark.rule(Rule.COPY_OF_OWN_HOUSEHOLD)
def test_a_removed_record_is_for_the_person_alone() -> None:
    gone = [HOUSEHOLD[0], resident(2, household_number=1, relationship="妻", is_removed=True)]

    with pytest.raises(RequesterNotPermittedError):
        require(gone, kind=DocumentKind.REMOVED_COPY, resident_numbers=(2,))
    with pytest.raises(RequesterNotPermittedError, match="left"):
        require(gone, requester_number=2)
    require(gone, kind=DocumentKind.REMOVED_COPY, resident_numbers=(2,), requester_number=2)


@pytest.mark.rule(Rule.REQUEST_OF_OTHERS_STATES_ITS_PURPOSE)
@pytest.mark.parametrize(
    ("ground", "missing"),
    [
        (RequestGround.PUBLIC_BODY, "purpose"),
        (RequestGround.JUSTIFIED_INTEREST, "purpose"),
        (RequestGround.JUSTIFIED_INTEREST, "requester_name"),
        (RequestGround.ENTRUSTED_PROFESSIONAL, "client"),
    ],
)
def test_others_say_who_they_are_and_what_for(ground: RequestGround, missing: str) -> None:
    said = {**OTHERS, "client": "試験　依頼人（訴訟の代理）", "ground": ground}
    require(**said)
    with pytest.raises(MissingItemError, match=missing):
        require(**{**said, missing: ""})


@pytest.mark.rule(Rule.IMPROPER_PURPOSE_IS_REFUSED)
def test_an_improper_purpose_is_refused() -> None:
    with pytest.raises(ImproperPurposeError):
        require(is_improper=True)


@pytest.mark.rule(Rule.CODE_AND_NUMBER_ONLY_TO_THE_HOUSEHOLD)
@pytest.mark.parametrize("item", [RecordItem.RESIDENT_RECORD_CODE, RecordItem.INDIVIDUAL_NUMBER])
@pytest.mark.parametrize("ground", [RequestGround.PUBLIC_BODY, RequestGround.JUSTIFIED_INTEREST])
def test_others_never_get_the_code_or_the_number(item: RecordItem, ground: RequestGround) -> None:
    with pytest.raises(ItemNotPermittedError, match="items"):
        require(**OTHERS, ground=ground, items=frozenset({item}))


@pytest.mark.rule(Rule.CODE_AND_NUMBER_ONLY_TO_THE_HOUSEHOLD)
def test_an_agent_is_not_handed_the_code() -> None:
    with pytest.raises(ItemNotPermittedError, match="handing_over"):
        require(**AGENT, items=CODE)
    require(**AGENT, items=CODE, handing_over=HandingOver.MAIL)


def test_there_is_no_individual_number_before_its_day() -> None:
    with pytest.raises(NotInForceError):
        require(items=frozenset({RecordItem.INDIVIDUAL_NUMBER}), today=date(2015, 10, 4))


@pytest.mark.rule(Rule.PROTECTED_PERSON_NEEDS_REVIEW)
def test_of_a_protected_household_only_the_protected_person_gets_a_document() -> None:
    protected = [resident(1, is_protected=True), HOUSEHOLD[1]]

    require(protected)
    for items in ({"requester_number": 2}, {**OTHERS, "ground": RequestGround.JUSTIFIED_INTEREST}, AGENT):
        with pytest.raises(ProtectedPersonError):
            require(protected, **items)


@pytest.mark.rule(Rule.REMOVED_RECORD_HAS_ITS_OWN_COPY)
def test_a_copy_is_of_a_live_record_and_a_removed_one_has_its_own() -> None:
    with pytest.raises(DocumentKindError):
        require([resident(1, is_removed=True)])
    with pytest.raises(DocumentKindError):
        require(kind=DocumentKind.REMOVED_COPY)
    with pytest.raises(MissingItemError, match="items"):
        require(kind=DocumentKind.ITEM_CERTIFICATE)


@pytest.mark.rule(Rule.MOVE_OUT_CERTIFICATE)
def test_a_move_out_certificate_follows_a_notification_within_japan() -> None:
    with pytest.raises(DocumentKindError):
        require(kind=DocumentKind.MOVE_OUT_CERTIFICATE)
    with pytest.raises(DocumentKindError, match="abroad"):
        require([resident(1, **MOVING, is_moving_abroad=True)], kind=DocumentKind.MOVE_OUT_CERTIFICATE)
    require([resident(1, **MOVING)], kind=DocumentKind.MOVE_OUT_CERTIFICATE)


@pytest.mark.rule(Rule.MOVE_OUT_CERTIFICATE)
def test_what_stands_in_for_it_is_of_one_removed_for_a_move() -> None:
    kind = DocumentKind.MOVE_OUT_EQUIVALENT
    with pytest.raises(DocumentKindError):
        require([resident(1, is_removed=True, change_reason="death")], kind=kind)
    require([resident(1, is_removed=True, change_reason="move_out")], kind=kind)


def test_a_copy_costs_what_the_ordinance_says_and_officials_pay_nothing() -> None:
    assert fee_of(copy_request(), {}) == 300
    assert fee_of(copy_request(), {"partial_copy": 200}) == 200
    assert fee_of(copy_request(ground=RequestGround.PUBLIC_BODY), {}) == 0
    assert fee_of(copy_request(kind=DocumentKind.MOVE_OUT_CERTIFICATE), {"move_out_certificate": 300}) == 0
