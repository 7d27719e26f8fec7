"""How a result is said to the resident system: the refusal's stable code, its field, and a sentence in Japanese."""

from __future__ import annotations

import re
from typing import Final

from jukinet.domain import errors
from jukinet.domain.errors import JukinetError
from jukinet.municipal.resident_system.store import StoredRecord
from jukinet.operator_web.language import Language
from jukinet.operator_web.messages import message_of_code
from jukinet.protocol.resident_changes import RecordResult

#: What a record may be refused with. docs/resident-system.md lists them.
CHANGE_ERRORS: Final[tuple[type[JukinetError], ...]] = (
    errors.MalformedRequestError,
    errors.UnknownCodeListValueError,
    errors.MalformedResidentRecordCodeError,
    errors.ResidentRecordCodeCheckDigitError,
    errors.MalformedIndividualNumberError,
    errors.IndividualNumberCheckDigitError,
    errors.MalformedLocalGovernmentCodeError,
    errors.LocalGovernmentCodeCheckDigitError,
    errors.UnknownLocalGovernmentError,
    errors.MalformedNameError,
    errors.MalformedKanaError,
    errors.CharacterOutsideRepertoireError,
    errors.LossyCharacterConversionError,
    errors.MalformedDateError,
    errors.ImpossibleDateError,
    errors.DateOutOfOrderError,
    errors.MalformedAddressError,
    errors.ImpossibleChangeError,
    errors.ResidentNotFoundError,
    errors.ResidentEnteredError,
    errors.ResidentRemovedError,
    errors.DuplicateResidentRecordCodeError,
    errors.DuplicateIndividualNumberError,
    errors.SequenceConflictError,
    errors.RecordContradictsError,
)
_POSITION: Final = re.compile(r"Character (\d+) ")


def refusal_result(row: int, error: JukinetError, *, record_id: str | None = None) -> RecordResult:
    """Return the result of a row that was refused."""
    return RecordResult(
        row=row,
        record_id=record_id,
        state="refused",
        code=error.code,
        field=error.field,
        reason=reason_of(error.code, position_of(error)),
    )


def result_of(one: StoredRecord, *, row: int | None = None, is_new: bool = True) -> RecordResult:
    """Return how a stored record stands; an applied one that is not new was accepted already."""
    state = one.state
    if state in {"applied", "dismissed"}:
        state = "accepted" if is_new else "already_accepted"
    return RecordResult(
        row=one.row_number if row is None else row,
        record_id=one.record.record_id,
        state=state,
        update_sequence=one.update_sequence,
        code=one.error_code,
        field=one.error_field,
        reason=None if one.error_code is None else reason_of(one.error_code, one.error_position),
    )


def position_of(error: JukinetError) -> int | None:
    """Return which character of the field is wrong, where the error tells."""
    found = _POSITION.match(error.detail)
    return int(found[1]) if found else None


def reason_of(code: str, position: int | None = None) -> str:
    """Return what is the matter and what to do, in Japanese."""
    message = message_of_code(code, Language.JAPANESE)
    beginning = "" if position is None else f"{position}文字目："
    return f"{beginning}{message.says}{message.advice}"
