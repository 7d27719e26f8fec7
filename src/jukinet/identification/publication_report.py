"""The yearly publication as files: a report anybody can read in a browser, the table as CSV, and the charts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Final

from jukinet.domain.civil_dates import CivilDate
from jukinet.domain.errors import ConfigurationError, JukinetError
from jukinet.domain.provision_law import ProvisionLaw
from jukinet.domain.provision_publication import FEWEST, MONTHS, Publication, PublishedRow
from jukinet.identification.publication_charts import chart_of_months, chart_of_organs

_FIRST_MONTH: Final = 4
#: What stands for a hidden figure.
HIDDEN: Final = "x"
_MONTHS: Final = tuple(f"{(3 + month) % MONTHS + 1}月" for month in range(MONTHS))
_STYLE: Final = """
body { font-family: "Noto Sans JP", "Hiragino Sans", sans-serif; color: #1a1a1a; margin: 2rem auto; max-width: 72rem;
  padding: 0 1rem; line-height: 1.7; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; border-left: 0.4rem solid #0017c1; padding-left: 0.6rem; }
.scroll { overflow-x: auto; } svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-size: 0.85rem; } caption { text-align: left; font-weight: bold; }
th, td { border-bottom: 1px solid #949494; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
th.figure, td.figure { text-align: right; white-space: nowrap; } thead th { background: #f1f1f4; }
"""


def texts_of(law: ProvisionLaw) -> Callable[[str], str]:
    """Return what says an affair in words; nothing for what the law does not list, such as acts of the register."""

    def text_of(affair: str) -> str:
        try:
            return law.find_affair(affair).text
        except JukinetError:
            return ""

    return text_of


def write_csv(publication: Publication, text_of: Callable[[str], str]) -> bytes:
    """Return the table as CSV (UTF-8 with a mark, as spreadsheets expect): a line for organ, affair, month, method."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(["年度", "提供年月", "提供先", "事務", "事務の内容", "提供の方法", "件数"])
    for row in publication.rows:
        for month, count in enumerate(row.months):
            if count == 0:
                continue
            when = _month_of(publication.year, month)
            cells = [publication.year, when, row.organ, row.affair, text_of(row.affair), row.method, _plain(count)]
            writer.writerow([_safe(str(cell)) for cell in cells])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def write_report(publication: Publication, text_of: Callable[[str], str], *, giver: str, made_on: date) -> bytes:
    """Return the report as one HTML file that needs nothing else."""
    title = f"本人確認情報の提供状況　{publication.year}年度"
    begin, end = _era(date(publication.year, _FIRST_MONTH, 1)), _era(date(publication.year + 1, 3, 31))
    lead = (
        f"<p>住民基本台帳法に基づき、{begin}から{end}までに{escape(giver)}から本人確認情報を提供した件数を公表します。"
    )
    hiding = f"<p>個人が推測されないよう、{FEWEST}件未満の件数と、そこから{FEWEST}件未満の件数が計算できる件数は"
    body = [
        f"<h1>{escape(title)}</h1>",
        f"{lead}件数は、提供した人の延べ数です。</p>",
        f"{hiding}「{HIDDEN}」としています。作成日：{_era(made_on)}</p>",
        f"<p>合計：{_shown(publication.total)}件</p>",
        "<h2>月ごとの件数</h2>",
        chart_of_months(publication),
        "<h2>提供先ごとの件数</h2>",
        chart_of_organs(publication),
        "<p>図は、公表している件数だけで描いています。</p>",
        "<h2>提供先・事務・月・方法ごとの件数</h2>",
        _table(publication, text_of),
    ]
    head = f'<!doctype html>\n<html lang="ja"><head><meta charset="utf-8"><title>{escape(title)}</title>'
    view = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    return "\n".join([f"{head}{view}<style>{_STYLE}</style></head><body>", *body, "</body></html>", ""]).encode()


def write_publication(
    publication: Publication, directory: Path, text_of: Callable[[str], str], *, giver: str, made_on: date
) -> list[Path]:
    """Write report, table and charts into a directory; return the files.

    Raises:
        ConfigurationError: they cannot be written there.
    """
    name = f"provision-{publication.year}"
    contents = {
        f"{name}.html": write_report(publication, text_of, giver=giver, made_on=made_on),
        f"{name}.csv": write_csv(publication, text_of),
        f"{name}-months.svg": chart_of_months(publication).encode(),
        f"{name}-organs.svg": chart_of_organs(publication).encode(),
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for file, content in contents.items():
            (directory / file).write_bytes(content)
    except OSError as error:
        raise ConfigurationError(f"{directory} cannot be written: {error.strerror}.", field="to") from None
    return [directory / file for file in contents]


def _table(publication: Publication, text_of: Callable[[str], str]) -> str:
    if not publication.rows:
        return "<p>提供はありませんでした。</p>"
    heads = "".join(f'<th scope="col" class="figure">{month}</th>' for month in _MONTHS)
    first = '<th scope="col">事務</th><th scope="col">方法</th>'
    lines: list[str] = []
    for organ, total in publication.organ_totals.items():
        rows = [row for row in publication.rows if row.organ == organ]
        lines.append(
            f'<div class="scroll" tabindex="0"><table><caption>{escape(organ)}（合計 {_shown(total)}件）</caption>'
            f'<thead><tr>{first}{heads}<th scope="col" class="figure">合計</th></tr></thead><tbody>'
        )
        lines += [_line(row, text_of) for row in rows]
        lines.append("</tbody></table></div>")
    return "\n".join(lines)


def _line(row: PublishedRow, text_of: Callable[[str], str]) -> str:
    cells = "".join(f'<td class="figure">{_shown(count)}</td>' for count in (*row.months, row.total))
    affair = f"{escape(row.affair)}　{escape(text_of(row.affair))}"
    return f'<tr><th scope="row">{affair}</th><td>{escape(row.method)}</td>{cells}</tr>'


def _month_of(year: int, month: int) -> str:
    number = (3 + month) % MONTHS + 1
    return f"{year if number >= _FIRST_MONTH else year + 1}-{number:02}"


def _shown(count: int | None) -> str:
    return HIDDEN if count is None else f"{count:,}"


def _plain(count: int | None) -> str:
    return HIDDEN if count is None else str(count)


def _safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@"} else cell


def _era(day: date) -> str:
    return CivilDate.of(day).wareki()
