"""What a resident system writes, read as what it means or refused by field; and the order in which records count."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jukinet.domain.act_reasons import ActReason
from jukinet.domain.errors import InvalidValueError, JukinetError
from jukinet.domain.local_government_code import LocalGovernmentCode
from jukinet.municipal.resident_system.conversion import Change, convert_record
from jukinet.municipal.resident_system.files import parse_file, report_of
from jukinet.municipal.resident_system.planning import OpenRecord, Residents, Verdict
from jukinet.municipal.resident_system.reasons import find_reason
from jukinet.municipal.usecases.accept_resident_changes import read_row
from jukinet.protocol.resident_changes import ChangeRecord, RecordResult
from tests.builders import SETAGAYA, TODAY, code, individual_number
from tests.builders_resident_system import change, moved

OWN = LocalGovernmentCode(SETAGAYA.code)


def record(*arguments: Any, **items: Any) -> ChangeRecord:  # noqa: ANN401 - any item of it
    row = read_row(1, json.dumps(change(*arguments, **items)).encode())
    assert row.record is not None, row.error
    return row.record


def converted(**items: Any) -> Change:  # noqa: ANN401 - likewise
    return convert_record(record(**items), own=OWN)


def judged(*records: dict[str, Any], is_manual: bool = False) -> list[Verdict]:
    residents = Residents(notices={}, reached={}, owners={})
    found = [OpenRecord(record=row.record) for one in records if (row := read_row(1, json.dumps(one).encode())).record]
    return residents.judge(found, own=OWN, today=TODAY, is_manual=is_manual)


@pytest.mark.parametrize(
    ("item", "written", "read"),
    [
        ("kana", "ｼｹﾝ ｱｵｲ", "しけん\u3000あおい"),
        ("kana", "ガッコウ\u3000ヴァイオレット", "がっこう\u3000ゔぁいおれっと"),
        ("birth_date", "昭和60年3月12日", "1985-03-12"),
        ("birth_date", "S60.3.12", "1985-03-12"),
        ("birth_date", "昭和60年 月日不詳", "1985-XX-XX"),
        ("sex", "男", "1"),
        ("sex", "", "0"),
        ("sex", "２", "2"),
        ("postal_code", "１５４－０００４", "1540004"),
        ("individual_number", individual_number(7)[:4] + "-" + individual_number(7)[4:], individual_number(7)),
        ("former_surname", "", None),
    ],
)
def test_an_item_may_be_written_in_every_usual_way(item: str, written: str, read: str | None) -> None:
    assert getattr(converted(**{item: written}).items, item) == read


def test_unified_characters_become_unicode_with_selectors() -> None:
    change_ = converted(
        characters="juki",
        name="J+8A66 J+9A13 J+3000 J+8475",
        kana="J+3057 J+3051 J+3093",
        address=" ".join(f"J+{ord(character):04X}" for character in "東京都世田谷区太子堂"),
    )

    assert (change_.items.name, change_.items.kana) == ("試験\u3000葵", "しけん")


@pytest.mark.parametrize(
    ("items", "error", "field"),
    [
        ({"characters": "juki", "name": "J+8A66 J+D7FF"}, "value.character.lossy", "name"),
        ({"name": "試\ue000"}, "value.character.repertoire", "name"),
        ({"kana": "shiken"}, "value.kana", "kana"),
        ({"birth_date": "平成2年13月6日"}, "value.date.impossible", "birth_date"),
        ({"birth_date": "きのう"}, "value.date.format", "birth_date"),
        ({"sex": "男性"}, "value.code_list", "sex"),
        ({"reason": "転入したよ"}, "value.code_list", "reason"),
        ({"resident_record_code": "90000000009"}, "value.resident_record_code.check_digit", "resident_record_code"),
        ({"individual_number": "1"}, "value.individual_number.format", "individual_number"),
        ({"municipality": "132039"}, "value.local_government_code.unknown", "municipality"),
        ({"address": "東京都武蔵野市緑町一丁目1番1号"}, "value.address", "address"),
        ({"postal_code": "154"}, "value.address", "postal_code"),
        ({"changed_on": "令和9年3月1日"}, "value.date.order", "changed_on"),
        ({"previous_order_number": 1}, "value.request", "previous_order_number"),
        ({"reason": "転居"}, "not_found.resident", "resident_number"),
    ],
)
def test_what_has_no_counterpart_is_refused_by_its_field(items: dict[str, Any], error: str, field: str) -> None:
    (verdict,) = judged(change(**items))
    if field == "previous_order_number":
        with pytest.raises(InvalidValueError) as refused:
            converted(**items)
        assert (refused.value.code, refused.value.field) == (error, field)
        return
    assert verdict.state == "refused"
    assert verdict.error is not None
    assert (verdict.error.code, verdict.error.field) == (error, field)


@pytest.mark.parametrize(
    "items", [{"blood_type": "A"}, {"order_number": "x"}, {"version": "2"}, {"characters": "sjis"}]
)
def test_a_record_that_is_not_of_the_documented_form_is_no_record(items: dict[str, Any]) -> None:
    row = read_row(3, json.dumps(change(**items)).encode())

    assert row.record is None
    assert isinstance(row.error, JukinetError)
    assert (row.number, row.error.code) == (3, "value.request")


def test_every_reason_is_found_by_its_word_and_its_code() -> None:
    assert [find_reason(reason.value) for reason in ActReason] == list(ActReason)
    assert [find_reason(reason.label) for reason in ActReason] == list(ActReason)
    assert find_reason("職権記載(帰化等)") is ActReason.ENTRY_AFTER_NATURALISATION


def test_a_bad_record_stops_its_own_resident_only() -> None:
    verdicts = judged(
        change(1, 1),
        change(2, 2),
        moved(3, 1, 1, sex="?"),
        moved(4, 3, 1),
        moved(5, 2, 2),
    )

    assert [verdict.state for verdict in verdicts] == ["applied", "applied", "refused", "waiting", "applied"]


def test_a_record_whose_predecessor_never_came_waits() -> None:
    assert [verdict.state for verdict in judged(change(1), moved(9, 8))] == ["applied", "waiting"]


def test_a_record_that_names_a_predecessor_already_passed_is_refused_and_stops_nobody() -> None:
    verdicts = judged(change(1), moved(2, 1), moved(3, 1), moved(4, 2))

    assert [verdict.state for verdict in verdicts] == ["applied", "applied", "refused", "applied"]


def test_a_change_of_what_the_network_does_not_hold_is_accepted_and_not_notified() -> None:
    entry, local = judged(change(1), change(2, previous_order_number=1, reason="世帯主変更"))

    assert (entry.notice is not None, local.state, local.notice) == (True, "applied", None)


def test_in_manual_linkage_records_are_judged_and_kept() -> None:
    verdicts = judged(change(1), moved(2, 1), moved(3, 2, sex="?"), is_manual=True)

    assert [verdict.state for verdict in verdicts] == ["kept", "kept", "refused"]


def test_a_resident_who_returns_begins_the_next_residence() -> None:
    out = change(2, previous_order_number=1, reason="国内転出")
    back = change(3, previous_order_number=2, reason="国内転入")

    sequences = [verdict.notice.update_sequence for verdict in judged(change(1), out, back) if verdict.notice]
    assert sequences == [1, 2, 65_537]


def test_a_move_in_with_a_certificate_begins_the_residence_it_names() -> None:
    (verdict,) = judged(change(1, reason="国内転入", residence=3))

    assert verdict.notice is not None
    assert verdict.notice.update_sequence == 3 * 65_536 + 1


def test_a_new_code_comes_with_the_previous_one() -> None:
    items: dict[str, Any] = {
        "previous_order_number": 1,
        "reason": "住民票コードの変更請求",
        "resident_record_code": code(9),
    }

    right = judged(change(1), change(2, **items, previous_resident_record_code=code(1)))[1]
    wrong = judged(change(1), change(2, **items, previous_resident_record_code=code(5)))[1]
    assert right.notice is not None
    assert right.notice.previous_resident_record_code == code(1)
    assert wrong.error is not None
    assert (wrong.error.code, wrong.error.field) == ("value.change", "previous_resident_record_code")


def test_a_code_or_number_that_is_anothers_is_refused() -> None:
    same_code = change(2, 2, resident_record_code=code(1))
    same_number = change(3, 3, individual_number=individual_number(1))

    verdicts = judged(change(1, 1, individual_number=individual_number(1)), same_code, same_number)
    assert [verdict.error and verdict.error.code for verdict in verdicts] == [
        None,
        "conflict.resident_record_code",
        "conflict.individual_number",
    ]


def csv_of(*records: dict[str, Any]) -> str:
    columns = list(dict.fromkeys(name for one in records for name in one))
    lines = [",".join(columns)]
    lines += [",".join(str(one.get(name) or "") for name in columns) for one in records]
    return "\r\n".join(lines)


def test_both_kinds_of_file_say_the_same() -> None:
    records = [change(1, 1), moved(2, 1), change(3, 2, sex="")]
    lines = "\n".join(json.dumps(one, ensure_ascii=False) for one in records)

    from_json = parse_file("a.jsonl", lines.encode())
    from_csv = parse_file("a.csv", b"\xef\xbb\xbf" + csv_of(*records).encode())
    assert [row.record for row in from_csv.rows] == [row.record for row in from_json.rows]
    assert [row.number for row in from_json.rows] == [1, 2, 3]
    assert [row.number for row in from_csv.rows] == [2, 3, 4]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", "氏名,住所".encode("cp932"), "value.file.encoding"),
        ("a.jsonl", b"\xff\xfe\x00\xd8", "value.file.encoding"),
        ("a.csv", b"record_id,blood_type", "value.file.format"),
        ("a.csv", b"", "value.file.format"),
        ("a.csv", b'record_id\r\n"abc', "value.file.format"),
        ("a.xml", b"", "value.file.format"),
    ],
)
def test_a_file_that_cannot_be_read_as_a_whole_is_refused(name: str, content: bytes, error: str) -> None:
    parsed = parse_file(name, content)

    assert parsed.error is not None
    assert (parsed.error.code, list(parsed.rows)) == (error, [])
    assert error in report_of(parsed, []).decode("utf-8-sig")


def test_a_report_tells_line_column_and_reason_in_japanese() -> None:
    parsed = parse_file("a.csv", csv_of(change(1)).encode())
    result = RecordResult(row=2, record_id="r-1", state="refused", code="value.kana", field="kana", reason="だめです。")

    lines = report_of(parsed, [result]).decode("utf-8-sig").splitlines()
    column = str(list(change(1)).index("kana") + 1)
    assert lines[1].split(",") == ["2", column, "kana", "r-1", "受け付けない", "", "value.kana", "だめです。"]


def test_a_row_with_another_number_of_cells_is_refused_and_the_others_are_read() -> None:
    rows = parse_file("a.csv", (csv_of(change(1)) + "\r\n1,2\r\n" + csv_of(change(2)).split("\r\n")[1]).encode()).rows

    assert [row.error is None for row in rows] == [True, False, True]
    assert [row.number for row in rows] == [2, 3, 4]


@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.jsonl"]))
def test_no_content_of_a_file_is_an_error_of_ours(content: bytes, name: str) -> None:
    parsed = parse_file(name, content)

    assert parsed.error is None or list(parsed.rows) == []
