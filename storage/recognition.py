"""What was told of milestones, what a person hides of their path, and what they told us for themselves."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from actions.facts import Person
from storage import sealed
from storage.schema import hidden_lines, milestones, own_words

WEEKS = "weeks"
"""The line of the path that counts weeks."""
WHY = "why"
"""Why it matters to them, in their own words."""


def told(conn: Connection, person: Person) -> dict[str, datetime]:
    """The names of what a person was told, and when."""
    rows = conn.execute(select(milestones.c.what, milestones.c.at).where(milestones.c.subscriber_id == person.id))
    return {row.what: row.at for row in rows}


def tell(conn: Connection, person: Person, what: str, now: datetime) -> bool:
    """Note that something is told; false when it was told before."""
    dialect = postgresql if conn.dialect.name == "postgresql" else sqlite
    row = dialect.insert(milestones).values(subscriber_id=person.id, what=what, at=now)
    return conn.scalar(row.on_conflict_do_nothing().returning(milestones.c.what)) is not None


def is_hidden(conn: Connection, person: Person, line: str) -> bool:
    """Whether a person does not want to see a line of their path."""
    own = (hidden_lines.c.subscriber_id == person.id) & (hidden_lines.c.line == line)
    return conn.scalar(select(hidden_lines.c.line).where(own)) is not None


def hide(conn: Connection, person: Person, line: str, *, hidden: bool) -> None:
    """Hide a line of a person's path, or show it again."""
    conn.execute(delete(hidden_lines).where(hidden_lines.c.subscriber_id == person.id, hidden_lines.c.line == line))
    if hidden:
        conn.execute(insert(hidden_lines).values(subscriber_id=person.id, line=line))


def keep_words(conn: Connection, person: Person, words: str, secret: str, now: datetime) -> None:
    """Keep why it matters to a person, sealed; what they said before goes. Without words only that."""
    own = (own_words.c.subscriber_id == person.id) & (own_words.c.what == WHY)
    conn.execute(delete(own_words).where(own))
    if words:
        values = {"subscriber_id": person.id, "what": WHY, "text": sealed.seal(words, secret), "at": now}
        conn.execute(insert(own_words).values(**values))


def words(conn: Connection, person: Person, secret: str) -> str:
    """Why it matters to a person; empty when they did not say."""
    own = (own_words.c.subscriber_id == person.id) & (own_words.c.what == WHY)
    found = conn.scalar(select(own_words.c.text).where(own))
    return (sealed.unseal(found, secret) or "") if found is not None else ""
