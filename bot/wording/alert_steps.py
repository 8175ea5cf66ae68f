"""The words of the steps in which an alert is made: for whom, what it says, the dry run."""

from collections.abc import Sequence
from datetime import timedelta

from actions.alerting import Share
from actions.limits import ALERT_FIRST, ALERT_LETTERS
from bot.message import Button, Message
from bot.wording import alerts, names
from bot.wording.tongue import LANGUAGES, tongue
from storage.alerts import Alert
from storage.catalog import Stock

Option = tuple[str, str]
"""What a choice is called, and what its button carries behind the step's name."""


def ways(language: str, *, paused: bool) -> tuple[Button, ...]:
    """The buttons under how things stand, for those who may speak to many."""
    t = tongue(language)
    other = Button(t.gettext("Let everything go on"), press="panic:off")
    panic = Button(t.gettext("Pause everything"), press="panic:on")
    return (Button(t.gettext("Alerts"), press="alert"), other if paused else panic)


def all_paused(language: str) -> Message:
    """The panic button was pressed."""
    t = tongue(language)
    words = t.gettext(
        "Everything is paused: stories, alerts, reminders, what is queued and what is due. I still answer."
    )
    return Message(words, buttons=((Button(t.gettext("Let everything go on"), press="panic:off"),),), language=language)


def all_goes_on(language: str) -> Message:
    """Everything goes on again."""
    t = tongue(language)
    words = t.gettext("Everything goes on. What is too old by now is not sent any more.")
    return Message(words, buttons=((Button(t.gettext("Pause everything"), press="panic:on"),),), language=language)


def overview(found: Sequence[Alert], language: str, *, replaces: str = "") -> Message:
    """The newest alerts, and a new one."""
    t = tongue(language)
    rows = [
        (Button(f"{one.id}: {alerts.state(one, language)}", press=f"alert:{one.id}"),) for one in found
    ]  # fmt: skip
    new = Button(t.gettext("New alert"), press="alert:new", primary=True)
    words = t.gettext("**Alerts**") + "\n\n"
    words += t.gettext("A message of yours to those who want alerts, outside their rhythm.")
    return Message(words, buttons=((new,), *rows), replaces=replaces, language=language)


def audience(stock: Stock, one: Alert, language: str, *, replaces: str = "") -> Message:
    """Step one: whom is it for?"""
    t = tongue(language)
    lines = "\n".join(f"- {line}" for line in alerts.described(stock, one.audience, language))
    words = "\n\n".join(
        (alerts.title(one, language), t.gettext("Step 1 of 3. It is for people who, all of this together,"), lines)
    )
    labels = [
        ("cause", t.gettext("Cause")),
        ("rung", t.gettext("Step of the path")),
        ("region", t.gettext("Region")),
        ("lang", t.gettext("Language")),
        ("did", t.gettext("Did")),
        ("not", t.gettext("Did not")),
        ("since", t.gettext("Joined since")),
    ]
    buttons = [Button(label, press=f"alert:{one.id}:{key}") for key, label in labels]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    on = (
        Button(t.gettext("Throw away"), press=f"alert:{one.id}:cancel"),
        Button(t.gettext("Next: the words"), press=f"alert:{one.id}:words", primary=True),
    )
    return Message(words, buttons=(*rows, on), replaces=replaces, language=language)


def choose(one: Alert, step: str, options: Sequence[Option], language: str, *, replaces: str = "") -> Message:
    """One part of the audience."""
    t = tongue(language)
    questions = {
        "cause": t.gettext("Followers of which cause?"),
        "rung": t.gettext("On which step of the path, or higher? With “=”, exactly there."),
        "region": t.gettext("In which country? Write its two letters, like DE or MX."),
        "lang": t.gettext("Readers of which language?"),
        "did": t.gettext("Those who did what?"),
        "not": t.gettext("Those who did not do what?"),
        "since": t.gettext("Joined since when? Tap, or write a day, like {day}.").format(day="2026-12-24"),
    }
    buttons = [Button(label, press=f"alert:{one.id}:{step}:{value}") for label, value in options]
    rows = [tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2)]
    end = (
        Button(t.gettext("It does not matter"), press=f"alert:{one.id}:{step}:any"),
        Button(t.gettext("Back"), press=f"alert:{one.id}"),
    )
    return Message(questions[step], buttons=(*rows, end), replaces=replaces, language=language)


def days(count: int, language: str) -> str:
    """So many days ago."""
    return tongue(language).ngettext("{count} day ago", "{count} days ago", count).format(count=count)


