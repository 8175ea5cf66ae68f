"""Tables of what confirms actions from outside: sources, what they delivered, and what it came to."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import Instant, Key, metadata

hooks = Table(
    "hooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", String(140), nullable=False),  # stripe, standard, action-network, or PACK/NAME
    Column("pack", String(64), nullable=False),
    Column("path", String(32), nullable=False, unique=True),  # of its own address; nobody can guess it
    Column("secrets", LargeBinary, nullable=False),  # encrypted
    Column("made_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Index("ix_hooks_source", "source"),
)

hook_deliveries = Table(
    "hook_deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hook_id", Integer, ForeignKey("hooks.id"), nullable=False),
    Column("key", String(255), nullable=False),  # the sender's own number of it
    Column("received_at", Instant, nullable=False, index=True),
    Column("raw", LargeBinary, nullable=False),  # encrypted
    Column("outcome", String(10), nullable=False),  # as `storage.hook_log.Outcome`
    Column("reason", String(200), nullable=False, server_default=""),
    UniqueConstraint("hook_id", "key"),
)

proofs = Table(
    "proofs",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hook_id", Integer, ForeignKey("hooks.id"), nullable=False),
    # Whose and of what, as soon as any report tells; totals stay when the person goes.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("action_id", Integer, ForeignKey("items.id"), index=True),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL"), index=True),
    Column("taken_id", Key, ForeignKey("taken.id", ondelete="SET NULL"), index=True),
    Column("series", String(255), nullable=False, server_default=""),
    Column("counts", Boolean, nullable=False, server_default=text("false")),
    Column("at", Instant),
    Column("amount", BigInteger),  # minor units of the currency
    Column("currency", String(3), nullable=False, server_default=""),
    Column("receipt", String(500), nullable=False, server_default=""),
    Index("ix_proofs_series", "hook_id", "series", sqlite_where=text("series <> ''"),
          postgresql_where=text("series <> ''")),
)  # fmt: skip

proof_names = Table(
    "proof_names",
    metadata,
    Column("hook_id", Integer, ForeignKey("hooks.id"), primary_key=True),
    Column("name", String(255), primary_key=True),  # what the source calls the thing
    Column("proof_id", Key, ForeignKey("proofs.id", ondelete="CASCADE"), nullable=False, index=True),
)

evidence = Table(
    "evidence",
    metadata,
    Column("hook_id", Integer, ForeignKey("hooks.id"), primary_key=True),
    Column("event", String(255), primary_key=True),
    Column("proof_id", Key, ForeignKey("proofs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("delivery_id", Key, nullable=False),  # the log forgets it sooner
    Column("at", Instant, nullable=False),
    Column("what", String(10), nullable=False),  # as `actions.proof.reports.What`
    Column("amount", BigInteger),
    Column("currency", String(3), nullable=False, server_default=""),
    Column("period", String(10), nullable=False, server_default=""),
    Column("receipt", String(500), nullable=False, server_default=""),
)

visits = Table(
    "visits",
    metadata,
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="CASCADE"), primary_key=True),
    Column("first_at", Instant, nullable=False),
    Column("last_at", Instant, nullable=False),
    Column("count", Integer, nullable=False),
)

single_codes = Table(
    "single_codes",
    metadata,
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant),
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
)
