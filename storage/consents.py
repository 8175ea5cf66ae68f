"""What people agreed to: which words, in which language, when, by which channel."""

from datetime import datetime

from sqlalchemy import Connection, insert, select

from actions.facts import Person
from storage.schema import consents


def note(conn: Connection, person: Person, *, what: str, text_hash: str, channel: str, now: datetime) -> None:
    """Note a consent as given."""
    conn.execute(
        insert(consents).values(
            subscriber_id=person.id,
            what=what,
            text_hash=text_hash,
            language=person.language,
            channel=channel,
            at=now,
            given=True,
        )
    )


def given(conn: Connection, person: Person) -> frozenset[str]:
    """What a person has agreed to."""
    return frozenset(
        conn.scalars(select(consents.c.what).where(consents.c.subscriber_id == person.id, consents.c.given.is_(True)))
    )
