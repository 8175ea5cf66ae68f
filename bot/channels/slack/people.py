"""What Slack tells of people: their language and time zone, asked for once, before they are first answered."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import structlog

from bot.channels.slack.api import CallError
from bot.message import Profile

REMEMBERED = 20_000
PATIENCE = 3.0

Form = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any]]]
Known = Callable[[list[str]], Awaitable[set[str]]]

log = structlog.get_logger()


class People:
    """Profiles of one workspace's people; whom we talk with already is not asked about."""

    def __init__(self, form: Form, known: Known) -> None:
        self._form = form
        self._known = known
        self._profiles: OrderedDict[str, Profile] = OrderedDict()

    def of(self, person: str) -> Profile:
        """What is known of a person; nothing, when nothing was asked."""
        return self._profiles.get(person, Profile())

    async def meet(self, people: Iterable[str]) -> None:
        """Ask for the profiles of those who are new; what cannot be learned now is left empty."""
        strangers = [person for person in dict.fromkeys(people) if person and person not in self._profiles]
        if not strangers:
            return
        known = await self._known(strangers)
        for person in known:
            self._keep(person, Profile())
        await asyncio.gather(*(self._ask(person) for person in strangers if person not in known))

    async def _ask(self, person: str) -> None:
        try:
            asked = {"user": person, "include_locale": True}
            answer = await asyncio.wait_for(self._form("users.info", asked), PATIENCE)
        except (CallError, TimeoutError) as error:
            log.info("profile not learned", error=getattr(error, "error", type(error).__name__))
            return
        user = answer.get("user")
        if isinstance(user, dict):
            self._keep(person, Profile(_word(user.get("locale")), _word(user.get("tz"))))

    def _keep(self, person: str, profile: Profile) -> None:
        self._profiles[person] = profile
        if len(self._profiles) > REMEMBERED:
            self._profiles.popitem(last=False)


def _word(found: object) -> str:
    return found[:64] if isinstance(found, str) else ""
