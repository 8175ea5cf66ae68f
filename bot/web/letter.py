"""`/letter/TOKEN`: a letter for its writer alone, ready to be sent from their own mail, form or telephone."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from sqlalchemy import Connection
from sqlalchemy.exc import NoResultFound
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from actions import deciding
from actions.facts import Person
from actions.rhythm import local_day
from bot.clock import Clock
from bot.conversation import letter_links
from bot.web import page
from bot.wording import chrome, letters, names
from bot.wording.tongue import base
from content.model import Maker
from content.text import choose, clean, plain, shorten
from storage import letters as kept
from storage import subscribers
from storage.catalog import stock_of
from storage.letters import Letter
from storage.store import Store

MAILTO_AT_MOST = 1900
"""Characters of a `mailto:` address that every mail program takes; what is longer is copied and pasted."""
SUBJECT_AT_MOST = 120
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Vary": "Accept-Language",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter with all that its page needs; nobody to write to when the pack names them no more, or it is decided."""

    letter: Letter
    person: Person
    maker: Maker | None
    office: str
    subject: str
    on: date | None
    decided: bool


@dataclass
class LetterPage:
    """The page of a letter, for whoever brings the token made for its writer."""

    store: Store
    clock: Clock
    secret: str

    def route(self) -> Route:
        """The route of the page."""
        return Route(letter_links.PATH + "/{token}", self._show)

    async def _show(self, request: Request) -> Response:
        found = letter_links.read(request.path_params["token"], self.secret)
        shown = await self.store.read(self._look, *found) if found is not None else None
        if shown is None:
            raise HTTPException(404)
        asked = base(request.query_params.get("lang", ""))
        language = asked if asked in chrome.NAMES else shown.person.language
        return HTMLResponse(render(shown, language), headers=HEADERS)

    def _look(self, conn: Connection, subscriber_id: int, number: int) -> Shown | None:
        letter = kept.get(conn, number, self.secret)
        if letter is None or letter.subscriber_id != subscriber_id or letter.state == "dropped" or not letter.text:
            return None
        try:
            person = subscribers.get(conn, subscriber_id)
        except NoResultFound:
            return None
        stock = stock_of(conn)
        action = stock.action(letter.action)
        decision = action.decision if action is not None else None
        if decision is None:
            return Shown(letter, person, None, "", "", None, decided=False)
        first = stock.pack(letter.action).languages[0]
        maker = deciding.find(decision.makers, letter.maker_key)
        return Shown(
            letter=letter,
            person=person,
            maker=maker,
            office=plain(choose(maker.office, letter.language, first)) if maker else "",
            subject=" ".join(plain(choose(decision.what, letter.language, first)).split()),
            on=decision.day,
            decided=deciding.days_left(decision.day, local_day(person.rhythm, self.clock.now())) < 0,
        )


def render(shown: Shown, language: str) -> str:
    """The page in a language."""
    words = chrome.letter(language)
    text = letters.framed(shown.letter)
    maker = shown.maker if not shown.decided else None
    whole = mailto(maker.email, shown.subject, text) if maker and maker.email else ""
    fits = len(whole) <= MAILTO_AT_MOST
    day = names.short_day(shown.on, language) if shown.on else ""
    when = words["was_decided" if shown.decided else "decided_on"].format(day=day) if day else ""
    return page.render(
        "letter.html",
        language,
        words=words,
        title=words["title"].format(name=shown.letter.maker),
        office=shown.office,
        when=when,
        text=text,
        written_in=shown.letter.language,
        maker=maker,
        decided=shown.decided,
        mail=whole if fits else mailto(maker.email, shown.subject, "") if maker and maker.email else "",
        paste=not fits,
        telephone=dialled(maker.phone) if maker and maker.phone else "",
    )


def mailto(address: str, subject: str, body: str) -> str:
    """A letter as a `mailto:` address (RFC 6068); nothing in the words can add a recipient or a header."""
    line = shorten(" ".join(clean(subject).split()), SUBJECT_AT_MOST)
    found = f"mailto:{quote(address, safe='@')}?subject={quote(line, safe='')}"
    return f"{found}&body={quote(_crlf(body), safe='')}" if body else found


def _crlf(body: str) -> str:
    return "\r\n".join(body.splitlines())


def dialled(number: str) -> str:
    """A telephone number as a `tel:` address."""
    return "tel:+" + "".join(letter for letter in number if letter.isdigit())
