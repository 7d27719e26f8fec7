"""The one tree of refusals. Every leaf has a stable code; a code, once published, never changes its meaning.

The docstring of a leaf is the sentence shown when no detail is given. A detail names the field and the
rule, never the value: errors travel to logs, peers and screens, and personal data must not.

    JukinetError
    ├── InvalidValueError        what was given cannot be such a value
    ├── NotPermittedError        the law, the access matrix or the message catalogue does not allow it
    ├── NotFoundError            there is no such thing
    ├── ConflictError            it contradicts what is already recorded
    ├── PeerError                another node refused, or could not be reached
    └── OperationError           this machine, its database or its configuration is not fit to run
"""

from __future__ import annotations

from typing import ClassVar, Final


class JukinetError(Exception):
    """The request was refused."""

    code: ClassVar[str] = "jukinet"

    def __init__(self, detail: str | None = None, *, field: str | None = None) -> None:
        self.detail: Final = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.field: Final = field
        super().__init__(self.detail)

    def __str__(self) -> str:
        place = f" (field: {self.field})" if self.field else ""
        return f"{self.code}: {self.detail}{place}"


# --- what was given cannot be such a value ---------------------------------------------------------------


class InvalidValueError(JukinetError):
    """The value is not valid."""

    code = "value"


class MalformedResidentRecordCodeError(InvalidValueError):
    """A resident record code has exactly 11 digits."""

    code = "value.resident_record_code.format"


class ResidentRecordCodeCheckDigitError(InvalidValueError):
    """The check digit of the resident record code does not agree: a digit was probably mistyped."""

    code = "value.resident_record_code.check_digit"


class MalformedIndividualNumberError(InvalidValueError):
    """An Individual Number has exactly 12 digits."""

    code = "value.individual_number.format"


class IndividualNumberCheckDigitError(InvalidValueError):
    """The check digit of the Individual Number does not agree: a digit was probably mistyped."""

    code = "value.individual_number.check_digit"


class MalformedLocalGovernmentCodeError(InvalidValueError):
    """A local government code has exactly 6 digits."""

    code = "value.local_government_code.format"


class LocalGovernmentCodeCheckDigitError(InvalidValueError):
    """The check digit of the local government code does not agree."""

    code = "value.local_government_code.check_digit"


class UnknownLocalGovernmentError(InvalidValueError):
    """No local government has this code."""

    code = "value.local_government_code.unknown"


class ImpossibleDateError(InvalidValueError):
    """This date does not exist in the calendar."""

    code = "value.date.impossible"


class MalformedDateError(InvalidValueError):
    """The date is written neither as YYYY-MM-DD nor as an era date."""

    code = "value.date.format"


class DateOutOfOrderError(InvalidValueError):
    """The date lies before or after the dates it must lie between."""

    code = "value.date.order"


class CharacterOutsideRepertoireError(InvalidValueError):
    """A character is outside the repertoire of the network (文字情報基盤)."""

    code = "value.character.repertoire"


class LossyCharacterConversionError(InvalidValueError):
    """A character cannot be converted without losing its shape."""

    code = "value.character.lossy"


class MalformedKanaError(InvalidValueError):
    """The reading may hold only kana, spaces and the long-vowel mark."""

    code = "value.kana"


class MalformedNameError(InvalidValueError):
    """The name is empty, too long, or has characters that a name cannot have."""

    code = "value.name"


class MalformedAddressError(InvalidValueError):
    """The address is empty, too long, or not in the municipality it should be in."""

    code = "value.address"


class UnknownCodeListValueError(InvalidValueError):
    """The value is not in the code list of this item."""

    code = "value.code_list"


class ImpossibleChangeError(InvalidValueError):
    """The change information contradicts itself or the items it comes with."""

    code = "value.change"


class MalformedNodeNameError(InvalidValueError):
    """A node name is a kind and a code, such as municipal/131121 or national."""

    code = "value.node_name"


class MissingItemError(InvalidValueError):
    """A required item is missing."""

    code = "value.missing"


class MalformedRequestError(InvalidValueError):
    """The request is not of the documented form: an item is unknown, missing or of the wrong type."""

    code = "value.request"


class ConfigurationError(InvalidValueError):
    """The configuration file is not valid."""

    code = "value.configuration"


class PopulationRequestError(InvalidValueError):
    """Such a population cannot be generated: change the number of residents, the municipality or the date."""

    code = "value.population"


# --- the law, the access matrix or the message catalogue does not allow it -------------------------------


class NotPermittedError(JukinetError):
    """This is not permitted."""

    code = "permission"


class AffairNotListedError(NotPermittedError):
    """The Appended Tables do not list this affair for this organ."""

    code = "permission.affair_not_listed"


class NotInForceError(NotPermittedError):
    """The law in force on this date does not allow it."""

    code = "permission.not_in_force"


class PeerNotPermittedError(NotPermittedError):
    """The certificate's owner may not send this message to this node."""

    code = "permission.peer"


class UnknownMessageTypeError(NotPermittedError):
    """The message catalogue has no such message."""

    code = "permission.message_type"


class CertificateNotTrustedError(NotPermittedError):
    """The certificate is expired, revoked or not of this network."""

    code = "permission.certificate"


class BadSignatureError(NotPermittedError):
    """The signature does not belong to these bytes and this sender."""

    code = "permission.signature"


