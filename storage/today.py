"""What a person was last shown: for the page on which it can be found again."""

from datetime import datetime

from sqlalchemy import Connection, select

from actions.facts import Person, Ref
from storage import history
from storage.catalog import stock_of
from storage.history import Ask
from storage.schema import asks, shown


def latest_story(conn: Connection, person: Person, since: datetime) -> Ref | None:
    """The newest story shown since then, if it is still told."""
    number = conn.scalar(
        select(shown.c.story_id)
        .where(shown.c.subscriber_id == person.id, shown.c.at > since)
        .order_by(shown.c.at.desc())
        .limit(1)
    )
    stock = stock_of(conn)
    ref = stock.refs.get(number) if number is not None else None
    return ref if ref is not None and stock.story(ref) is not None else None


def latest_open_ask(conn: Connection, person: Person, since: datetime) -> Ask | None:
    """The newest ask of ours since then that was not answered, if its action is still there."""
    number = conn.scalar(
        select(asks.c.id)
        .where(asks.c.subscriber_id == person.id, asks.c.at > since, asks.c.answer == "", asks.c.origin != "act")
        .order_by(asks.c.id.desc())
        .limit(1)
    )
    found = history.get_ask(conn, number) if number is not None else None
    return found if found is not None and stock_of(conn).action(found.asked.action) is not None else None
