"""From a request and the records it is about to the sheet that will be drawn (記載内容の作成)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from jukinet.documents.sheets import (
    CopyScope,
    CopySheet,
    DocumentMark,
    Issuer,
    ItemCertificateSheet,
    MoveOutCertificateKind,
    MoveOutCertificateSheet,
    MoveOutMember,
    Qualifications,
    RemovedCopySheet,
    Sheet,
    SheetItem,
    SheetPerson,
    find_sheet_item,
)
from jukinet.domain.act_reasons import ActReason
from jukinet.domain.document_requests import DocumentKind, DocumentRequest
from jukinet.domain.further_items import read_further_items
from jukinet.domain.resident_record import ResidentRecord
from jukinet.domain.update_sequence import residence_of
from jukinet.municipal.document_histories import history_lines

#: Names of the qualifications among the further items of a record.
_QUALIFICATION_FLAGS: Final = (
    "is_in_national_health_insurance",
    "is_in_late_stage_elderly_insurance",
    "is_in_care_insurance",
    "receives_child_allowance",
)
_QUALIFICATION_TEXTS: Final = ("pension_kind", "basic_pension_number")


def sheet_of(
    request: DocumentRequest,
    people: Sequence[ResidentRecord],
    household: Sequence[ResidentRecord],
    *,
    issuer: Issuer,
    mark: DocumentMark,
    update_sequences: Mapping[int, int],
    versions: Mapping[int, Sequence[ResidentRecord]],
) -> Sheet:
    """Return the sheet of a request.

    By resident number, `update_sequences` says where each history has come to, and `versions` holds it where the
    history was asked for.
    """
    items = sheet_items(request, people)
    persons = tuple(
        SheetPerson(record=one, history=history_lines(versions.get(one.resident_number, ()), _shown(request, items)))
        for one in people
    )
    householder = householder_name_of(people, household)
    if request.kind is DocumentKind.ITEM_CERTIFICATE:
        return ItemCertificateSheet(
            issuer=issuer,
            mark=mark,
            people=persons,
            items=items,
            householder_name=householder,
            purpose=request.purpose or None,
        )
    if request.kind is DocumentKind.REMOVED_COPY:
        return _removed_sheet(persons[0], items, householder, issuer, mark)
    if request.kind.is_of_move_out:
        return _move_out_sheet(
            request, people, householder, issuer=issuer, mark=mark, update_sequences=update_sequences
        )
    scope = CopyScope.HOUSEHOLD if request.kind is DocumentKind.HOUSEHOLD_COPY else CopyScope.PART
    return CopySheet(issuer=issuer, mark=mark, scope=scope, people=persons, items=items, householder_name=householder)


def sheet_items(request: DocumentRequest, people: Sequence[ResidentRecord]) -> frozenset[SheetItem]:
    """Return the items that stand on the sheet beside those that always do: who is to move out is shown so."""
    items = {find_sheet_item(item.value) for item in request.items}
    if any(one.planned_move_out_on for one in people):
        items.add(SheetItem.PLANNED_MOVE_OUT)
    return frozenset(items)


def householder_name_of(people: Sequence[ResidentRecord], household: Sequence[ResidentRecord]) -> str:
    """Return the name of the householder: that of the live one, or of who was it when the record was removed."""
    heads = [one for one in people if one.is_householder]
    heads += [one for one in household if one.is_householder and not one.is_removed]
    heads += [one for one in household if one.is_householder]
    return heads[0].name if heads else ""


def _shown(request: DocumentRequest, items: frozenset[SheetItem]) -> frozenset[SheetItem]:
    """Return what stands on the sheet: a certificate of items has no more than those."""
    if request.kind is DocumentKind.ITEM_CERTIFICATE:
        return items
    return items | frozenset(item for item in SheetItem if not item.is_on_request)


def _removed_sheet(
    person: SheetPerson, items: frozenset[SheetItem], householder: str, issuer: Issuer, mark: DocumentMark
) -> RemovedCopySheet:
    record = person.record
    return RemovedCopySheet(
        issuer=issuer,
        mark=mark,
        person=person,
        items=items - {SheetItem.PLANNED_MOVE_OUT},
        householder_name=householder,
        removal_reason=removal_label(record),
        removed_on=record.changed_on,
        moved_out_to=record.confirmed_move_out_to or record.planned_move_out_to,
    )


def removal_label(record: ResidentRecord) -> str:
    """Return why a record was removed, in Japanese."""
    known = {reason.value: reason for reason in ActReason}
    reason = known.get(record.change_reason) or known.get(record.act_reason or "")
    return "職権消除" if reason is None else reason.label


def _move_out_sheet(
    request: DocumentRequest,
    people: Sequence[ResidentRecord],
    householder: str,
    *,
    issuer: Issuer,
    mark: DocumentMark,
    update_sequences: Mapping[int, int],
) -> MoveOutCertificateSheet:
    first = people[0]
    is_late = request.kind is DocumentKind.MOVE_OUT_EQUIVALENT
    members = tuple(
        MoveOutMember(
            person=SheetPerson(record=record, qualifications=qualifications_of(record)),
            residence=residence_of(update_sequences[record.resident_number]),
        )
        for record in people
    )
    return MoveOutCertificateSheet(
        issuer=issuer,
        mark=mark,
        kind=MoveOutCertificateKind.EQUIVALENT if is_late else MoveOutCertificateKind.CERTIFICATE,
        members=members,
        householder_name=householder,
        address=first.address,
        destination=first.planned_move_out_to or first.confirmed_move_out_to or "不明",
        planned_on=first.changed_on if is_late else first.planned_move_out_on or "",
        is_reissue=request.is_reissue,
    )


def qualifications_of(record: ResidentRecord) -> Qualifications:
    """Return what the record's further items say of insurance, pension and allowance."""
    others = read_further_items(record.further_items).others
    flags = {name: others.get(name) is True for name in _QUALIFICATION_FLAGS}
    texts = {name: text if isinstance(text := others.get(name), str) else None for name in _QUALIFICATION_TEXTS}
    return Qualifications(**flags, **texts)  # type: ignore[arg-type] # the names are its fields


def mark_of(number: str, issued_on: date) -> DocumentMark:
    """Return the mark of a document."""
    return DocumentMark(number=number, issued_on=issued_on)
