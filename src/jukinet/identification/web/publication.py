"""The yearly publication on screen (提供状況の公表): figures, charts, and the files to publish."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from jukinet.domain.clock import civil_day
from jukinet.domain.errors import DateOutOfOrderError, InvalidValueError
from jukinet.domain.provision_law import ProvisionLaw
from jukinet.domain.provision_publication import MONTHS, Publication
from jukinet.identification.publication_charts import chart_of_months, chart_of_organs
from jukinet.identification.publication_report import texts_of, write_csv, write_report
from jukinet.identification.publish_provisions import publish_provisions
from jukinet.identification.web.desk import ServerDesk
from jukinet.operator_web.forms import Form
from jukinet.operator_web.language import Language
from jukinet.operator_web.naming import node_title
from jukinet.operator_web.screens import Answer, Download, Page, Visit

_TEMPLATE: Final = "identification/publication.html"
_DIGITS: Final = 4
_MARCH: Final = 3


@dataclass(frozen=True, slots=True)
class PublicationScreens:
    """The screens, with what they work with."""

    desk: ServerDesk
    #: The law that says affairs in words.
    law: Callable[[], Awaitable[ProvisionLaw]]
    organs: Mapping[str, str]

    async def show_form(self, visit: Visit) -> Answer:
        """Show the form; the last fiscal year that ended is filled in."""
        today = civil_day(visit.now)
        last = today.year - 1 if today.month > _MARCH else today.year - 2
        return _page(Form({"year": str(last)}))

    async def take_form(self, visit: Visit) -> Answer:
        """Show what is published of a year, or hand it out as a file; that it was made is on the audit log."""
        form = Form({"year": visit.form.get("year", "")})
        year = form.read("year", _year)
        if year is None:
            return _page(form, status=422)
        try:
            publication = await publish_provisions(
                year=year,
                organs=self.organs,
                operator_id=visit.operator_id,
                database=self.desk.database,
                now=visit.now,
            )
        except DateOutOfOrderError as error:
            form.refuse(error, names=("year",))
            return _page(form, status=422)
        text_of = texts_of(await self.law())
        step = visit.form.get("step")
        if step == "csv":
            return Download(write_csv(publication, text_of), f"provision-{year}.csv", "text/csv; charset=utf-8")
        if step == "report":
            content = write_report(
                publication, text_of, giver=node_title(self.desk.name, Language.JAPANESE), made_on=civil_day(visit.now)
            )
            return Download(content, f"provision-{year}.html", "text/html; charset=utf-8")
        affairs = {row.affair: text_of(row.affair) for row in publication.rows}
        return _page(form, publication, affairs)


def _year(text: str) -> int:
    if len(text) != _DIGITS or not text.isascii() or not text.isdigit():
        raise InvalidValueError(field="year")
    return int(text)


def _page(
    form: Form, publication: Publication | None = None, affairs: Mapping[str, str] | None = None, *, status: int = 200
) -> Page:
    charts: tuple[Markup, ...] = ()
    if publication is not None and publication.rows:
        charts = tuple(Markup(chart(publication)) for chart in (chart_of_months, chart_of_organs))  # noqa: S704 - markup of our own, every text in it escaped
    values = {
        "form": form,
        "publication": publication,
        "affairs": affairs or {},
        "charts": charts,
        "months": [(_MARCH + month) % MONTHS + 1 for month in range(MONTHS)],
    }
    return Page(_TEMPLATE, values, status=status)
