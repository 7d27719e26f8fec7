"""Texts of the log's details that come with reports of doubt and publications, by id."""

from __future__ import annotations

from typing import Final

DOUBT_JAPANESE: Final = {
    "detail.report_number": "通報の番号",
    "detail.use_log_id": "提供記録の番号",
    "detail.outcome": "回答",
    "detail.year": "年度",
    "detail.is_represented": "代理",
}

DOUBT_ENGLISH: Final = {
    "detail.report_number": "report",
    "detail.use_log_id": "use",
    "detail.outcome": "answer",
    "detail.year": "fiscal year",
    "detail.is_represented": "represented",
}
