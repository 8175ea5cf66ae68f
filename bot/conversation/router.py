"""From what a person did to who answers it: tables of commands and buttons, and the order in which words are read."""

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.conversation import (
    act,
    alerts,
    asks,
    carrots,
    causes,
    drives,
    forms,
    help,
    home,
    impact,
    letters,
    link,
    me,
    moderating,
    newcomer,
    onboarding,
    organize,
    outbox,
    owed,
    pause,
    photos,
    plans,
    pledges,
    privacy,
    proving,
    recognition,
    rooms,
    settings,
    stop,
    stories,
    why,
)
from bot.conversation.turn import Handler, House, Turn
from bot.message import HOME, Incoming, Message
from bot.wording import help as help_words
from bot.wording import quiet as quiet_words
from storage import addresses, dialogs, subscribers
from storage.subscribers import Reached

COMMANDS: Mapping[str, Handler] = {
    "start": onboarding.start,
    "act": act.act,
    "causes": causes.causes,
    "me": me.me,
    "settings": forms.change_settings,
    "less": pause.less,
    "mute": pause.mute,
    "pause": pause.pause,
    "stop": stop.stop,
    "invite": help.invite,
    "impact": impact.impact,
    "why": why.why,
    "privacy": privacy.privacy,
    "help": help.help_,
    "organize": organize.organize,
    "claim": organize.claim,
    "link": link.link,
    "story": stories.story,
}


def open_form(conn: Connection, turn: Turn) -> list[Message]:
    """Open the form that a button names; where forms cannot be shown, the same is said in the chat."""
    return OPENED.get(turn.argument, forms.change_settings)(conn, turn)


PRESSES: Mapping[str, Handler] = {
    **{name: handler for name, handler in COMMANDS.items() if name != "claim"},
    "join": onboarding.press,
    "done": asks.done,
    "undo": asks.undo,
    "later": asks.later,
    "no": asks.decline,
    "reopen": asks.reopen,
    "never": asks.never,
    "code": proving.press_code,
    "else": act.something_else,
    "letter": letters.press,
    "cause": causes.about,
    "follow": causes.follow,
    "leave": causes.leave,
    "set": settings.press,
    "resume": pause.resume,
    "stay": pause.stay,
    "oops": stop.oops,
    "instead": stop.instead,
    "export": privacy.export,
    "erase": privacy.erase,
    "ethics": me.ethics,
    "story": stories.press,
    "drafts": stories.waiting,
    "record": forms.press_record,
    "form": open_form,
    "room": rooms.press,
    "alert": alerts.press,
    "alerts": settings.no_more_alerts,
    "panic": organize.pause_all,
    "pledge": pledges.press,
    "carrot": carrots.press,
    "kept": pledges.kept,
    "smaller": pledges.smaller,
    "owed": owed.press,
    "plan": plans.press,
    "matter": recognition.press,
    "team": drives.press,
    "photo": photos.press,
    "photos": moderating.press,
}

OPENED: Mapping[str, Handler] = {
    "settings": forms.change_settings,
    "record": forms.record,
    "story": stories.story,
    "draft": stories.draft,
}
FORMS: Mapping[str, Handler] = {
    "settings": forms.keep_settings,
    "record": forms.keep_record,
    "story": stories.keep_story,
    "draft": stories.keep_draft,
}

WHILE_STOPPED = frozenset(
    {
        "start", "help", "privacy", "oops", "instead", "export", "erase", "claim", "me", "stop", "room", "link",
        # Taps made before a stop may come after it: what was done is written down.
        "done", "undo", "no", "set", "letter", "kept",
    }
)  # fmt: skip
BEFORE_JOINING = frozenset(
    {
        "start", "help", "privacy", "stop", "claim", "join", "export", "erase", "organize", "oops", "room", "link",
        "undo", "alert", "alerts", "panic", "pledge", "kept", "smaller", "owed", "photos", "carrot",
    }
)  # fmt: skip
OF_ORGANIZERS = frozenset({"alert", "result"})
"""What organizers are asked to write for others."""
WRITTEN = ("text", "command", "media", "form")
BURST = timedelta(minutes=1)
BURST_SIZE = 20
SILENT = 14
"""So many nudges without a sign, and the rhythm has slowed: a sign brings it back at once."""


def respond(conn: Connection, incoming: Incoming, now: datetime, house: House, chance: random.Random) -> list[Message]:
    """Answer one thing a person did, and put the answers into the outbox; all in the transaction of `conn`."""
    account, chat = incoming.address.account, incoming.address.chat
    if incoming.kind == "moved":
        subscribers.move(conn, account, chat, incoming.moved_to)
        return []
    if incoming.kind in ("invited", "removed"):
        return rooms.came_or_went(conn, incoming, now)
    if not incoming.private and not incoming.room:
        return []
    reached = subscribers.reach(conn, account, chat)
    if incoming.kind in ("blocked", "unblocked"):
        return _came_or_went(conn, incoming, reached, now)
    new = reached is None
    if reached is None:
        reached = newcomer.welcome(conn, incoming, now)
    turn = Turn(reached.person, incoming, now, chance, house, new)
    answers = _answer(conn, incoming, reached, turn)
    owner = addresses.owner(conn, reached.address_id)
    if owner is None:
        return answers
    if owner != reached.person.id:
        turn = turn.with_person(subscribers.get(conn, owner))
    answers = _placed(conn, answers, turn)
    outbox.put(conn, (owner, reached.address_id, reached.account_id), answers, now)
    return answers


