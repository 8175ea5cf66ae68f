"""Tables of carrot days: who votes and comes, and what was decided."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.columns import Instant, Key, metadata

votes = Table(
    "votes",
    metadata,
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True, index=True),
    Column("bid", String(64), nullable=False, server_default=""),  # empty: comes without having voted
    Column("at", Instant, nullable=False),
    Column("coming", Boolean, nullable=False, server_default=text("false")),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL"), index=True),
    Column("step", String(8), nullable=False, server_default=""),  # what they hear next, as `actions.carrots.Step`
    Column("due_at", Instant),
    Index(
        "ix_votes_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

carrot_days = Table(
    "carrot_days",
    metadata,
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("winner", String(64), nullable=False, server_default=""),
    Column("bid", Text, nullable=False, server_default=""),  # the winning bid as it was when it won
    Column("counts", Text, nullable=False, server_default=""),  # how many voted for which bid
    Column("decided_at", Instant),
    Column("told_at", Instant),  # since when the result is being told
)
"""Once decided the winner and the numbers stay, whoever is erased and whatever a new version of the pack says."""
