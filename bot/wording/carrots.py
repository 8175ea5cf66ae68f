"""Carrot days: the bids, the vote, the day, what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from zlib import crc32

from babel.numbers import format_percent

from actions import carrots
from bot.message import Button, Message
from bot.wording import names, proof
from bot.wording.tongue import locale, tongue
from content.model import Bid
from content.text import choose
from storage.carrots import Standing, Totals
from storage.catalog import Stock

Row = tuple[Button, ...]
ON_RECEIPTS = ("code", "photo")
"""The ways to verify that show a receipt."""


def mark(slug: str) -> str:
    """A bid as a button carries it: not by its place, which a new version of the pack may give to another shop."""
    return f"{crc32(slug.encode()):08x}"


def share(bid: Bid, language: str) -> str:
    """A bid's share as the language writes it: 20 %."""
    return str(format_percent(bid.share / 100, locale=locale(language)))


def state(stock: Stock, language: str, found: Standing) -> str:
    """What there is to know of a carrot day at this moment: the bids, or whose bid won, and when."""
    t = tongue(language)
    if found.stage == "voting":
        parts = [t.gettext("These shops offer a share of one day's takings. Whose bid shall win?")]
        parts.append("\n".join(f"- {_bid(stock, one, found, language)}" for one in found.carrot.bids.values()))
        words = t.gettext("Vote until {last}. The day itself is {when}.")
        parts.append(words.format(last=names.day(found.carrot.vote_until, language), when=_when(found, language)))
        return "\n\n".join([*parts, *_voted(found, language)])
    return f"{won(stock, language, found)}\n\n{_where(stock, found, language)}"


def won(stock: Stock, language: str, found: Standing) -> str:
    """Whose bid won."""
    if found.winner is None:
        return ""
    t = tongue(language)
    return t.gettext("The winning bid: {bid}").format(bid=_bid(stock, found.winner, found, language))


def rows(language: str, found: Standing, ask_id: int) -> tuple[Row, ...]:
    """The buttons that belong to the stage: the bids, I will come, I did it."""
    t = tongue(language)
    if found.stage == "voting":
        return tuple(
            (Button(_label(slug, bid, found, language), press=f"carrot:{ask_id}:{mark(slug)}", primary=True),)
            for slug, bid in found.carrot.bids.items()
        )
    if found.stage == "set":
        if found.coming:
            return ((Button(t.gettext("I will come ✓ · Not after all"), press=f"carrot:{ask_id}:pass"),),)
        return ((Button(t.gettext("I will come"), press=f"carrot:{ask_id}:come", primary=True),),)
    return (_did_it(language, ask_id),) if found.stage == "day" else ()


def voted(language: str, found: Standing, ask_id: int, how: str, pressed: str) -> list[Message]:
    """A vote was given, changed, or given once more."""
    t = tongue(language)
    shop = names.quoted(found.carrot.bids[found.mine].shop)
    words = {
        "voted": t.gettext("Your vote goes to *{shop}*."),
        "changed": t.gettext("Changed: your vote goes to *{shop}* now."),
        "same": t.gettext("You voted for *{shop}* already, and it counts once."),
    }[how].format(shop=shop)
    words += " " + t.gettext("You can change it until {last}; then I will tell you whose bid won.").format(
        last=names.day(found.carrot.vote_until, language)
    )
    told = Message("\n\n".join([words, *_so_far(found, language)]), language=language)
    if not pressed:
        return [told]
    repainted = Message(replaces=pressed, buttons=rows(language, found, ask_id), language=language)
    return [repainted, told]


