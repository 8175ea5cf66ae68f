"""The words of the web pages themselves: buttons, labels, notices; what the bot says comes from elsewhere."""

from collections.abc import Mapping

from bot.wording.tongue import LANGUAGES, base, tongue

NAMES: Mapping[str, str] = {"en": "English", "es": "Español", "de": "Deutsch", "ar": "العربية"}
"""The languages the pages can be shown in, each by its own name; Arabic is a preview of a right-to-left page."""


def preferred(accepted: str) -> str:
    """The page language nearest to an `Accept-Language` header; English when none is."""
    for tag in _by_weight(accepted):
        if base(tag) in LANGUAGES:
            return base(tag)
    return LANGUAGES[0]


def _by_weight(accepted: str) -> list[str]:
    weighted = []
    for place, part in enumerate(accepted[:200].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighted.append((-float(weight or 1), place, tag))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(weighted)]


def words(language: str) -> dict[str, str]:
    """The words of the chat page, by key."""
    _ = tongue(language).gettext
    return {
        "tagline": _("Caring, turned into doing."),
        "about": _("A short story from your cause, at the hour you choose, and one small thing you can do about it."),
        "promise": _("Everything kept about you can be seen, exported and erased: /privacy"),
        "conversation": _("Conversation"),
        "skip": _("Skip to writing"),
        "placeholder": _("Write a message"),
        "send": _("Send"),
        "attach": _("Send a photo"),
        "photo": _("📷 A photo"),
        "too_big": _("That file is larger than 10 MB. Please send a smaller one; photos are small enough as a rule."),
        "commands": _("Commands"),
        "community": _("What we did together"),
        "you_said": _("You said:"),
        "bot_said": _("Kindling said:"),
        "typing": _("Kindling is writing"),
        "newer": _("New messages"),
        "offline": _("No connection. Trying again…"),
        "again": _("Try again"),
        "unsent": _("Not sent."),
        "trouble": _("That did not work. Please try again."),
        "gone": _("This page is out of date. Please load it again."),
        "chosen": _("Chosen"),
        "new_tab": _("opens in a new tab"),
        "script": _("This chat needs JavaScript. It loads nothing from other hosts."),
        "demo": _("Demo"),
        "next_day": _("Next day"),
        "language": _("Language"),
        "dashboard": _("Dashboard"),
    }


def limits(language: str) -> dict[str, str]:
    """What the web chat answers to more than it takes in."""
    _ = tongue(language).gettext
    return {
        "flood": _("That was a lot at once. Please wait a minute; I will listen again then."),
        "big": _("That file is larger than 10 MB. Please send a smaller one; photos are small enough as a rule."),
        "busy": _("Many photos are coming in at this moment. Please try again in a minute."),
        "long": _("That is too long for one message. Please keep it under 4,000 characters."),
    }


def public(language: str) -> dict[str, str]:
    """The words of the public impact page, by key."""
    _ = tongue(language).gettext
    return {
        "title": _("What we did together"),
        "lead": _(
            "Small actions, taken by people who care. This page counts them and shows where the numbers come from."
        ),
        "invite": _("Start with one story"),
        "invite_more": _("It takes a minute, and you can stop at any time."),
        "actions": _("Actions taken"),
        "verified": _("Verified"),
        "claimed": _("Claimed"),
        "verified_means": _("confirmed by a source"),
        "claimed_means": _("people told us so"),
        "people": _("People who acted"),
        "under_ten": _("under 10"),
        "none": _("none yet"),
        "months": _("Month by month"),
        "month": _("Month"),
        "no_months": _("The first month has just begun."),
        "causes": _("Causes"),
        "followers": _("Followers"),
        "climbed": _("Steps up the ladder"),
        "one_person": _("One of many"),
        "source": _("Source"),
        "packs": _("Who publishes here"),
        "sources": _("Sources"),
        "version": _("Version"),
        "license": _("Licence"),
        "counting": _("How we count"),
        "counting_rules": _(
            "Totals are rounded to the nearest five. Numbers that stand for fewer than ten people are not shown. "
            "What was undone is not counted. What erased people did stays in the totals, without them."
        ),
        "empty": _("Nothing is loaded here yet."),
        "languages": _("Languages"),
    }


def faults(language: str) -> dict[str, str]:
    """The words of the pages that say something went wrong, by key."""
    _ = tongue(language).gettext
    return {
        "missing": _("There is nothing here"),
        "missing_more": _("The address may be mistyped, or what was here is over."),
        "broken": _("Something broke on our side"),
        "broken_more": _("It has been noted. Nothing you did is lost; please try again in a moment."),
        "refused": _("That is not possible here"),
        "home": _("To the start page"),
        "chat": _("To the chat"),
    }


def letter(language: str) -> dict[str, str]:
    """The words of the page that shows a letter to its writer, by key."""
    _ = tongue(language).gettext
    return {
        "title": _("Your letter to {name}"),
        "decided_on": _("Decided on {day}"),
        "was_decided": _("This was decided on {day}; a letter comes too late now."),
        "letter": _("The letter"),
        "sign": _("Put your name and where you live under it."),
        "select": _("A tap on the letter selects all of it."),
        "copy_it": _("Copy the letter"),
        "copied": _("Copied"),
        "send": _("Send it"),
        "mail": _("Open in my mail"),
        "paste": _("The letter is too long to travel along: copy it first, then paste it into the mail."),
        "to": _("E-mail address"),
        "form": _("Open the contact form"),
        "form_more": _("Copy the letter first, then paste it into the form."),
        "phone": _("Telephone"),
        "then": _("When it is on its way, tell me in our chat with the button “I sent it”."),
        "nobody": _("They are not named for this decision any more."),
        "yours": _("This page is yours alone: whoever has its address can read the letter."),
    }
