"""Statistics of the prefecture's residents (統計資料の作成): for a stated purpose, on screen or as CSV."""

from __future__ import annotations

import csv
import io
from typing import Final

from jukinet.domain.errors import JukinetError
from jukinet.domain.provision_publication import Publication
from jukinet.identification.web.desk import ServerDesk
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Words
from jukinet.operator_web.screens import Answer, Download, Page, Visit
from jukinet.prefectural.usecases.make_statistics import AGE_CLASSES, SEXES, make_statistics

_NAMES: Final = ("purpose", "matter_number")
_HIDDEN: Final = "x"


async def show_form(desk: ServerDesk, visit: Visit) -> Answer:
    """Show the form."""
    del desk
    return _page(visit.words, Form({}))


async def take_form(desk: ServerDesk, visit: Visit) -> Answer:
    """Show the statistics, or hand them out."""
    form = Form({name: visit.form.get(name, "") for name in _NAMES})
    try:
        made = await make_statistics(
            purpose=form.text("purpose"),
            matter_number=form.text("matter_number"),
            operator_id=visit.operator_id,
            database=desk.database,
            now=visit.now,
        )
    except JukinetError as error:
        form.refuse(error, names=_NAMES)
        return _page(visit.words, form)
    if visit.form.get("step") == "csv":
        return Download(_csv(made, visit.words), f"residents-{desk.name.code}.csv", "text/csv; charset=utf-8")
    return _page(visit.words, form, made)


def _columns(words: Words) -> list[str]:
    return [f"{words(f'sex.{sex}')} {words(f'statistics.age.{age}')}" for sex in SEXES for age in range(AGE_CLASSES)]


def _csv(made: Publication, words: Words) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([words("statistics.municipality"), *_columns(words), words("statistics.sum")])
    for row in made.rows:
        writer.writerow([row.affair, *(_HIDDEN if one is None else one for one in (*row.months, row.total))])
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _page(words: Words, form: Form, made: Publication | None = None) -> Page:
    values = {"form": form, "made": made, "columns": _columns(words)}
    return Page("prefectural/statistics.html", values, status=422 if form.problems else 200)
