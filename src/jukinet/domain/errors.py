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

    def __init_subclass__(cls, *, code: str) -> None:
        super().__init_subclass__()
        cls.code = code

    def __init__(self, detail: str | None = None, *, field: str | None = None) -> None:
        self.detail: Final = detail or (type(self).__doc__ or "").strip().splitlines()[0]
        self.field: Final = field
        super().__init__(self.detail)

    def __str__(self) -> str:
        place = f" (field: {self.field})" if self.field else ""
        return f"{self.code}: {self.detail}{place}"


# --- what was given cannot be such a value ---------------------------------------------------------------


class InvalidValueError(JukinetError, code="value"):
    """The value is not valid."""


class MalformedResidentRecordCodeError(InvalidValueError, code="value.resident_record_code.format"):
    """A resident record code has exactly 11 digits."""


class ResidentRecordCodeCheckDigitError(InvalidValueError, code="value.resident_record_code.check_digit"):
    """The check digit of the resident record code does not agree: a digit was probably mistyped."""


class MalformedIndividualNumberError(InvalidValueError, code="value.individual_number.format"):
    """An Individual Number has exactly 12 digits."""


class IndividualNumberCheckDigitError(InvalidValueError, code="value.individual_number.check_digit"):
    """The check digit of the Individual Number does not agree: a digit was probably mistyped."""


class MalformedLocalGovernmentCodeError(InvalidValueError, code="value.local_government_code.format"):
    """A local government code has exactly 6 digits."""


class LocalGovernmentCodeCheckDigitError(InvalidValueError, code="value.local_government_code.check_digit"):
    """The check digit of the local government code does not agree."""


class UnknownLocalGovernmentError(InvalidValueError, code="value.local_government_code.unknown"):
    """No local government has this code."""


class ImpossibleDateError(InvalidValueError, code="value.date.impossible"):
    """This date does not exist in the calendar."""


class MalformedDateError(InvalidValueError, code="value.date.format"):
    """The date is written neither as YYYY-MM-DD nor as an era date."""


class DateOutOfOrderError(InvalidValueError, code="value.date.order"):
    """The date lies before or after the dates it must lie between."""


class CharacterOutsideRepertoireError(InvalidValueError, code="value.character.repertoire"):
    """A character is outside the repertoire of the network (文字情報基盤)."""


class LossyCharacterConversionError(InvalidValueError, code="value.character.lossy"):
    """A character cannot be converted without losing its shape."""


class GlyphMissingError(InvalidValueError, code="value.character.glyph"):
    """The document font cannot draw a character in its registered shape: nothing was printed."""


class MalformedDocumentCodeError(InvalidValueError, code="value.document_code"):
    """This is not a code of a document of this network: it was read in part, altered, or belongs to something else."""


class DocumentCodeVersionError(MalformedDocumentCodeError, code="value.document_code.version"):
    """The code of the document has a version this program does not read: type in what the paper says."""


class DocumentCodePartsError(MalformedDocumentCodeError, code="value.document_code.parts"):
    """Some of the codes on the certificate have not been read yet: read them all."""


class MalformedKanaError(InvalidValueError, code="value.kana"):
    """The reading may hold only kana, spaces and the long-vowel mark."""


class MalformedNameError(InvalidValueError, code="value.name"):
    """The name is empty, too long, or has characters that a name cannot have."""


class MalformedAddressError(InvalidValueError, code="value.address"):
    """The address is empty, too long, or not in the municipality it should be in."""


class UnknownCodeListValueError(InvalidValueError, code="value.code_list"):
    """The value is not in the code list of this item."""


class ImpossibleChangeError(InvalidValueError, code="value.change"):
    """The change information contradicts itself or the items it comes with."""


class OwnProcedureError(InvalidValueError, code="value.correction.own_procedure"):
    """This item is not corrected: it has its own procedure."""


class MinorCorrectionError(InvalidValueError, code="value.correction.minor"):
    """A minor correction changes only the wording of a name or an address, on one of the listed grounds."""


class NothingCorrectedError(InvalidValueError, code="value.correction.nothing"):
    """The record says so already: there is nothing to correct."""


class HouseholderNeededError(InvalidValueError, code="value.householder"):
    """The householder leaves: say who of those who stay becomes householder."""


