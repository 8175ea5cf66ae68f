"""Finding, following and leaving causes."""

from collections.abc import Sequence, Set

from actions.facts import Ref
from bot.message import Button, Message
from bot.wording import names
from bot.wording.tongue import tongue
from content.text import choose
from storage.catalog import Stock


def overview(stock: Stock, language: str, causes: Sequence[Ref], followed: Set[Ref], *, replaces: str = "") -> Message:
    """The causes one follows and others there are, each a button."""
    t = tongue(language)
    words = t.gettext("**Causes.** ✓ marks the ones you follow. Tap one to read about it, or write a word to search.")
    if not causes:
        words = t.gettext("No causes are here yet. An organizer will load some soon.")
    rows = [_row(stock, language, ref, followed) for ref in causes]
    return Message(words, buttons=tuple(rows), replaces=replaces, language=language)


def _row(stock: Stock, language: str, ref: Ref, followed: Set[Ref]) -> tuple[Button, ...]:
    tick = "✓ " if ref in followed else ""
    return (Button(tick + names.cause(stock, ref, language), press=f"cause:{stock.causes[ref]}"),)


def found(stock: Stock, language: str, causes: Sequence[Ref], followed: Set[Ref], word: str) -> Message:
    """What answers to a word: causes, by their own name or their publisher's."""
    t = tongue(language)
    if not causes:
        words = t.gettext("I found no cause for “{word}”. /causes shows all there are.").format(word=names.echoed(word))
        return Message(words, language=language)
    rows = tuple(_row(stock, language, ref, followed) for ref in causes)
    return Message(t.gettext("This is what I found:"), buttons=rows, language=language)


def about(stock: Stock, language: str, ref: Ref, *, followed: bool, muted: bool, replaces: str = "") -> Message:
    """One cause: why it matters, who brings it, follow or leave."""
    t = tongue(language)
    cause, pack = stock.cause(ref), stock.pack(ref)
    number = stock.causes[ref]
    if cause is None:
        return gone(language)
    by = names.quoted(pack.publisher.name)
    if pack.publisher.url:
        by = f"[{by}](<{pack.publisher.url}>)"
    words = (
        f"**{names.quoted(names.cause(stock, ref, language))}**\n\n"
        f"{choose(cause.why, language, pack.languages[0])}\n\n{t.gettext('Brought by {publisher}.').format(publisher=by)}"
    )
    switch = Button(t.gettext("Follow"), press=f"follow:{number}", primary=True)
    if followed:
        switch = Button(t.gettext("Unfollow"), press=f"leave:{number}")
    row = [switch]
    if followed and muted:
        row.append(Button(t.gettext("Unmute"), press=f"follow:{number}"))
    elif followed:
        row.append(Button(t.gettext("Mute for now"), press=f"mute:{number}"))
    back = (Button(t.gettext("All causes"), press="causes"),)
    return Message(words, buttons=(tuple(row), back), replaces=replaces, language=language)


def changed(language: str, title: str, change: str) -> str:
    """A follow, a leave or a mute, confirmed in one plain sentence."""
    t = tongue(language)
    return {
        "follow": t.gettext("You follow {cause} now."),
        "leave": t.gettext("You no longer follow {cause}. What you did for it stays on your path."),
        "mute": t.gettext("{cause} is silent for now. Your other causes go on."),
    }[change].format(cause=title)


def gone(language: str) -> Message:
    """A cause that no live pack has any more."""
    t = tongue(language)
    return Message(t.gettext("That cause is not here any more. /causes shows all there are."), language=language)


def mute_which(stock: Stock, language: str, causes: Sequence[Ref]) -> Message:
    """Which cause to hear nothing of."""
    t = tongue(language)
    if not causes:
        return Message(t.gettext("There is no cause to mute: you follow none that is speaking."), language=language)
    rows = tuple((Button(names.cause(stock, ref, language), press=f"mute:{stock.causes[ref]}"),) for ref in causes)
    return Message(t.gettext("Which cause shall be silent for now?"), buttons=rows, language=language)
