"""The words around joining two chats of one person."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from actions.facts import Person
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue
from storage.linking import Place

Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Chat:
    """One chat of a person under the name that it is offered by; `here` when it is the one we speak in."""

    place: Place
    label: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """What would be joined on one side: whose it is, how many actions, since when."""

    person: Person
    actions: int
    since: date | None


def chats(places: Sequence[Place], language: str, *, here: tuple[str, str] = ("", "")) -> list[Chat]:
    """A name for each chat; a second one on the same platform is numbered. `here` is an account and a chat of it."""
    seen: Counter[str] = Counter()
    found = []
    for place in places:
        seen[place.channel] += 1
        count = seen[place.channel]
        label = channel(place.channel, language) + (f" {count}" if count > 1 else "")
        found.append(Chat(place, label, (place.account, place.chat) == here))
    return found


def channel(name: str, language: str) -> str:
    """A platform as people call it."""
    t = tongue(language)
    return {"telegram": "Telegram", "slack": "Slack", "web": t.gettext("the web page")}.get(name, name)


def code(language: str, code_: str, places: Sequence[Place]) -> Message:
    """A fresh code, and what it does; what is joined already, with a way to part it."""
    t = tongue(language)
    shown = f"{code_[:4]}-{code_[4:]}"
    words = t.gettext(
        "Your code: **{code}**\n\nIn your other chat with me, write /link {code} within 15 minutes. "
        "Then both chats share one path and one rhythm, and your story comes to one of them, never to both."
    ).format(code=shown)
    if len(places) < 2:
        return Message(words, language=language)
    own = chats(places, language)
    joined_ = t.gettext("Joined so far: {chats}.").format(chats=names.all_of([chat.label for chat in own], language))
    rows = [_choice(chat, language) for chat in own]
    return Message(f"{words}\n\n{joined_}", buttons=tuple(rows), language=language)


def _choice(chat: Chat, language: str) -> Row:
    t = tongue(language)
    apart = Button(t.gettext("Part {chat}").format(chat=chat.label), press=f"link:part:{chat.place.address_id}")
    if not chat.place.reachable:
        return (apart,)
    words = t.gettext("{chat}: bring my stories here")
    if chat.place.preferred:
        words = t.gettext("{chat}: my stories come here ✓")
    return (Button(words.format(chat=chat.label), press=f"link:at:{chat.place.address_id}"), apart)


def where(language: str, own: Sequence[Chat], pressed: str = "") -> Message:
    """Where the regular story shall come: one button for each chat, the one we are in first."""
    t = tongue(language)
    rows = tuple(_place_row(chat, language) for chat in sorted(own, key=lambda one: not one.here))
    back = (Button(t.gettext("Back"), press="settings"),)
    return Message(
        t.gettext("Where shall your stories come?"), buttons=(*rows, back), replaces=pressed, language=language
    )


def _place_row(chat: Chat, language: str) -> Row:
    t = tongue(language)
    label = t.gettext("Here ({chat})").format(chat=chat.label) if chat.here else chat.label
    tick = "✓ " if chat.place.preferred else ""
    return (Button(tick + label, press=f"link:at:{chat.place.address_id}"),)


def setting(language: str, own: Sequence[Chat], overview: Message) -> Message:
    """The overview of settings, with the one for those who have several chats."""
    t = tongue(language)
    name = t.gettext("Where")
    chosen = [chat.label for chat in own if chat.place.preferred]
    text = f"{overview.text}\n- {name}: **{names.quoted(names.all_of(chosen, language))}**"
    return _with(overview, text, (Button(name, press="link:where"),))


def _with(message: Message, text: str, row: Row) -> Message:
    return Message(
        text, buttons=(*message.buttons, row), replaces=message.replaces, notice=message.notice,
        language=message.language,
    )  # fmt: skip


def ask(language: str, code_: str, labels: list[str], paths: tuple[Path, Path]) -> Message:
    """What would be joined, what becomes of a stop or a rest, and whether to; the paths are there and here."""
    t = tongue(language)
    there, here = paths
    parts = [
        t.gettext("Shall I join this chat with your path on {chat}?").format(chat=names.all_of(labels, language)),
        "\n".join(
            [
                t.gettext("- There: {what}").format(what=_what(language, there)),
                t.gettext("- Here: {what}").format(what=_what(language, here)),
            ]
        ),
        t.gettext(
            "Together they count as one. The settings stay as they are there, and your story comes to one chat, never to both."
        ),
    ]
    parts += _silence(language, there.person, here.person)
    row = (
        Button(t.gettext("Join them"), press=f"link:yes:{code_}", primary=True),
        Button(t.gettext("Leave it as it is"), press="link:no"),
    )
    return Message("\n\n".join(parts), buttons=(row,), language=language)


def _what(language: str, path: Path) -> str:
    t = tongue(language)
    if not path.actions and not path.person.follows:
        return t.gettext("nothing yet")
    counted = t.ngettext("{count} action", "{count} actions", path.actions).format(count=path.actions)
    if path.since is None:
        return counted
    since = names.short_day(path.since, language)
    return t.gettext("{actions}, since {day}").format(actions=counted, day=since)


def _silence(language: str, there: Person, here: Person) -> list[str]:
    """What a stop or a rest on one side means for both."""
    t = tongue(language)
    if there.state == "stopped":
        return [t.gettext("There you said stop, and that will hold in both chats until you write /start.")]
    if there.state == "paused" and there.paused_until is not None:
        rest = t.gettext("There I am resting until {day}, and that will hold in both chats.")
        return [rest.format(day=names.short_day(there.paused_until, language))]
    if here.state == "stopped":
        return [t.gettext("Here you said stop. Joined, you hear from me again, in the rhythm you chose there.")]
    if here.state == "paused":
        return [t.gettext("Here I am resting. Joined, you hear from me again, in the rhythm you chose there.")]
    return []


def joined(person: Person, own: Sequence[Chat], pressed: str) -> Message:
    """Two chats became one person's; where shall nudges come?"""
    t = tongue(person.language)
    words = t.gettext("Joined: one path, one rhythm.")
    if person.state == "stopped":
        words = t.gettext("Joined: one path. You had said stop, and that holds in both chats; /start begins again.")
        return Message(words, replaces=pressed, language=person.language)
    question = where(person.language, [chat for chat in own if chat.place.reachable])
    return Message(
        f"{words} {question.text}", buttons=question.buttons[:-1], replaces=pressed, language=person.language
    )