class HouseholdElsewhereError(InvalidValueError, code="value.household.elsewhere"):
    """The household they join lives at another address: record a relocation (転居)."""


class HouseholdNotFoundError(InvalidValueError, code="value.household.not_found"):
    """No household is found: look for it by the householder, the reading, the address or the household number."""


class PlannedSuccessionError(InvalidValueError, code="value.household.planned_succession"):
    """A notified move-out would leave a household without its householder: withdraw it and notify it again."""


class UnsoundHouseholdError(InvalidValueError, code="value.household"):
    """A household has one householder and one address."""


class RelationshipNotWrittenSoError(InvalidValueError, code="value.relationship"):
    """A relationship is 世帯主, 縁故者, 同居人, or up to four of 夫, 妻, 子, 父, 母, 兄, 姉, 弟, 妹 joined with の."""


class RelationshipWordError(RelationshipNotWrittenSoError, code="value.relationship.word"):
    """The register does not use this word for a relationship: 孫 is written 子の子, 祖父 is written 父の父."""


class RelationshipTooDistantError(RelationshipNotWrittenSoError, code="value.relationship.distant"):
    """A relationship over more than four generations is written 縁故者."""


class TooFewItemsError(InvalidValueError, code="value.search.too_few_items"):
    """State at least two of name, birth date and address: one alone, or sex, means no one person."""


class SearchTooBroadError(InvalidValueError, code="value.search.too_broad"):
    """Thousands of people have this item as it is stated: state more of it."""


class DocumentMissingError(InvalidValueError, code="value.document"):
    """A document that this procedure needs was not shown."""


class LateStatementMissingError(InvalidValueError, code="value.late_statement"):
    """The notification is late: record the statement of reasons (遅延理由の申述)."""


class ResidenceItemsError(InvalidValueError, code="value.residence"):
    """A foreign resident of this kind lacks this item, or does not have it (Act art. 30-45)."""


class MalformedCardNumberError(InvalidValueError, code="value.residence_card_number"):
    """The number of a residence card is two letters, eight digits and two letters."""


class TranslatorMissingError(InvalidValueError, code="value.translator"):
    """A proof in a foreign language needs a translation that names its translator."""


class MalformedNodeNameError(InvalidValueError, code="value.node_name"):
    """A node name is a kind and a code, such as municipal/131121 or national."""


class MissingItemError(InvalidValueError, code="value.missing"):
    """A required item is missing."""


class MalformedRequestError(InvalidValueError, code="value.request"):
    """The request is not of the documented form: an item is unknown, missing or of the wrong type."""


class UnknownParameterError(MalformedRequestError, code="value.request.parameter"):
    """The address has a parameter that this request does not have: everything is stated in the body."""


class MethodNotOfferedError(MalformedRequestError, code="value.request.method"):
    """This address does not have this method."""


class MediaTypeNotReadError(MalformedRequestError, code="value.request.media_type"):
    """The body is JSON: say so with `Content-Type: application/json`."""


class FileEncodingError(InvalidValueError, code="value.file.encoding"):
    """The file is not UTF-8: save it as UTF-8 and drop it again."""


class FileFormatError(InvalidValueError, code="value.file.format"):
    """The file is neither JSON Lines nor CSV with the documented columns."""


class BatchLinesError(InvalidValueError, code="value.batch.lines"):
    """The file has bad lines: its problems say which. Nothing of it was matched."""


class BatchPartError(InvalidValueError, code="value.batch.part"):
    """The part is not the one that comes next, or was altered on its way: ask how far the file is, and go on there."""


class BatchDigestError(InvalidValueError, code="value.batch.digest"):
    """The lines that arrived are not those that were announced: send the file again under a new id."""


class BatchContainerError(InvalidValueError, code="value.batch.container"):
    """The container was cut off, altered, or is not for this node: nothing of it was taken in."""


class ItemsNotLawfulError(InvalidValueError, code="value.law_items"):
    """These items cannot be given on this ground."""


class ConfigurationError(InvalidValueError, code="value.configuration"):
    """The configuration file is not valid."""


class MalformedPasswordError(InvalidValueError, code="value.password"):
    """A password has 10 to 200 characters."""


class MalformedOperatorError(InvalidValueError, code="value.operator"):
    """An operator needs an id of 3 to 32 letters a-z, digits and hyphens, a name, and a password of 10 characters."""