def words(one: Alert, language: str, *, replaces: str = "") -> Message:
    """Step two: what it says, in which languages."""
    t = tongue(language)
    parts = [alerts.title(one, language), t.gettext("Step 2 of 3. Which language do you want to write it in?")]
    parts += [f"**{names.itself(code)}**\n\n{text}" for code, text in one.texts.items()]
    if one.texts:
        first = names.itself(next(iter(one.texts)))
        parts.append(t.gettext("Who reads none of these gets {language}.").format(language=first))
    written = tuple(
        Button(names.itself(code) + (" ✓" if code in one.texts else ""), press=f"alert:{one.id}:words:{code}")
        for code in LANGUAGES
    )
    back = Button(t.gettext("Back"), press=f"alert:{one.id}")
    on = Button(t.gettext("Next: dry run"), press=f"alert:{one.id}:try", primary=True)
    return Message(
        "\n\n".join(parts), buttons=(written, (back, on) if one.texts else (back,)), replaces=replaces,
        language=language,
    )  # fmt: skip


def write(one: Alert, code: str, language: str) -> Message:
    """Now the words of one language."""
    t = tongue(language)
    asked = t.gettext(
        "Write it in {language}, in one message of at most {most} characters. "
        "Emphasis, links and lists are written as in CommonMark."
    )
    back = (Button(t.gettext("Back"), press=f"alert:{one.id}:words"),)
    filled = asked.format(language=names.itself(code), most=ALERT_LETTERS)
    return Message(filled, buttons=(back,), language=language)


def too_long(count: int, language: str) -> Message:
    """What was written is longer than an alert may be; the question stays open."""
    t = tongue(language)
    said = t.gettext("That is {count} characters; at most {most}, please. Write it once more.")
    return Message(said.format(count=count, most=ALERT_LETTERS), language=language)


def not_that(language: str) -> Message:
    """What was written is none of what can be chosen; the question stays open."""
    return Message(tongue(language).gettext("I could not read that. Please try once more."), language=language)


def no_words(language: str) -> Message:
    """A dry run of an alert that says nothing yet."""
    return Message(tongue(language).gettext("It has no words yet."), language=language)


def sample(one: Alert, reader: str, language: str) -> Message:
    """What a reader of a language gets, without its buttons."""
    t = tongue(language)
    head = t.gettext("*A reader of {language} gets:*").format(language=names.itself(reader))
    return Message(f"{head}\n\n{alerts.text_for(one.texts, reader)}", language=language)


def dry_run(stock: Stock, one: Alert, shares: Sequence[Share], takes: timedelta, language: str) -> Message:
    """Step three: how many people, how long, and the button that sends."""
    t = tongue(language)
    people = sum(share.people for share in shares)
    lines = "\n".join(f"- {line}" for line in alerts.described(stock, one.audience, language))
    parts = [
        alerts.title(one, language),
        t.gettext("Step 3 of 3, a dry run: nothing was sent."),
        alerts.counted(shares, language),
        lines,
        t.gettext("It will take about {time}: a minute to change your mind, the first {first} people, "
                  "a short wait to look, then the rest. Quiet hours are kept.").format(
            time=alerts.span(takes, language), first=ALERT_FIRST),
    ]  # fmt: skip
    send = Button(
        t.ngettext("Send to {count} person", "Send to {count} people", people).format(count=people),
        press=f"alert:{one.id}:send:{one.revision}", primary=True,
    )  # fmt: skip
    back = (
        Button(t.gettext("For whom"), press=f"alert:{one.id}"),
        Button(t.gettext("The words"), press=f"alert:{one.id}:words"),
        Button(t.gettext("Throw away"), press=f"alert:{one.id}:cancel"),
    )
    return Message("\n\n".join(parts), buttons=((send,), back) if people else (back,), language=language)


def sure(one: Alert, people: int, language: str) -> Message:
    """Taking back is asked for once more."""
    t = tongue(language)
    said = t.ngettext(
        "Take it back from {count} person? In its place they read that it was taken back. Some may have read it.",
        "Take it back from {count} people? In its place they read that it was taken back. Some may have read it.",
        people,
    ).format(count=people)
    row = (
        Button(t.gettext("Back"), press=f"alert:{one.id}:state"),
        Button(t.gettext("Take it back"), press=f"alert:{one.id}:retract:yes", primary=True),
    )
    return Message(said, buttons=(row,), language=language)


def too_late(one: Alert, language: str) -> str:
    """A button that does not fit the alert's state any more."""
    t = tongue(language)
    return t.gettext("That cannot be done now: this alert is {state}.").format(state=alerts.state(one, language))


def gone(language: str) -> Message:
    """There is no alert of that number."""
    return Message(tongue(language).gettext("There is no such alert."), language=language)
