"""The procedures of the register (手続): the closed table that docs/procedures.md is made from.

Deadlines: Act art. 22–25, 30-46, 30-47; Family Register Act art. 43, 49, 86.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from jukinet.domain.errors import DocumentMissingError
from jukinet.domain.notifications import Notification, SeenDocument
from jukinet.domain.rules import Rule, enforces


class Procedure(Enum):
    """A procedure by its stable name, as `register.act` keeps it."""

    MOVE_IN = "move_in"
    MOVE_IN_FROM_ABROAD = "move_in_from_abroad"
    MOVE_IN_WITHOUT_CERTIFICATE = "move_in_without_certificate"
    RELOCATION = "relocation"
    MOVE_OUT = "move_out"
    MOVE_OUT_EFFECT = "move_out_effect"
    MOVE_OUT_WITHDRAWAL = "move_out_withdrawal"
    MOVE_IN_NOTICE = "move_in_notice"
    HOUSEHOLD_CHANGE = "household_change"
    BIRTH = "birth"
    DEATH = "death"
    EX_OFFICIO_ENTRY = "ex_officio_entry"
    EX_OFFICIO_REMOVAL = "ex_officio_removal"
    EX_OFFICIO_CORRECTION = "ex_officio_correction"
    NATURALISATION = "naturalisation"
    LOSS_OF_NATIONALITY = "loss_of_nationality"
    FOREIGN_RESIDENT = "foreign_resident"
    MASS_ADDRESS_CHANGE = "mass_address_change"
    MUNICIPAL_MERGER = "municipal_merger"
    CANCELLATION = "cancellation"
    CODE_CHANGE = "code_change"
    CODE_CORRECTION = "code_correction"
    INDIVIDUAL_NUMBER_ENTRY = "individual_number_entry"
    INDIVIDUAL_NUMBER_CHANGE = "individual_number_change"
    INDIVIDUAL_NUMBER_CORRECTION = "individual_number_correction"
    FORMER_SURNAME = "former_surname"
    ALIAS = "alias"

    @property
    def row(self) -> ProcedureRow:
        """Return what the law says of it."""
        return _ROWS[self]


@dataclass(frozen=True, slots=True)
class Deadline:
    """How many days somebody has: after the day of the event, or counting that day too."""

    days: int
    counts_first_day: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRow:
    """One row of the table."""

    japanese: str
    #: The article until and from 2015-10-05.
    article: str
    #: None where there is none, or the event follows the notification (転出).
    deadline: Deadline | None = None
    #: One of these documents is to be seen, where there are any.
    documents: frozenset[SeenDocument] = frozenset()
    #: Message types of the catalogue that leave the municipality because of it.
    messages: tuple[str, ...] = ()
    #: The module under jukinet.municipal.usecases; None where it is not built yet.
    use_case: str | None = None


_UP: Final = ("identification_notice",)
_FOURTEEN: Final = Deadline(14)
_ROWS: Final = {
    Procedure.MOVE_IN: ProcedureRow(
        japanese="転入（転出証明書あり）",
        article="Act art. 22",
        deadline=_FOURTEEN,
        documents=frozenset(
            {
                SeenDocument.MOVE_OUT_CERTIFICATE,
                SeenDocument.MOVE_OUT_CERTIFICATE_SUBSTITUTE,
                SeenDocument.JUKI_CARD,
                SeenDocument.INDIVIDUAL_NUMBER_CARD,
            }
        ),
        messages=_UP,
        use_case="record_move_in",
    ),
    Procedure.MOVE_IN_FROM_ABROAD: ProcedureRow(
        japanese="転入（国外から）",
        article="Act art. 22(1)(vii), 30-46",
        deadline=_FOURTEEN,
        documents=frozenset(
            {
                SeenDocument.PASSPORT,
                SeenDocument.PROOF_OF_ENTRY,
                SeenDocument.RESIDENCE_CARD,
                SeenDocument.SPECIAL_PERMANENT_RESIDENT_CERTIFICATE,
            }
        ),
        messages=_UP,
        use_case="record_move_in",
    ),
    Procedure.MOVE_IN_WITHOUT_CERTIFICATE: ProcedureRow(
        japanese="転入（転出証明書なし・未届）",
        article="Act art. 22; Order art. 22",
        deadline=_FOURTEEN,
        documents=frozenset({SeenDocument.FAMILY_REGISTER, SeenDocument.FAMILY_REGISTER_ANNEX}),
        messages=_UP,
        use_case="record_move_in",
    ),
    Procedure.RELOCATION: ProcedureRow(
        japanese="転居", article="Act art. 23", deadline=_FOURTEEN, messages=_UP, use_case="record_relocation"
    ),
    Procedure.MOVE_OUT: ProcedureRow(
        japanese="転出の届出", article="Act art. 24; Order art. 23, 24", use_case="record_move_out"
    ),
    Procedure.MOVE_OUT_EFFECT: ProcedureRow(
        japanese="転出による消除",
        article="Order art. 13, 30-5(ii)",
        messages=_UP,
        use_case="complete_move_outs",
    ),
    Procedure.MOVE_OUT_WITHDRAWAL: ProcedureRow(
        japanese="転出の取消し", article="Act art. 24", use_case="withdraw_move_out"
    ),
    Procedure.MOVE_IN_NOTICE: ProcedureRow(japanese="転入通知の受理", article="Act art. 9(1); Order art. 13(3)"),
    Procedure.HOUSEHOLD_CHANGE: ProcedureRow(
        japanese="世帯変更（分離・合併・世帯主変更）", article="Act art. 25; Order art. 25", deadline=_FOURTEEN
    ),
    Procedure.BIRTH: ProcedureRow(
        japanese="出生による記載",
        article="Order art. 12(2)(i); Family Register Act art. 49",
        deadline=Deadline(14, counts_first_day=True),
        messages=_UP,
        use_case="record_birth",
    ),
    Procedure.DEATH: ProcedureRow(
        japanese="死亡による消除",
        article="Order art. 12(3); Family Register Act art. 86",
        messages=_UP,
        use_case="record_death",
    ),
    Procedure.EX_OFFICIO_ENTRY: ProcedureRow(japanese="職権記載", article="Order art. 12"),
    Procedure.EX_OFFICIO_REMOVAL: ProcedureRow(japanese="職権消除", article="Order art. 12"),
    Procedure.EX_OFFICIO_CORRECTION: ProcedureRow(
        japanese="職権修正・誤記修正・軽微な修正", article="Order art. 12; Regulation art. 21-2"
    ),
    Procedure.NATURALISATION: ProcedureRow(japanese="帰化・国籍取得", article="Order art. 8-2"),
    Procedure.LOSS_OF_NATIONALITY: ProcedureRow(japanese="国籍喪失", article="Order art. 8-2"),
    Procedure.FOREIGN_RESIDENT: ProcedureRow(
        japanese="中長期在留者等となった届出", article="Act art. 30-47", deadline=_FOURTEEN
    ),
    Procedure.MASS_ADDRESS_CHANGE: ProcedureRow(
        japanese="行政区画・住居表示の変更（一括）", article="Regulation art. 21-2(iii)–(v)"
    ),
    Procedure.MUNICIPAL_MERGER: ProcedureRow(japanese="市町村の廃置分合", article="Regulation art. 21-2(iii)"),
    Procedure.CANCELLATION: ProcedureRow(japanese="異動の取消し", article="Order art. 12"),
    Procedure.CODE_CHANGE: ProcedureRow(
        japanese="住民票コードの変更請求",
        article="Act (–2015) art. 30-3, (2015–) art. 30-4",
        messages=_UP,
        use_case="change_resident_record_code",
    ),
    Procedure.CODE_CORRECTION: ProcedureRow(
        japanese="住民票コードの職権修正",
        article="Order art. 30-4",
        messages=_UP,
        use_case="change_resident_record_code",
    ),
    Procedure.INDIVIDUAL_NUMBER_ENTRY: ProcedureRow(
        japanese="個人番号の記載",
        article="Number Act art. 7, 8",
        messages=("individual_number_request", *_UP),
        use_case="receive_individual_numbers",
    ),
    Procedure.INDIVIDUAL_NUMBER_CHANGE: ProcedureRow(
        japanese="個人番号の変更請求",
        article="Number Act art. 7(2)",
        messages=("individual_number_request", *_UP),
        use_case="change_individual_number",
    ),
    Procedure.INDIVIDUAL_NUMBER_CORRECTION: ProcedureRow(
        japanese="個人番号の職権変更",
        article="Number Act art. 7(2)",
        messages=("individual_number_request", *_UP),
        use_case="change_individual_number",
    ),
    Procedure.FORMER_SURNAME: ProcedureRow(japanese="旧氏の記載・変更・削除", article="Order (2015–) art. 30-13"),
    Procedure.ALIAS: ProcedureRow(japanese="通称の記載・削除", article="Order art. 30-26"),
}


@enforces(Rule.DOCUMENTS_OF_A_PROCEDURE)
def require_documents(procedure: Procedure, notification: Notification) -> None:
    """Refuse a notification at the counter without a document that the procedure needs.

    Raises:
        DocumentMissingError: none of those that would do was seen.
    """
    wanted = procedure.row.documents
    if wanted and not notification.is_ex_officio and notification.documents.isdisjoint(wanted):
        raise DocumentMissingError(field="documents")