def outcome(stock: Stock, language: str, found: Standing, ask_id: int, pressed: str = "") -> list[Message]:
    """How it stands, for who pressed something whose time has not come or is over."""
    off = [Message(replaces=pressed, language=language)] if pressed else []
    if found.stage == "told":
        return [*off, result(stock, language, found)]
    t = tongue(language)
    if found.stage == "counting":
        words = t.gettext(
            "*{title}* was on {day}, and its receipts are counted. What came of it is told as soon as it is known."
        )
        words = words.format(title=_title(stock, found, language), day=names.day(found.carrot.day, language))
        return [*off, Message(f"{words}\n\n{won(stock, language, found)}", language=language)]
    words = f"**{_title(stock, found, language)}**\n\n{state(stock, language, found)}"
    return [*off, Message(words, buttons=rows(language, found, ask_id), language=language)]


def coming(stock: Stock, language: str, found: Standing, ask_id: int, pressed: str) -> list[Message]:
    """Somebody will come, or not after all."""
    t = tongue(language)
    repainted = Message(replaces=pressed, buttons=rows(language, found, ask_id), language=language)
    off = [repainted] if pressed else []
    if not found.coming:
        return [*off, Message(t.gettext("All right, and thank you for saying so."), language=language)]
    see_you = t.gettext("See you there.")
    words = f"{see_you} {_where(stock, found, language)}"
    if found.stage == "set":
        words += " " + t.gettext("I will remind you that morning.")
    return [*off, Message(words, language=language)]


def decided(stock: Stock, language: str, found: Standing) -> Message:
    """To who voted: whose bid won, when and where."""
    t = tongue(language)
    parts = [t.gettext("**The vote is over.** *{title}*").format(title=_title(stock, found, language))]
    parts += [won(stock, language, found), _where(stock, found, language)]
    mine = found.carrot.bids.get(found.mine)
    if mine is not None and found.winner is not None and mine.shop != found.winner.shop:
        parts.append(t.gettext("You voted for *{shop}*. Thank you for choosing.").format(shop=names.quoted(mine.shop)))
    buttons = rows(language, replace(found, stage="set"), found.ask_id) if found.ask_id is not None else ()
    return Message("\n\n".join(parts), buttons=buttons, language=language)


def morning(stock: Stock, language: str, found: Standing) -> Message:
    """On the day, to who said they come."""
    t = tongue(language)
    parts = [t.gettext("**Today is the day.** *{title}*").format(title=_title(stock, found, language))]
    parts += [won(stock, language, found), _where(stock, found, language), _advice(stock, language, found)]
    buttons = (_did_it(language, found.ask_id),) if found.ask_id is not None else ()
    return Message("\n\n".join(parts), buttons=buttons, language=language)


def thanks(stock: Stock, language: str, found: Standing, totals: Totals) -> Message:
    """The day after, to who was there: how many came."""
    t = tongue(language)
    words = t.gettext("Thank you for coming yesterday: *{title}*.").format(title=_title(stock, found, language))
    action = stock.action(found.action)
    count = totals.verified
    if action is not None and action.verify not in ON_RECEIPTS:
        count += totals.claimed
        told = t.ngettext("{count} person says they came.", "{count} people say they came.", count)
    else:
        told = t.ngettext("{count} receipt was counted.", "{count} receipts were counted.", count)
    parts = [f"{words} {told.format(count=count)}" if count else words]
    parts.append(t.gettext("Now it is the shop's turn; I will tell you whether the promise is kept."))
    return Message("\n\n".join(parts), language=language)


def result(stock: Stock, language: str, found: Standing) -> Message:
    """The promise kept or not, and what the share of the takings comes to."""
    t = tongue(language)
    told, winner = found.carrot.told, found.winner
    if told is None or winner is None:
        return Message(won(stock, language, found), language=language)
    words = {
        "True": t.gettext("**{shop} kept its promise.**"),
        "False": t.gettext("**{shop} did not keep its promise.**"),
        "partly": t.gettext("**{shop} kept a part of its promise.**"),
    }[str(told.kept)].format(shop=names.quoted(winner.shop))
    parts = [f"{words} *{_title(stock, found, language)}*", choose(told.text, language, _first(stock, found))]
    if told.takings is not None and told.currency is not None:
        sums = t.gettext("The takings of the day were {takings}; the promised {share} of that is {gives}.").format(
            takings=proof.money(told.takings, told.currency, language),
            share=share(winner, language),
            gives=proof.money(carrots.gives(told.takings, winner.share), told.currency, language),
        )
        parts.append(sums)
    return Message("\n\n".join(parts), language=language)