class PopulationRequestError(InvalidValueError, code="value.population"):
    """Such a population cannot be generated: change the number of residents, the municipality or the date."""


class ProofRefusedError(InvalidValueError, code="value.proof"):
    """The proof does not hold: nothing in the file is to be believed. Ask for a new file, and tell the auditor."""


# --- the law, the access matrix or the message catalogue does not allow it -------------------------------


class NotPermittedError(JukinetError, code="permission"):
    """This is not permitted."""


class AffairNotListedError(NotPermittedError, code="permission.affair_not_listed"):
    """The Appended Tables do not list this affair for this organ."""


class NotInForceError(NotPermittedError, code="permission.not_in_force"):
    """The law in force on this date does not allow it."""


class AffairNotYetInForceError(NotInForceError, code="permission.not_in_force.affair_not_yet"):
    """This affair is listed, but only from a later day: repeat the request then."""


class AffairEndedError(NotInForceError, code="permission.not_in_force.affair_ended"):
    """This affair is no longer listed: ask for the person's own document."""


class ItemNotGrantedError(NotPermittedError, code="permission.item_not_granted"):
    """An item asked for may not be given for this affair on this day: ask without it."""


class OfficeNotPermittedError(NotPermittedError, code="permission.office"):
    """This office is not registered for this affair: have it registered at the national node, or ask by another."""


class OnlyRealTimeError(NotPermittedError, code="permission.only_real_time"):
    """Uses for this affair are withheld from the person for a time: ask person by person, not by file or feed."""


class BatchQuotaError(NotPermittedError, code="permission.batch_quota"):
    """Too many files of this organ are under way: wait until one is ready, or cancel one."""


class LawChangeNotInAdvanceError(NotPermittedError, code="permission.law_change_in_advance"):
    """A change of the law of provision takes effect on a later day than today: choose a day to come."""


class DoubtBeyondProvisionError(NotPermittedError, code="permission.doubt_beyond_provision"):
    """An organ reports doubt about what it was given, and about nothing else."""


class StatisticsOnlyError(NotPermittedError, code="permission.statistics_only"):
    """Statistics are made of numbers of people, never of one person."""


class ConsentUndatedError(NotPermittedError, code="permission.consent_undated"):
    """Nobody is looked up for this affair without the day on which the person consented in writing."""


class PersonOutOfReachError(NotPermittedError, code="permission.person_out_of_reach"):
    """This ground does not cover residents of that place: ask on the ground of the other table."""


class NotTheirResidentError(NotPermittedError, code="permission.not_their_resident"):
    """The person is not a resident of the municipality that asks: the request is made where the person lives."""


class EnrolmentRefusedError(NotPermittedError, code="permission.enrolment"):
    """The account number or the enrolment code is wrong, or the letter is no longer valid: ask for a new letter."""


class ConsentMissingError(NotPermittedError, code="permission.consent"):
    """Disclosure otherwise than in writing takes the person's consent."""


class ExtensionTooLateError(NotPermittedError, code="permission.extension_too_late"):
    """The time for disclosure can only be extended before it ends, to a later day."""


class IdentityNotCheckedError(NotPermittedError, code="permission.identity_check"):
    """The identity of the person at the counter must be checked first (Act art. 27)."""


class AuthorityNotShownError(NotPermittedError, code="permission.authority"):
    """Whoever acts for another must show the authority to do so (委任状, 戸籍謄本等)."""


class NotifierNotPermittedError(NotPermittedError, code="permission.notifier"):
    """This person may not carry out this procedure."""


class NumbersNeverReturnError(NotPermittedError, code="permission.numbers_never_return"):
    """A resident record code or Individual Number that was given up is never given again: change it once more."""


class SelfReviewError(NotPermittedError, code="permission.self_review"):
    """Another operator than the one who submitted an entry reviews it."""


class ReviewRequiredError(NotPermittedError, code="permission.review_required"):
    """This procedure is reviewed by another operator before it is recorded: submit it for review."""


class StillRetainedError(NotPermittedError, code="permission.still_retained"):
    """This must still be kept: its retention period (保存期間) is not over."""


class PeerNotPermittedError(NotPermittedError, code="permission.peer"):
    """The certificate's owner may not send this message to this node."""


