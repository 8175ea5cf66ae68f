"""What came of an action, for somebody who just took it."""

from datetime import datetime

from sqlalchemy import Connection

from actions.facts import Person, Ref
from bot.wording import asks as words
from bot.wording import results as result_words
from storage import results
from storage.catalog import stock_of


def of(conn: Connection, person: Person, action: Ref, now: datetime) -> list[str]:
    """What came of an action by now, which is then not told once more; else by when it will be told."""
    told = results.of_actions(conn, [action], now.date())
    for result in told:
        results.hear(conn, [person.id], result, now)
    offered = stock_of(conn).action(action)
    if told:
        return [result_words.already(told[-1], person.language)]
    if offered is None or offered.result_by is None or offered.result_by <= now.date():
        return []
    return [words.result_promised(person.language, offered.result_by)]
