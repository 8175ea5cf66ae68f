"""Tables of drives; what a drive is, is in its pack, and what it has reached is counted from what was done."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from storage.columns import Instant, Key, metadata

team_members = Table(
    "team_members",
    metadata,
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("drive_id", Integer, ForeignKey("items.id"), primary_key=True, index=True),
    Column("team", String(24), nullable=False),  # its name in the pack
    Column("since", Instant, nullable=False),
)

drives_erased = Table(
    "drives_erased",
    metadata,
    Column("drive_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("team", String(24), primary_key=True),  # empty: without a team
    Column("currency", String(3), primary_key=True),  # empty in the row of the counts
    Column("people", Integer, nullable=False, server_default="0"),
    Column("claimed", Integer, nullable=False, server_default="0"),
    Column("verified", Integer, nullable=False, server_default="0"),
    Column("amount", BigInteger, nullable=False, server_default="0"),  # minor units; their gifts stay in `proofs`
)
"""What people who were erased since had done for a drive, without them."""
