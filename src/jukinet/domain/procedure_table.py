"""The table of procedures (手続): one row for each, by the stable value of `Procedure`.

Sources: Act art. 9, 14, 22–26, 30-45 to 30-50; Order art. 8 to 13, 22 to 25; Family Register Act art. 43, 49, 86.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from jukinet.domain.eras import LegalEra
from jukinet.domain.notifications import SeenDocument
from jukinet.domain.procedure_requests import NAMES, NUMBERS
from jukinet.domain.procedure_rows import (
    AT_COUNTER,
    BIRTH_DEADLINE,
    DEATH_DEADLINE,
    FAMILY_REGISTER_OFFICE,
    FOURTEEN_DAYS,
    MOVE_OUT_DEADLINE,
    MUNICIPALITY,
    STATUS_DOCUMENTS,
    UPWARD,
    UPWARD_AND_ANNEX,
    ProcedureRow,
)

_FOREIGN: Final = LegalEra.FOREIGN_RESIDENTS.begins_on

_CERTIFICATES: Final = frozenset(
    {
        SeenDocument.MOVE_OUT_CERTIFICATE,
        SeenDocument.MOVE_OUT_CERTIFICATE_SUBSTITUTE,
        SeenDocument.JUKI_CARD,
        SeenDocument.INDIVIDUAL_NUMBER_CARD,
    }
)
_FINDINGS: Final = frozenset({SeenDocument.INVESTIGATION_REPORT, SeenDocument.DECISION})

_MOVES: Final = {
    "move_in": ProcedureRow(
        japanese="転入（転出証明書あり）",
        until_2015="Act art. 22, 24-2; Order art. 23",
        from_2015="Act art. 22, 24-2; Order art. 23",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(_CERTIFICATES,),
        messages=("identification_notice", "move_in_notice", "annex_notice"),
        use_case="record_move_in",
    ),
    "move_in_from_abroad": ProcedureRow(
        japanese="転入（国外から）",
        until_2015="Act art. 22(1)(vii), 30-46",
        from_2015="Act art. 22(1)(vii), 30-46",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(STATUS_DOCUMENTS | {SeenDocument.PASSPORT, SeenDocument.PROOF_OF_ENTRY},),
        foreign_documents=STATUS_DOCUMENTS,
        messages=UPWARD_AND_ANNEX,
        use_case="record_move_in",
    ),
    "move_in_without_certificate": ProcedureRow(
        japanese="転入（転出証明書なし・未届）",
        until_2015="Act art. 22(1)(vii); Order art. 22",
        from_2015="Act art. 22(1)(vii); Order art. 22",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(STATUS_DOCUMENTS | {SeenDocument.FAMILY_REGISTER, SeenDocument.FAMILY_REGISTER_ANNEX},),
        messages=("identification_notice", "move_in_notice", "annex_notice"),
        use_case="record_move_in",
    ),
    "move_in_of_former_resident": ProcedureRow(
        japanese="再転入（以前の住民の転入）",
        until_2015="Act art. 22, 30-2(1)",
        from_2015="Act art. 22, 30-3(1)",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(_CERTIFICATES,),
        messages=("identification_notice", "move_in_notice", "annex_notice"),
        use_case="record_move_in",
    ),
    "relocation": ProcedureRow(
        japanese="転居",
        until_2015="Act art. 23",
        from_2015="Act art. 23",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        messages=UPWARD_AND_ANNEX,
        use_case="record_relocation",
    ),
    "move_out": ProcedureRow(
        japanese="転出の届出",
        until_2015="Act art. 24; Order art. 23, 24",
        from_2015="Act art. 24; Order art. 23, 24",
        deadline=MOVE_OUT_DEADLINE,
        notifiers=AT_COUNTER,
        use_case="record_move_out",
    ),
    "move_out_abroad": ProcedureRow(
        japanese="国外転出の届出",
        until_2015="Act art. 24; Order art. 24(1)",
        from_2015="Act art. 24; Order art. 24(1)",
        deadline=MOVE_OUT_DEADLINE,
        notifiers=AT_COUNTER,
        use_case="record_move_out",
    ),
    "move_out_late": ProcedureRow(
        japanese="転出（届出が14日を過ぎたもの・職権消除）",
        until_2015="Act art. 24; Order art. 12(1)",
        from_2015="Act art. 24; Order art. 12(1)",
        deadline=MOVE_OUT_DEADLINE,
        notifiers=AT_COUNTER | MUNICIPALITY,
        messages=UPWARD_AND_ANNEX,
        tells_person=True,
        use_case="record_move_out",
    ),
    "move_out_effect": ProcedureRow(
        japanese="転出による消除",
        until_2015="Order art. 8, 13(1), 30-5(ii)",
        from_2015="Order art. 8, 13(1), 30-5(ii)",
        notifiers=MUNICIPALITY,
        messages=UPWARD_AND_ANNEX,
        use_case="complete_move_outs",
    ),
    "move_out_withdrawal": ProcedureRow(
        japanese="転出の取消し",
        until_2015="Act art. 24",
        from_2015="Act art. 24",
        notifiers=AT_COUNTER | MUNICIPALITY,
        use_case="withdraw_move_out",
    ),
    "move_in_notice": ProcedureRow(
        japanese="転入通知の受理",
        until_2015="Act art. 9(1); Order art. 13(2)–(4)",
        from_2015="Act art. 9(1); Order art. 13(2)–(4)",
        notifiers=MUNICIPALITY,
        documents=(frozenset({SeenDocument.MOVE_IN_NOTICE}),),
        messages=("identification_notice", "move_out_confirmation"),
        use_case="apply_move_in_notices",
    ),
    "move_in_notice_overdue": ProcedureRow(
        japanese="転入通知の未着",
        until_2015="Act art. 9(1), 14(1)",
        from_2015="Act art. 9(1), 14(1)",
        notifiers=MUNICIPALITY,
        use_case="list_overdue_move_in_notices",
    ),
}

_HOUSEHOLDS: Final = {
    value: ProcedureRow(
        japanese=japanese,
        until_2015="Act art. 25; Order art. 10, 25",
        from_2015="Act art. 25; Order art. 10, 25",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER | MUNICIPALITY,
        use_case="record_household_change",
    )
    for value, japanese in {
        "household_split": "世帯分離",
        "household_merger": "世帯合併",
        "household_change": "世帯変更",
        "householder_change": "世帯主変更",
    }.items()
} | {
    "householder_succession": ProcedureRow(
        japanese="世帯主を欠いた世帯（一人になったときは届出不要）",
        until_2015="Act art. 25; Order art. 25",
        from_2015="Act art. 25; Order art. 25",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER | FAMILY_REGISTER_OFFICE,
        use_case="record_household_change",
    ),
}

_PERSONS: Final = {
    "birth": ProcedureRow(
        japanese="出生による記載",
        until_2015="Order art. 7, 12(2)(i); Family Register Act art. 43, 49",
        from_2015="Order art. 7, 12(2)(i); Family Register Act art. 43, 49",
        deadline=BIRTH_DEADLINE,
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(frozenset({SeenDocument.BIRTH_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE}),),
        messages=(*UPWARD_AND_ANNEX, "individual_number_request"),
        use_case="record_birth",
    ),
    "death": ProcedureRow(
        japanese="死亡による消除",
        until_2015="Order art. 8, 12(2)(i); Family Register Act art. 43, 86",
        from_2015="Order art. 8, 12(2)(i); Family Register Act art. 43, 86",
        deadline=DEATH_DEADLINE,
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(frozenset({SeenDocument.DEATH_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE}),),
        messages=UPWARD,
        use_case="record_death",
    ),
    "naturalisation": ProcedureRow(
        japanese="帰化・国籍取得",
        until_2015="Order art. 8-2(1), 12(2)(i)",
        from_2015="Order art. 8-2(1), 12(2)(i)",
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(frozenset({SeenDocument.NATURALISATION_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE}),),
        messages=UPWARD_AND_ANNEX,
        begins_on=_FOREIGN,
        use_case="record_nationality_change",
    ),
    "loss_of_nationality": ProcedureRow(
        japanese="国籍喪失",
        until_2015="Order art. 8-2(2), 12(2)(i)",
        from_2015="Order art. 8-2(2), 12(2)(i)",
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(frozenset({SeenDocument.NATIONALITY_LOSS_REPORT, SeenDocument.FAMILY_REGISTER_NOTICE}),),
        messages=UPWARD,
        begins_on=_FOREIGN,
        use_case="record_nationality_change",
    ),
    "foreign_resident": ProcedureRow(
        japanese="中長期在留者等となった届出",
        until_2015="Act art. 30-47",
        from_2015="Act art. 30-47",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(STATUS_DOCUMENTS,),
        foreign_documents=STATUS_DOCUMENTS,
        messages=(*UPWARD, "individual_number_request"),
        begins_on=_FOREIGN,
        use_case="record_foreign_status",
    ),
    "foreign_relationship_change": ProcedureRow(
        japanese="外国人住民の世帯主との続柄の変更",
        until_2015="Act art. 30-48; Order art. 30-28",
        from_2015="Act art. 30-48",
        deadline=FOURTEEN_DAYS,
        notifiers=AT_COUNTER,
        documents=(frozenset({SeenDocument.PROOF_OF_RELATIONSHIP}),),
        begins_on=_FOREIGN,
        use_case="record_foreign_status",
    ),
    "residence_status_change": ProcedureRow(
        japanese="在留資格等の修正（法務大臣の通知）",
        until_2015="Act art. 30-50",
        from_2015="Act art. 30-50",
        notifiers=MUNICIPALITY,
        documents=(frozenset({SeenDocument.IMMIGRATION_NOTICE}),),
        begins_on=_FOREIGN,
        use_case="record_foreign_status",
    ),
}

_EX_OFFICIO: Final = {
    "ex_officio_entry": ProcedureRow(
        japanese="職権記載",
        until_2015="Act art. 8, 14; Order art. 12(1)–(4)",
        from_2015="Act art. 8, 14; Order art. 12(1)–(4)",
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(_FINDINGS | {SeenDocument.FAMILY_REGISTER_NOTICE},),
        messages=("identification_notice", "move_in_notice", "annex_notice"),
        tells_person=True,
        use_case="record_ex_officio_entry",
    ),
    "ex_officio_removal": ProcedureRow(
        japanese="職権消除",
        until_2015="Act art. 8, 14; Order art. 12(1)–(4)",
        from_2015="Act art. 8, 14; Order art. 12(1)–(4)",
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(_FINDINGS | {SeenDocument.FAMILY_REGISTER_NOTICE, SeenDocument.IMMIGRATION_NOTICE},),
        messages=UPWARD_AND_ANNEX,
        tells_person=True,
        use_case="record_ex_officio_removal",
    ),
    "ex_officio_correction": ProcedureRow(
        japanese="職権修正",
        until_2015="Act art. 8, 14; Order art. 9, 12(1)–(4)",
        from_2015="Act art. 8, 14; Order art. 9, 12(1)–(4)",
        notifiers=FAMILY_REGISTER_OFFICE,
        documents=(_FINDINGS | {SeenDocument.FAMILY_REGISTER_NOTICE, SeenDocument.IMMIGRATION_NOTICE},),
        messages=UPWARD_AND_ANNEX,
        tells_person=True,
        use_case="record_correction",
    ),
    "error_correction": ProcedureRow(
        japanese="誤記修正",
        until_2015="Act art. 14; Order art. 12(3)",
        from_2015="Act art. 14; Order art. 12(3)",
        notifiers=MUNICIPALITY | AT_COUNTER,
        messages=UPWARD_AND_ANNEX,
        use_case="record_correction",
    ),
    "minor_correction": ProcedureRow(
        japanese="軽微な修正",
        until_2015="Order art. 12(2)(vii), (3); Regulation art. 21-2",
        from_2015="Order art. 12(2)(vii), (3); Regulation art. 11(3)(ii)",
        notifiers=FAMILY_REGISTER_OFFICE,
        messages=UPWARD_AND_ANNEX,
        use_case="record_correction",
    ),
    "mass_address_change": ProcedureRow(
        japanese="行政区画・町名・地番・住居表示の変更（一括）",
        until_2015="Order art. 12(2)(vii); Regulation art. 21-2(iii)–(v)",
        from_2015="Order art. 12(2)(vii)",
        notifiers=MUNICIPALITY,
        documents=(frozenset({SeenDocument.PUBLIC_NOTICE}),),
        messages=UPWARD_AND_ANNEX,
        use_case="change_addresses",
    ),
    "municipal_merger": ProcedureRow(
        japanese="市町村の廃置分合",
        until_2015="Order art. 12(2)(vii); Regulation art. 21-2(iii)",
        from_2015="Order art. 12(2)(vii)",
        notifiers=MUNICIPALITY,
        documents=(frozenset({SeenDocument.PUBLIC_NOTICE}),),
        messages=("register_hand_over", *UPWARD_AND_ANNEX),
        use_case="merge_municipality",
    ),
} | {
    value: ProcedureRow(
        japanese=japanese,
        until_2015="Act art. 14; Order art. 12(3)",
        from_2015="Act art. 14; Order art. 12(3)",
        notifiers=MUNICIPALITY,
        documents=(_FINDINGS,),
        messages=UPWARD_AND_ANNEX,
        use_case="cancel_act",
    )
    for value, japanese in {
        "cancellation_entry": "異動の取消し（増）",
        "cancellation_removal": "異動の取消し（減）",
        "cancellation": "異動の取消し（修正）",
    }.items()
}

#: Every procedure by the stable value of `jukinet.domain.procedures.Procedure`.
ROWS: Final[Mapping[str, ProcedureRow]] = MappingProxyType(
    {**_MOVES, **_HOUSEHOLDS, **_PERSONS, **_EX_OFFICIO, **NUMBERS, **NAMES}
)
