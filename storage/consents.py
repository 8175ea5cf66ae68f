"""What people agreed to: which words, in which language, when, by which channel."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from actions.facts import Person
from storage.schema import consents


def note(  # noqa: PLR0913 - what a consent consists of
    conn: Connection, person: Person, *, what: str, text_hash: str, channel: str, now: datetime, given: bool = True
) -> None:
    """Note a consent as given, or as taken back."""
    conn.execute(
        insert(consents).values(
            subscriber_id=person.id,
            what=what,
            text_hash=text_hash,
            language=person.language,
            channel=channel,
            at=now,
            given=given,
        )
    )


def given(conn: Connection, person: Person) -> frozenset[str]:
    """What a person has agreed to and not taken back."""
    own = select(consents.c.what, consents.c.given).where(consents.c.subscriber_id == person.id)
    newest = {row.what: row.given for row in conn.execute(own.order_by(consents.c.id))}
    return frozenset(what for what, yes in newest.items() if yes)
