"""Rows of the table of procedures for what people ask for: codes and numbers, former surnames and aliases.

Sources: Act (–2015) art. 30-3, (2015–) art. 30-4; Individual Number Act art. 7; Order (–2015) art. 30-26, 30-27.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from jukinet.domain.eras import LegalEra
from jukinet.domain.notifications import Notifier, SeenDocument
from jukinet.domain.procedure_rows import MUNICIPALITY, REQUESTERS, UPWARD, ProcedureRow

_FOREIGN: Final = LegalEra.FOREIGN_RESIDENTS.begins_on
_NUMBERED: Final = LegalEra.INDIVIDUAL_NUMBER.begins_on
_FORMER_SURNAME_FROM: Final = date(2019, 11, 5)

NUMBERS: Final = {
    "code_change": ProcedureRow(
        japanese="住民票コードの変更請求",
        until_2015="Act art. 30-3; Order art. 30-3; Regulation art. 9, 10",
        from_2015="Act art. 30-4",
        notifiers=REQUESTERS,
        documents=(frozenset({SeenDocument.CODE_CHANGE_REQUEST}),),
        messages=UPWARD,
        use_case="change_resident_record_code",
    ),
    "code_correction": ProcedureRow(
        japanese="住民票コードの職権修正",
        until_2015="Order art. 30-4",
        from_2015="Order art. 30-4",
        notifiers=MUNICIPALITY,
        messages=UPWARD,
        use_case="change_resident_record_code",
    ),
    "individual_number_entry": ProcedureRow(
        japanese="個人番号の記載",
        until_2015="—",
        from_2015="Individual Number Act art. 7(1), 8",
        notifiers=MUNICIPALITY,
        messages=("individual_number_request", *UPWARD),
        begins_on=_NUMBERED,
        use_case="receive_individual_numbers",
    ),
    "individual_number_change": ProcedureRow(
        japanese="個人番号の変更請求",
        until_2015="—",
        from_2015="Individual Number Act art. 7(2)",
        notifiers=REQUESTERS,
        documents=(frozenset({SeenDocument.INDIVIDUAL_NUMBER_CHANGE_REQUEST}),),
        messages=("individual_number_request", *UPWARD),
        begins_on=_NUMBERED,
        use_case="change_individual_number",
    ),
    "individual_number_correction": ProcedureRow(
        japanese="個人番号の職権変更",
        until_2015="—",
        from_2015="Individual Number Act art. 7(2)",
        notifiers=MUNICIPALITY,
        messages=("individual_number_request", *UPWARD),
        begins_on=_NUMBERED,
        use_case="change_individual_number",
    ),
}

NAMES: Final = {
    value: ProcedureRow(
        japanese=japanese,
        until_2015="—",
        from_2015=article,
        notifiers=REQUESTERS | extra,
        documents=documents,
        messages=UPWARD,
        begins_on=_FORMER_SURNAME_FROM,
        use_case="record_former_surname",
    )
    for value, japanese, article, extra, documents in (
        (
            "former_surname_entry",
            "旧氏の記載",
            "Order art. 30-13, 30-14",
            frozenset[Notifier](),
            (frozenset({SeenDocument.FORMER_SURNAME_REQUEST}), frozenset({SeenDocument.FAMILY_REGISTER})),
        ),
        (
            "former_surname_change",
            "旧氏の変更",
            "Order art. 30-14",
            frozenset[Notifier](),
            (frozenset({SeenDocument.FORMER_SURNAME_REQUEST}), frozenset({SeenDocument.FAMILY_REGISTER})),
        ),
        (
            "former_surname_removal",
            "旧氏の削除",
            "Order art. 30-14",
            MUNICIPALITY,
            (frozenset({SeenDocument.FORMER_SURNAME_REQUEST}),),
        ),
    )
} | {
    value: ProcedureRow(
        japanese=japanese,
        until_2015=f"Order art. 30-26({until}), 30-27",
        from_2015=f"Order art. 30-16({until}), 30-17",
        notifiers=REQUESTERS | extra,
        documents=documents,
        messages=UPWARD,
        begins_on=_FOREIGN,
        # Removed ex officio: the person is told (Order art. 30-26(5)).
        tells_person=value == "alias_removal",
        use_case="record_alias",
    )
    for value, japanese, until, extra, documents in (
        (
            "alias_entry",
            "通称の記載",
            "1",
            frozenset[Notifier](),
            (frozenset({SeenDocument.ALIAS_REQUEST}), frozenset({SeenDocument.PROOF_OF_ALIAS})),
        ),
        ("alias_removal", "通称の削除", "4)(5", MUNICIPALITY, (frozenset({SeenDocument.ALIAS_REQUEST}),)),
    )
}