def comes_to(language: str, own: Sequence[Chat], pressed: str) -> Message:
    """Where nudges come from now on."""
    t = tongue(language)
    chosen = [chat.label for chat in own if chat.place.preferred]
    words = t.gettext("Your stories come here from now on: **{chat}**. /link changes it.")
    return Message(words.format(chat=names.all_of(chosen, language)), replaces=pressed, language=language)


def parted(language: str, pressed: str, *, here: bool) -> Message:
    """A chat was taken away from its person; said in that very chat, it is the last word to it."""
    t = tongue(language)
    if here:
        words = t.gettext("Parted. Your path goes on in your other chat; whoever writes here begins anew.")
        return Message(words, language=language, direct=True)
    words = t.gettext("Parted. Your path stays here; whoever writes in the other chat begins anew.")
    return Message(words, replaces=pressed, language=language)


def left_as_it_was(language: str, pressed: str) -> Message:
    """Nothing was joined."""
    t = tongue(language)
    return Message(t.gettext("All right, the chats stay apart."), replaces=pressed, language=language)


def refused(language: str) -> Message:
    """A code that is wrong, used or too old."""
    t = tongue(language)
    words = t.gettext(
        "That code is not valid (any more): each works once, for 15 minutes. Write /link in your other chat for a new one."
    )
    return Message(words, language=language)


def too_many(language: str) -> Message:
    """One guess too many."""
    t = tongue(language)
    return Message(t.gettext("Those were many wrong codes. Please try again in an hour."), language=language)


def joined_already(language: str) -> Message:
    """One's own code, in a chat of one's own."""
    t = tongue(language)
    words = t.gettext("This chat is yours already. Write the code in your other chat with me.")
    return Message(words, language=language)


def begin_first(language: str) -> Message:
    """Somebody without a path asks for a code."""
    t = tongue(language)
    words = t.gettext(
        "There is no path here to join yet. /start begins one; or write /link with the code of your other chat."
    )
    return Message(words, language=language)


def in_private(language: str) -> Message:
    """Asked for where others are."""
    t = tongue(language)
    return Message(t.gettext("Please ask me that in our own chat: the code is for your eyes only."), language=language)


def no_such_chat(language: str) -> Message:
    """A button that names a chat which is not, or no longer, this person's."""
    t = tongue(language)
    return Message(t.gettext("That chat is not joined (any more). /link shows how things are."), language=language)