def _placed(conn: Connection, answers: list[Message], turn: Turn) -> list[Message]:
    """Let answers be seen where the person is: on their page, which they become a part of, or beside what was said."""
    if turn.incoming.place == HOME:
        stays = [one for one in answers if one.form or one.room or one.errors or one.direct or one.document]
        told = [answer for answer in answers if answer not in stays or answer.document]
        return [*(replace(one, place=HOME) if one.form else one for one in stays), home.page(conn, turn, told)]
    place = turn.incoming.place
    return [replace(answer, place=place) if place and not answer.room else answer for answer in answers]


def _came_or_went(conn: Connection, incoming: Incoming, reached: Reached | None, now: datetime) -> list[Message]:
    if reached is not None and incoming.kind == "blocked":
        stop.silence(conn, reached.person.id, "blocked")
        subscribers.unreachable(conn, reached.address_id)
    elif reached is not None:
        subscribers.revive(conn, reached, now)
    return []


def _answer(conn: Connection, incoming: Incoming, reached: Reached, turn: Turn) -> list[Message]:
    if subscribers.revive(conn, reached, turn.now):
        turn = turn.with_person(subscribers.get(conn, turn.person.id))
    if incoming.kind in WRITTEN:
        # A tap always has its effect; words beyond what anyone can read are not answered one by one.
        excess = subscribers.burst(conn, turn.person, turn.now, BURST) - BURST_SIZE
        if excess > 0 and not stop.is_stop(incoming):
            return [help_words.too_much(turn.language)] if excess == 1 else []
    subscribers.seen(conn, turn.person, turn.now, after_silence=reached.silent >= SILENT)
    if reached.in_dialog and reached.onboarded and incoming.kind not in ("text", "home"):
        # Whoever turns to something else has left the question that was open.
        dialogs.keep(conn, turn.person, None)
    writes = reached.in_dialog and dialogs.of(conn, turn.person).get("asked") in OF_ORGANIZERS
    return _handler(turn, reached.onboarded or writes)(conn, turn)


def _handler(turn: Turn, onboarded: bool) -> Handler:
    word, handler = _word(turn.incoming)
    if stop.is_stop(turn.incoming):
        return stop.stop
    if turn.incoming.kind == "home":
        return home.opened
    if turn.incoming.kind == "media":
        return photos.sent
    if turn.incoming.kind == "text" and turn.incoming.room:
        return rooms.mentioned
    if turn.person.state == "stopped" and word not in WHILE_STOPPED:
        return stop.oops if stop.is_oops(turn.incoming) else stop.still_stopped
    if not onboarded and word not in BEFORE_JOINING:
        return onboarding.typed if turn.incoming.kind == "text" else onboarding.start
    if handler is not None:
        return handler
    return words if turn.incoming.kind == "text" else help.unknown


def _word(incoming: Incoming) -> tuple[str, Handler | None]:
    if incoming.kind == "command":
        return incoming.command, COMMANDS.get(incoming.command)
    if incoming.kind == "press":
        word = incoming.text.partition(":")[0]
        return word, PRESSES.get(word)
    if incoming.kind in ("form", "shortcut"):
        return incoming.kind, (FORMS if incoming.kind == "form" else OPENED).get(incoming.command)
    return "", None


def words(conn: Connection, turn: Turn) -> list[Message]:
    """Free words: of crisis, the answer to a question of ours, or a cause's name."""
    waiting_for = dialogs.of(conn, turn.person).get("asked", "")
    # Organizers write about such things without meaning themselves.
    if help.is_crisis(turn.incoming.text) and waiting_for not in OF_ORGANIZERS:
        dialogs.keep(conn, turn.person, None)
        return [quiet_words.crisis(turn.language)]
    expected: Mapping[str, Handler] = {
        "hour": settings.hour_words,
        "zone": settings.zone_words,
        "pause": pause.day_words,
        "cause": causes.search,
        "story": stories.told,
        "alert": alerts.typed,
        "code": proving.typed_code,
        "letter": letters.typed,
        "country": pledges.country,
        "result": owed.typed,
        "plan": plans.typed,
        "matters": recognition.said,
    }
    if stop.is_oops(turn.incoming):
        return stop.oops(conn, turn)
    return expected.get(waiting_for, help.unknown)(conn, turn)