class AllotmentQuotaError(NotPermittedError, code="permission.allotment_quota"):
    """The municipality has been given as many resident record codes today as the quota allows: ask again tomorrow."""


class ResidentSystemNotConnectedError(NotPermittedError, code="permission.resident_system"):
    """This node keeps the register itself: no resident system is connected to it."""


class RegisterElsewhereError(NotPermittedError, code="permission.register_elsewhere"):
    """The register is kept by the connected resident system: record the change there."""


class RegisterClosedError(NotPermittedError, code="permission.register_closed"):
    """This municipality has merged into another: record the act there."""


class RetentionNotOverError(NotPermittedError, code="permission.retention"):
    """A sheet the post returned is kept for one year before it is destroyed."""


class UnknownMessageTypeError(NotPermittedError, code="permission.message_type"):
    """The message catalogue has no such message."""


class CertificateNotTrustedError(NotPermittedError, code="permission.certificate"):
    """The certificate is expired, revoked or not of this network."""


class BadSignatureError(NotPermittedError, code="permission.signature"):
    """The signature does not belong to these bytes and this sender."""


class ReplayedMessageError(NotPermittedError, code="permission.replayed"):
    """A message with this id was received before."""


class StaleMessageError(NotPermittedError, code="permission.stale"):
    """The message was sent too long ago, or its clock runs ahead."""


class MessageTooLargeError(NotPermittedError, code="permission.too_large"):
    """The message is longer than its type allows."""


class SignInRefusedError(NotPermittedError, code="permission.sign_in"):
    """The operator id or the password is wrong, or the operator is locked."""


class SessionExpiredError(NotPermittedError, code="permission.session"):
    """The session has ended: sign in again."""


class ForgedFormError(NotPermittedError, code="permission.form"):
    """The form does not come from a page of this session: nothing was recorded; open the page again."""


class RequesterNotPermittedError(NotPermittedError, code="permission.requester"):
    """Only the person or somebody of the same household may ask on this ground (Act art. 12(1))."""


class ItemNotPermittedError(NotPermittedError, code="permission.item"):
    """The code and the Individual Number are only for the person and the household (Act art. 12-2(1), 12-3(7))."""


class ImproperPurposeError(NotPermittedError, code="permission.improper_purpose"):
    """The request is evidently for an improper purpose and is refused (Act art. 12(6))."""


class ProtectedPersonError(NotPermittedError, code="permission.protected_person"):
    """Support measures protect somebody of this household: nobody but that person gets a document without review."""


class VerificationTooOftenError(NotPermittedError, code="permission.verification_rate"):
    """Too many wrong codes were tried: wait a minute, then type what the paper says."""


# --- there is no such thing ------------------------------------------------------------------------------


class NotFoundError(JukinetError, code="not_found"):
    """There is no such record."""


class PersonRequestNotFoundError(NotFoundError, code="not_found.person_request"):
    """There is no request with this number: choose it from the list."""


class ChangeRecordNotFoundError(NotFoundError, code="not_found.change_record"):
    """There is no such open record of the resident system."""


class ResidentNotFoundError(NotFoundError, code="not_found.resident"):
    """No resident with this number is on this register."""


class DraftNotFoundError(NotFoundError, code="not_found.draft"):
    """This form is not among those you have begun: it was recorded, left or too old."""


class ActNotFoundError(NotFoundError, code="not_found.act"):
    """There is no such act; what was loaded at the beginning is none: correct the record ex officio."""


class ProvisionalEntryNotFoundError(NotFoundError, code="not_found.provisional_entry"):
    """There is no such provisional entry."""


class FormerRecordNotFoundError(NotFoundError, code="not_found.former_record"):
    """No earlier record was found: try another spelling of the name, or ask for the certificate."""


class MoveInNoticeNotFoundError(NotFoundError, code="not_found.move_in_notice"):
    """There is no such open move-in notice."""


class BatchNotFoundError(NotFoundError, code="not_found.batch"):
    """This organ has handed in no such file."""


class DoubtReportNotFoundError(NotFoundError, code="not_found.doubt_report"):
    """There is no such report of doubt."""


class UseNotFoundError(NotFoundError, code="not_found.use"):
    """The use log has no such entry of this organ about a person: take the number from the answer that is doubted."""


class SubscriptionNotFoundError(NotFoundError, code="not_found.subscription"):
    """This organ has no such subscription of the change feed."""