def totals_of_all(stock: Stock, language: str, all_of: Sequence[Totals]) -> str:
    """How carrot days stand, for organizers; nothing when there are none."""
    t = tongue(language)
    if not all_of:
        return ""
    return "\n".join([t.gettext("**Carrot days**"), "", *(_total(stock, language, one) for one in all_of)])


def _total(stock: Stock, language: str, one: Totals) -> str:
    t = tongue(language)
    title = names.quoted(names.action(stock.pack(one.action), one.action, language))
    words = t.gettext("votes: {votes}; said they come: {coming}; came, confirmed: {verified}, by their word: {claimed}")
    numbers = {"coming": one.coming, "verified": one.verified, "claimed": one.claimed}
    return f"- *{title}*: {words.format(votes=_by_bid(one.carrot.bids, one.votes), **numbers)}"


def _by_bid(bids: Mapping[str, Bid], votes: Mapping[str, int]) -> str:
    return ", ".join(f"{names.quoted(bid.shop)} {votes.get(slug, 0)}" for slug, bid in bids.items())


def _bid(stock: Stock, bid: Bid, found: Standing, language: str) -> str:
    t, first = tongue(language), _first(stock, found)
    shop = names.quoted(bid.shop)
    shop = f"[{shop}](<{bid.url}>)" if bid.url else shop
    words = t.gettext("**{shop}** ({place}): {share} of the takings, for {promise}")
    return words.format(
        shop=shop,
        place=names.quoted(choose(bid.place, language, first)),
        share=share(bid, language),
        promise=choose(bid.promise, language, first),
    )


def _voted(found: Standing, language: str) -> list[str]:
    mine = found.carrot.bids.get(found.mine)
    if mine is None:
        return []
    words = tongue(language).gettext("Your vote goes to *{shop}*.").format(shop=names.quoted(mine.shop))
    return [words, *_so_far(found, language)]


def _so_far(found: Standing, language: str) -> list[str]:
    if not found.mine or sum(found.counts.values()) < carrots.ENOUGH:
        return []
    words = tongue(language).gettext("So far: {votes}.")
    return [words.format(votes=_by_bid(found.carrot.bids, found.counts))]


def _where(stock: Stock, found: Standing, language: str) -> str:
    words = tongue(language).gettext("When and where: {when}, {place}.")
    place = choose(found.winner.place, language, _first(stock, found)) if found.winner else ""
    return words.format(when=_when(found, language), place=names.quoted(place))


def _when(found: Standing, language: str) -> str:
    words = tongue(language).gettext("{day}, from {opens} to {closes}")
    carrot = found.carrot
    hours = {"opens": names.clock(carrot.opens, language), "closes": names.clock(carrot.closes, language)}
    return words.format(day=names.day(carrot.day, language), **hours)


def _advice(stock: Stock, language: str, found: Standing) -> str:
    t = tongue(language)
    action = stock.action(found.action)
    if action is not None and action.verify in ON_RECEIPTS:
        return t.gettext("Buy what you need, not more, and keep the receipt.")
    return t.gettext("Buy what you need, not more.")


def _did_it(language: str, ask_id: int) -> Row:
    return (Button(tongue(language).gettext("I did it ✓"), press=f"done:{ask_id}", primary=True),)


def _label(slug: str, bid: Bid, found: Standing, language: str) -> str:
    return f"{'✓ ' if slug == found.mine else ''}{bid.shop} · {share(bid, language)}"


def _first(stock: Stock, found: Standing) -> str:
    return stock.pack(found.action).languages[0]


def _title(stock: Stock, found: Standing, language: str) -> str:
    return names.quoted(names.action(stock.packs.get(found.action.partition("/")[0]), found.action, language))
