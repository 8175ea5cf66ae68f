"""`/`: what this community did, for everyone to see."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from bot.clock import Clock
from bot.web import page, report
from bot.wording import chrome
from content.model import Pack
from storage import figures, packs
from storage.store import Store

MONTHS = 12
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Known:
    """What the page shows, as counted at one moment."""

    at: datetime
    packs: tuple[Pack, ...]
    total: figures.Count
    causes: dict[str, figures.CauseFigures]
    months: tuple[tuple[datetime, figures.Count], ...]


@dataclass
class ImpactPage:
    """The public page; counts at most once in ten minutes, however many come to look."""

    store: Store
    clock: Clock
    _known: Known | None = field(default=None, init=False)

    def route(self) -> Route:
        """The route of the page."""
        return Route("/", self._show)

    async def _show(self, request: Request) -> Response:
        language = page.language_of(request)
        known = await self._counted()
        words = chrome.public(language)
        told = report.of(known.packs, known.causes, known.months, language)
        html = page.render(
            "impact.html",
            language,
            words=words,
            total=report.shown(known.total),
            report=told,
            names=chrome.NAMES,
            grouped=report.grouped,
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})

    async def _counted(self) -> Known:
        now = self.clock.now()
        if self._known is None or now - self._known.at > FRESH:
            self._known = await self.store.read(count, now)
        return self._known


def count(conn: Connection, now: datetime) -> Known:
    """Everything the page needs, in one look at the database."""
    starts = _starts(now)
    months = zip(starts, figures.months(conn, starts), strict=False)
    return Known(
        at=now,
        packs=tuple(Pack.model_validate_json(pack.document) for pack in packs.loaded(conn)),
        total=figures.total(conn),
        causes=figures.causes(conn),
        months=tuple(months),
    )


def _starts(now: datetime) -> list[datetime]:
    ended = now.year * 12 + now.month  # months since year 0 until the end of this one
    return [datetime(*_month(number), 1, tzinfo=UTC) for number in range(ended - MONTHS, ended + 1)]


def _month(number: int) -> tuple[int, int]:
    return number // 12, number % 12 + 1