class FeedPositionGoneError(NotFoundError, code="not_found.feed_position"):
    """Events after this number are deleted: read on from where they are kept, and confirm the people anew."""


class LawProposalNotFoundError(NotFoundError, code="not_found.law_proposal"):
    """There is no such proposal of a change of the law of provision."""


class QuarantinedRecordNotFoundError(NotFoundError, code="not_found.quarantined_record"):
    """There is no such record in quarantine."""


class PersonNoticeNotFoundError(NotFoundError, code="not_found.person_notice"):
    """There is no notice to a person with this number."""


class CodeNoticeNotFoundError(NotFoundError, code="not_found.code_notice"):
    """There is no such notice of a resident record code."""


class MassChangeNotFoundError(NotFoundError, code="not_found.mass_change"):
    """There is no such mass change of addresses."""


class MergerNotFoundError(NotFoundError, code="not_found.merger"):
    """There is no such merger of municipalities."""


class CertificateNotFoundError(NotFoundError, code="not_found.certificate"):
    """There is no such certificate."""


class DocumentRequestNotFoundError(NotFoundError, code="not_found.document_request"):
    """There is no such request for a document."""


class IssuedDocumentNotFoundError(NotFoundError, code="not_found.issued_document"):
    """No document with this number was issued here, or it has left the office."""


# --- it contradicts what is already recorded -------------------------------------------------------------


class ConflictError(JukinetError, code="conflict"):
    """This contradicts what is already recorded."""


class DuplicateResidentRecordCodeError(ConflictError, code="conflict.resident_record_code"):
    """This resident record code already belongs to somebody."""


class DuplicateIndividualNumberError(ConflictError, code="conflict.individual_number"):
    """This Individual Number already belongs to somebody."""


class ResidentRemovedError(ConflictError, code="conflict.resident_removed"):
    """The resident's record has been removed (死亡・転出): it takes no further change."""


class ResidentEnteredError(ConflictError, code="conflict.resident_entered"):
    """The resident is on the register already: only a removed one enters again."""


class RecordContradictsError(ConflictError, code="conflict.change_record"):
    """A record with this id was applied with other content: send the difference as a new record."""


class AnotherPersonsCodeError(ConflictError, code="conflict.another_persons_code"):
    """Nobody has this resident record code, or somebody with another name: look at the certificate again."""


class FormerResidentError(ConflictError, code="conflict.former_resident"):
    """Somebody with this name, birth date and sex is on this register: look whether it is the same person."""


class ActCancelledError(ConflictError, code="conflict.act_cancelled"):
    """This act was cancelled already."""


class CancellationStandsError(ConflictError, code="conflict.cancellation_stands"):
    """What undoes an act is not undone itself: record the act anew."""


class MoveOutToWithdrawError(ConflictError, code="conflict.move_out_to_withdraw"):
    """A notified move-out is withdrawn (転出の取消し) as long as it has not taken effect."""


class MassActError(ConflictError, code="conflict.mass_act"):
    """A change of many addresses at once is not cancelled: change them again, or correct single records."""


class LaterActError(ConflictError, code="conflict.later_act"):
    """A later act built on this one: cancel that one first."""

    def __init__(self, detail: str | None = None, *, field: str | None = None, act_number: int | None = None) -> None:
        #: The act to cancel first; None where it is none, such as of an earlier program.
        self.act_number: Final = act_number
        super().__init__(detail, field=field)


class EnteredElsewhereError(ConflictError, code="conflict.entered_elsewhere"):
    """The person lives in another municipality by now: the record here can't stand again."""


class HouseholdChangedError(ConflictError, code="conflict.household_changed"):
    """The household has changed since: with this act cancelled, it would not have one householder and one address."""


class ProvisionalEntryStateError(ConflictError, code="conflict.provisional_entry"):
    """This entry does not wait for review any more: look at the list again."""


class MassChangeStateError(ConflictError, code="conflict.mass_change"):
    """The mass change of addresses is not at that point: look at how far it has come."""


class MergerStateError(ConflictError, code="conflict.merger"):
    """The merger is not at the stage that this needs."""


class RegisterNotTakenOverError(ConflictError, code="conflict.register_not_taken_over"):
    """The records of the merged municipality are still being taken over: wait until the merger is finished."""