class ReplayedMessageError(NotPermittedError):
    """A message with this id was received before."""

    code = "permission.replayed"


class StaleMessageError(NotPermittedError):
    """The message was sent too long ago, or its clock runs ahead."""

    code = "permission.stale"


class MessageTooLargeError(NotPermittedError):
    """The message is longer than its type allows."""

    code = "permission.too_large"


class SignInRefusedError(NotPermittedError):
    """The operator id or the password is wrong, or the operator is locked."""

    code = "permission.sign_in"


class SessionExpiredError(NotPermittedError):
    """The session has ended: sign in again."""

    code = "permission.session"


# --- there is no such thing ------------------------------------------------------------------------------


class NotFoundError(JukinetError):
    """There is no such record."""

    code = "not_found"


class ResidentNotFoundError(NotFoundError):
    """No resident with this number is on this register."""

    code = "not_found.resident"


class QuarantinedRecordNotFoundError(NotFoundError):
    """There is no such record in quarantine."""

    code = "not_found.quarantined_record"


class CertificateNotFoundError(NotFoundError):
    """There is no such certificate."""

    code = "not_found.certificate"


# --- it contradicts what is already recorded -------------------------------------------------------------


class ConflictError(JukinetError):
    """This contradicts what is already recorded."""

    code = "conflict"


class DuplicateResidentRecordCodeError(ConflictError):
    """This resident record code already belongs to somebody."""

    code = "conflict.resident_record_code"


class DuplicateIndividualNumberError(ConflictError):
    """This Individual Number already belongs to somebody."""

    code = "conflict.individual_number"


class ResidentRemovedError(ConflictError):
    """The resident's record has been removed (死亡・転出): it takes no further change."""

    code = "conflict.resident_removed"


class CodePoolEmptyError(ConflictError):
    """No resident record code is left in the pool: request codes before going on."""

    code = "conflict.code_pool_empty"


class SequenceGapError(ConflictError):
    """An earlier change of this resident has not arrived yet."""

    code = "conflict.sequence_gap"


class SequenceConflictError(ConflictError):
    """Another change with this update sequence is already recorded for this resident."""

    code = "conflict.sequence"


class ChangedMeanwhileError(ConflictError):
    """Another operator changed this record meanwhile: look at it again."""

    code = "conflict.changed_meanwhile"


class AlreadyExistsError(ConflictError):
    """It exists already."""

    code = "conflict.exists"


class ConstraintViolatedError(ConflictError):
    """A rule of the database does not allow this record: correct it, then repeat."""

    code = "conflict.constraint"

    def __init__(
        self, detail: str | None = None, *, field: str | None = None, constraint_name: str | None = None
    ) -> None:
        self.constraint_name: Final = constraint_name
        super().__init__(detail, field=field)


# --- another node refused, or could not be reached -------------------------------------------------------


class PeerError(JukinetError):
    """The other node could not do it."""

    code = "peer"


class PeerUnreachableError(PeerError):
    """The other node cannot be reached: the line or the node is down."""

    code = "peer.unreachable"


class PeerNotTrustedError(PeerError):
    """What answers there is not the other node, or its certificate no longer counts: nothing was sent."""

    code = "peer.not_trusted"


class PeerRefusedError(PeerError):
    """The other node refused the message."""

    code = "peer.refused"

    def __init__(self, detail: str | None = None, *, field: str | None = None, peer_code: str = "jukinet") -> None:
        super().__init__(detail, field=field)
        #: The code of the error the other node raised.
        self.peer_code: Final = peer_code

    @property
    def is_temporary(self) -> bool:
        """Return whether the other node was merely not fit to answer, so that repeating later may succeed."""
        return self.peer_code.startswith(OperationError.code)


class PeerAnswerError(PeerError):
    """The other node's answer could not be understood."""

    code = "peer.answer"


# --- this machine, its database or its configuration is not fit to run -----------------------------------


class OperationError(JukinetError):
    """The node cannot work as it is set up."""

    code = "operation"


class DatabaseUnavailableError(OperationError):
    """The database cannot be reached: start it, or correct database.url in the configuration."""

    code = "operation.database"


class DatabaseVersionError(OperationError):
    """The database is not a supported PostgreSQL (15 to 18)."""

    code = "operation.database_version"


class MigrationError(OperationError):
    """The database does not have the tables this version needs: run `jukinet db migrate`."""

    code = "operation.migration"


class StorageFullError(OperationError):
    """The disk is full: free space, then repeat. Nothing was recorded."""

    code = "operation.storage_full"


class PortTakenError(OperationError):
    """Another program already listens on this port."""

    code = "operation.port_taken"


class SecretUnreadableError(OperationError):
    """A key or password file cannot be read."""

    code = "operation.secret"


class BusyError(OperationError):
    """Too many requests at once: wait and repeat."""

    code = "operation.busy"


class InternalError(OperationError):
    """An internal error occurred. It has been recorded."""

    code = "operation.internal"


#: Codes that once existed. They are never given to another error.
RETIRED_CODES: Final[frozenset[str]] = frozenset()


def error_classes() -> tuple[type[JukinetError], ...]:
    """Return every class of the tree, families first, in the order of their definition."""
    found: list[type[JukinetError]] = []
    waiting: list[type[JukinetError]] = [JukinetError]
    while waiting:
        current = waiting.pop(0)
        found.append(current)
        waiting.extend(current.__subclasses__())
    return tuple(found)
