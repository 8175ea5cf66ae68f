"""Help, unknown words, invitations, roles."""

from collections.abc import Sequence

from actions.facts import Ref
from bot.message import Button, Message
from bot.wording import menu, names
from bot.wording.tongue import tongue
from storage.catalog import Stock


def help_(language: str) -> Message:
    """What this is, and every command."""
    t = tongue(language)
    words = t.gettext("I bring you stories about what you care about, and small things you can do. You can write:")
    lines = "\n".join(f"- /{name} – {does}" for name, does in menu.entries(language))
    return Message(f"{words}\n\n{lines}", language=language)


def unknown(stock: Stock, language: str, causes: Sequence[Ref]) -> Message:
    """Words that are no command: what I can offer instead."""
    t = tongue(language)
    words = t.gettext("I am a simple bot and did not understand that. What would you like?")
    rows: list[tuple[Button, ...]] = [
        (Button(names.cause(stock, ref, language), press=f"cause:{stock.causes[ref]}"),) for ref in causes
    ]
    if causes:
        words = t.gettext("Did you mean one of these?")
    rows.append(
        (
            Button(t.gettext("Something to do"), press="act"),
            Button(t.gettext("Causes"), press="causes"),
            Button(t.gettext("Help"), press="help"),
        )
    )
    return Message(words, buttons=tuple(rows), language=language)


def media(language: str) -> Message:
    """A picture or a voice message came."""
    t = tongue(language)
    return Message(t.gettext("I can only read words so far. /help shows what I can do."), language=language)


def too_much(language: str) -> Message:
    """Said once to someone who writes more than can be answered."""
    t = tongue(language)
    return Message(t.gettext("That is a lot at once. I will answer again in a minute."), language=language)


def invite(language: str, link: str, brought: int) -> Message:
    """The person's own link, with words ready to pass on."""
    t = tongue(language)
    if not link:
        return Message(
            t.gettext("This bot has no public address yet, so there is no link to share."), language=language
        )
    words = t.gettext("Your link for friends; pass it on as it is:")
    pass_on = t.gettext("> One short story a day about something worth caring about, and one small thing to do: {link}")
    parts = [words, pass_on.format(link=link)]
    if brought:
        parts.append(
            t.ngettext("{count} person came through you.", "{count} people came through you.", brought).format(
                count=brought
            )
        )
    return Message("\n\n".join(parts), language=language)


def role_taken(language: str, role: str) -> Message:
    """A one-time code was good."""
    t = tongue(language)
    known = {
        "owner": t.gettext("an owner"),
        "organizer": t.gettext("an organizer"),
        "moderator": t.gettext("a moderator"),
    }
    words = t.gettext("Welcome: you are **{role}** here now. /organize shows how things stand.").format(
        role=known.get(role, role)
    )
    return Message(words, language=language)


def code_refused(language: str) -> Message:
    """A code that is wrong, used, too old, or one guess too many."""
    t = tongue(language)
    return Message(
        t.gettext("That code is not valid (any more). A code works once and for a short time; ask for a new one."),
        language=language,
    )


def organize(
    language: str, figures: Sequence[tuple[str, int]], drafts: int, more: Sequence[tuple[Button, ...]] = ()
) -> Message:
    """How things stand, for organizers; `more` are the buttons of what only some of them may do."""
    t = tongue(language)
    labels = {
        "subscribers": t.gettext("Subscribers"),
        "active": t.gettext("Active"),
        "paused": t.gettext("Paused"),
        "stopped": t.gettext("Stopped"),
        "unreachable": t.gettext("Unreachable"),
        "actions": t.gettext("Actions taken"),
        "nudges": t.gettext("Nudges sent"),
        "waiting": t.gettext("Messages waiting"),
        "packs": t.gettext("Packs"),
        "owed": t.gettext("Results owed"),
    }
    lines = "\n".join(f"- {labels[key]}: **{count}**" for key, count in figures if key in labels)
    label = t.ngettext("{count} draft of a story", "{count} drafts of stories", drafts).format(count=drafts)
    row = (Button(label, press="drafts"),)
    buttons = (*((row,) if drafts else ()), *more)
    return Message(t.gettext("**How things stand**") + "\n\n" + lines, buttons=buttons, language=language)


def for_organizers(language: str) -> Message:
    """/organize from someone without a role."""
    t = tongue(language)
    return Message(
        t.gettext("This is for organizers. If you are one, ask for a code and write /claim CODE."), language=language
    )