class HandOverNotReadyError(ConflictError, code="conflict.hand_over_not_ready"):
    """Something is under way that would be lost: settle it before the register is handed over."""


class CodePoolEmptyError(ConflictError, code="conflict.code_pool_empty"):
    """No resident record code is left in the pool: request codes before going on."""


class PersonNoticeStateError(ConflictError, code="conflict.person_notice"):
    """This cannot happen to the notice to the person where it is now."""


class CodeNoticeStateError(ConflictError, code="conflict.code_notice"):
    """This cannot happen to the sheet where it is now: look at the list again."""


class TooManyFormerRecordsError(ConflictError, code="conflict.too_many_former_records"):
    """Several people have this name, birth date and sex: look by the resident record code."""


class NotThisResidentError(ConflictError, code="conflict.not_this_resident"):
    """The notice cannot be about this resident: ask the municipality that sent it."""


class MoveOutNotNotifiedError(ConflictError, code="conflict.move_out_not_notified"):
    """The person moved in elsewhere and notified no move-out here: look into it and remove the record ex officio."""


class MoveOutPendingError(ConflictError, code="conflict.move_out_pending"):
    """A move-out of this resident is notified: withdraw it first, or let the next municipality record the change."""


class NationalityMismatchError(ConflictError, code="conflict.nationality"):
    """This concerns the other kind of resident: Japanese, or foreign."""


class RelationshipNotNotifiedError(ConflictError, code="conflict.foreign_relationship"):
    """Only a foreign member of a foreign householder's household notifies another relationship (Act art. 30-48)."""


class AliasRecordedError(ConflictError, code="conflict.alias"):
    """An alias is recorded: remove it before another one is entered."""


class AliasHistoryContradictedError(ConflictError, code="conflict.alias_history"):
    """The alias is not the one its history ends with: enter it as the certificate says, then change it on request."""


class FormerSurnameRecordedError(ConflictError, code="conflict.former_surname"):
    """A former surname is recorded: change or remove it."""


class FormerSurnameNotNewerError(ConflictError, code="conflict.former_surname_older"):
    """Only a surname given up after the last entry, change or removal of a former surname may be recorded."""


class MoveOutConfirmedError(ConflictError, code="conflict.move_out_confirmed"):
    """This move-out was confirmed by another notice: ask both municipalities where the person lives."""


class SequenceGapError(ConflictError, code="conflict.sequence_gap"):
    """An earlier change of this resident has not arrived yet."""


class SequenceConflictError(ConflictError, code="conflict.sequence"):
    """Another change with this update sequence is already recorded for this resident."""


class NoticeNumberConflictError(ConflictError, code="conflict.notice_number"):
    """Another notice with this number was received from the same node: send what is new under a new number."""


class BatchStateError(ConflictError, code="conflict.batch"):
    """The file is not in the state for this: ask for its status."""


class DoubtAnsweredError(ConflictError, code="conflict.doubt_answered"):
    """The report of doubt was answered already, or this is no answer to it."""


class DoubtNotCorrectedError(ConflictError, code="conflict.doubt_not_corrected"):
    """The record was not changed after the report of doubt came: correct it first, or say that it is right."""


class SubscriptionStateError(ConflictError, code="conflict.subscription"):
    """This subscription has ended, or was begun on another ground: begin one with a new id."""


class LawProposalDecidedError(ConflictError, code="conflict.law_proposal"):
    """This proposal was decided already: propose another change."""


class ChangedMeanwhileError(ConflictError, code="conflict.changed_meanwhile"):
    """Another operator changed this record meanwhile: look at it again."""


class ResidentBeingEditedError(ConflictError, code="conflict.being_edited"):
    """Another operator is at work on this record: wait until it is recorded or left."""


class DocumentKindError(ConflictError, code="conflict.document_kind"):
    """This document is not made of such a record: a removed one has its own copy, a move-out its certificate."""


class DocumentRequestStateError(ConflictError, code="conflict.document_request"):
    """A document was issued for this request already: void it if it was misprinted, or ask anew."""


class IssuedDocumentStateError(ConflictError, code="conflict.issued_document"):
    """This document was handed over or made void already."""


class DocumentBindingError(ConflictError, code="conflict.document_binding"):
    """The document does not belong to its request: nothing was handed over; ask anew and tell the administrator."""


class IdempotencyKeyError(ConflictError, code="conflict.idempotency_key"):
    """This idempotency key was used for another query: choose a new one for every query."""


class PersonRequestStateError(ConflictError, code="conflict.person_request"):
    """The request is not in a state in which this can be done: look at it again."""


class AlreadyExistsError(ConflictError, code="conflict.exists"):
    """It exists already."""


class ConstraintViolatedError(ConflictError, code="conflict.constraint"):
    """A rule of the database does not allow this record: correct it, then repeat."""

    def __init__(
        self, detail: str | None = None, *, field: str | None = None, constraint_name: str | None = None
    ) -> None:
        self.constraint_name: Final = constraint_name
        super().__init__(detail, field=field)


# --- another node refused, or could not be reached -------------------------------------------------------


class PeerError(JukinetError, code="peer"):
    """The other node could not do it."""


class PeerUnreachableError(PeerError, code="peer.unreachable"):
    """The other node cannot be reached: the line or the node is down."""


class PeerNotTrustedError(PeerError, code="peer.not_trusted"):
    """What answers there is not the other node, or its certificate no longer counts: nothing was sent."""


class PeerRefusedError(PeerError, code="peer.refused"):
    """The other node refused the message."""

    def __init__(
        self,
        detail: str | None = None,
        *,
        field: str | None = None,
        peer_code: str = "jukinet",
        retry_after_seconds: int | None = None,
    ) -> None:
        super().__init__(detail, field=field)
        #: How long the other node asks to wait, where it says so.
        self.retry_after_seconds: Final = retry_after_seconds
        #: The code of the error the other node raised.
        self.peer_code: Final = peer_code

    @property
    def is_temporary(self) -> bool:
        """Return whether the other node was merely not fit to answer, so that repeating later may succeed."""
        return self.peer_code.startswith((OperationError.code, PeerError.code))


class PeerAnswerError(PeerError, code="peer.answer"):
    """The other node's answer could not be understood."""


# --- this machine, its database or its configuration is not fit to run -----------------------------------


class OperationError(JukinetError, code="operation"):
    """The node cannot work as it is set up."""


class DatabaseUnavailableError(OperationError, code="operation.database"):
    """The database cannot be reached: start it, or correct database.url in the configuration."""


class DatabaseVersionError(OperationError, code="operation.database_version"):
    """The database is not a supported PostgreSQL (15 to 18)."""


class MigrationError(OperationError, code="operation.migration"):
    """The database does not have the tables this version needs: run `jukinet db migrate`."""


class NotSealedYetError(OperationError, code="operation.not_sealed"):
    """The log was not sealed yet: wait a few seconds and ask again."""


class StorageFullError(OperationError, code="operation.storage_full"):
    """The disk is full: free space, then repeat. Nothing was recorded."""


class PortTakenError(OperationError, code="operation.port_taken"):
    """Another program already listens on this port."""


class NodeDidNotStartError(OperationError, code="operation.node_start"):
    """A node did not start: its log says why."""


class BenchFailedError(OperationError, code="operation.bench"):
    """A measurement did not hold: its figures would be worth nothing. The message says what was wrong."""


class SecretUnreadableError(OperationError, code="operation.secret"):
    """A key or password file cannot be read."""


class FontMissingError(OperationError, code="operation.font"):
    """The document font is missing: install the package fonts-ipamj-mincho, or name the font file."""


class DrawingFailedError(OperationError, code="operation.drawing"):
    """The document could not be drawn: nothing was printed."""


class DocumentSigningKeyError(OperationError, code="operation.document_key"):
    """This node has no key to sign documents with: name key and certificate under [documents] of its configuration."""


class BusyError(OperationError, code="operation.busy"):
    """Too many requests at once: wait and repeat."""


class RateLimitError(OperationError, code="operation.rate_limit"):
    """This organ asks more often than is agreed: wait as long as is said, then go on."""

    def __init__(
        self, detail: str | None = None, *, field: str | None = None, retry_after_seconds: int | None = None
    ) -> None:
        #: How long to wait.
        self.retry_after_seconds: Final = retry_after_seconds
        super().__init__(detail, field=field)


class InternalError(OperationError, code="operation.internal"):
    """An internal error occurred. It has been recorded."""


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
