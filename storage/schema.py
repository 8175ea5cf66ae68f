"""Tables and constraints, the same on SQLite and PostgreSQL."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    text,
)

from storage import schema_carrots as schema_carrots
from storage import schema_drives as schema_drives
from storage import schema_proof as schema_proof
from storage.columns import EPOCH as EPOCH
from storage.columns import TICK as TICK
from storage.columns import Instant as Instant
from storage.columns import Key as Key
from storage.columns import metadata as metadata


def _subscriber(*, primary_key: bool = False, index: bool = False) -> Column[int]:
    owner = ForeignKey("subscribers.id", ondelete="CASCADE")
    return Column("subscriber_id", Key, owner, nullable=False, primary_key=primary_key, index=index or None)


def _item(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey("items.id"), nullable=nullable)


def _installed() -> list[Column[Any]]:
    # Tokens are wider than the library makes them: they are kept sealed.
    return [
        Column("id", Integer, primary_key=True, autoincrement=True),
        Column("client_id", String(32), nullable=False),
        Column("app_id", String(32), nullable=False),
        Column("enterprise_id", String(32)),
        Column("enterprise_name", String(200)),
        Column("team_id", String(32)),
        Column("team_name", String(200)),
        Column("bot_token", String(1000)),
        Column("bot_id", String(32)),
        Column("bot_user_id", String(32)),
        Column("bot_scopes", String(1000)),
        Column("bot_refresh_token", String(1000)),
        Column("bot_token_expires_at", DateTime),
        Column("is_enterprise_install", Boolean, nullable=False, default=False),
        Column("installed_at", DateTime, nullable=False, default=func.now()),
    ]


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("username", String(100), nullable=False, server_default=""),
    # The number of the newest sender's shift: an older one that wakes up late is refused by it (storage.shifts).
    Column("shift", BigInteger, nullable=False, server_default="0"),
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(36), nullable=False, unique=True),
    Column("joined_at", Instant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("paused_until", Date),
    Column("language", String(12), nullable=False),
    Column("region", String(8), nullable=False, server_default=""),
    Column("zone", String(64), nullable=False),
    Column("frequency", String(12), nullable=False),
    Column("hour", Integer, nullable=False),  # minutes after local midnight
    Column("quiet_from", Integer, nullable=False),
    Column("quiet_until", Integer, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("asks", Integer, nullable=False),
    Column("unwanted", String(200), nullable=False, server_default=""),
    Column("alerts", Boolean, nullable=False, server_default=text("false")),  # wants messages outside the rhythm
    Column("onboarded", Boolean, nullable=False, server_default=text("false")),
    Column("next_at", Instant),
    Column("last_day", Date),
    Column("last_slot_at", Instant),
    Column("silent_nudges", Integer, nullable=False, server_default="0"),
    Column("last_seen_at", Instant),
    Column("last_answer_at", Instant),
    Column("stopped_at", Instant),
    Column("dialog", Text),
    Column("burst_at", Instant),
    Column("burst", Integer, nullable=False, server_default="0"),
    Column("referrer_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL")),
    Index("ix_subscribers_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    Index("ix_subscribers_alerts", "id", sqlite_where=text("alerts"), postgresql_where=text("alerts")),
)

addresses = Table(
    "addresses",
    metadata,
    Column("id", Key, primary_key=True),
    # Empty for a room's address: a group chat belongs to nobody.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("chat", String(64), nullable=False),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    Column("preferred", Boolean, nullable=False, server_default=text("true")),
    UniqueConstraint("account_id", "chat"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address_id", Key, ForeignKey("addresses.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("state", String(8), nullable=False),  # new, active, paused, left
    Column("cause_id", Integer, ForeignKey("items.id")),
    Column("language", String(12), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("hour", Integer, nullable=False),  # minutes after local midnight
    Column("since", Instant, nullable=False),
    Column("next_at", Instant),
    Column("last_day", Date),
    Index("ix_rooms_next_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
)

room_members = Table(
    "room_members",
    metadata,
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True),
    _subscriber(primary_key=True),
    Column("since", Instant, nullable=False),
    Column("named", Boolean, nullable=False, server_default=text("false")),
)

room_posts = Table(
    "room_posts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
    _item("story_id", nullable=True),
    _item("action_id", nullable=True),
    Column("slot", Date, nullable=False),
    Column("at", Instant, nullable=False),
    Column("delivery_id", Key, ForeignKey("deliveries.id", ondelete="SET NULL")),
    UniqueConstraint("room_id", "slot"),
)

follows = Table(
    "follows",
    metadata,
    _subscriber(primary_key=True),
    Column("cause_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("muted", Boolean, nullable=False, server_default=text("false")),
)

packs = Table(
    "packs",
    metadata,
    Column("slug", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("loaded_at", Instant, nullable=False),
)

pack_versions = Table(
    "pack_versions",
    metadata,
    Column("pack", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("document", Text, nullable=False),
    Column("loaded_at", Instant, nullable=False),
)

pack_pictures = Table(
    "pack_pictures",
    metadata,
    Column("pack", String(64), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
)

drawings = Table(
    "drawings",
    metadata,
    Column("key", String(64), primary_key=True),  # nobody guesses it: whoever knows it sees the picture
    # Whom it is about; empty for one that is about nobody.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True),
    Column("media_type", String(40), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("made_at", Instant, nullable=False),
)

items = Table(
    "items",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pack", String(64), nullable=False),
    Column("type", String(8), nullable=False),
    Column("slug", String(64), nullable=False),
    UniqueConstraint("pack", "type", "slug"),
)

shown = Table(
    "shown",
    metadata,
    _subscriber(primary_key=True),
    Column("story_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("at", Instant, nullable=False),
)

asks = Table(
    "asks",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    _item("action_id"),
    _item("cause_id"),
    _item("story_id", nullable=True),
    Column("kind", String(12), nullable=False),
    Column("rung", String(64), nullable=False),
    Column("origin", String(8), nullable=False),  # nudge, act, start
    Column("at", Instant, nullable=False),
    Column("answer", String(12), nullable=False, server_default=""),
    Column("answered_at", Instant),
    Column("propensity", Float, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("room_id", Key, ForeignKey("rooms.id", ondelete="SET NULL")),
)

taken = Table(
    "taken",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(),
    _item("action_id"),
    _item("cause_id"),
    Column("kind", String(12), nullable=False),
    Column("rung", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("period", String(10), nullable=False),  # "once", or the local date of an action that repeats
    Column("status", String(10), nullable=False),
    Column("source", String(40), nullable=False),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL")),
    Index(
        "uq_taken_once",
        "subscriber_id",
        "action_id",
        "period",
        unique=True,
        sqlite_where=text("status <> 'undone'"),
        postgresql_where=text("status <> 'undone'"),
    ),
    Index("ix_taken_action_id_status", "action_id", "status"),
)

climbs = Table(
    "climbs",
    metadata,
    _subscriber(primary_key=True),
    Column("cause_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("rung", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Key, primary_key=True),
    # Its author; empty for one from the command line, and once they were erased.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("state", String(10), nullable=False, index=True),  # as `actions.alerting.State`
    Column("audience", Text, nullable=False),
    Column("texts", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("expected", Integer, nullable=False, server_default="0"),
    Column("made_at", Instant, nullable=False),
    Column("next_at", Instant),  # when there is next something to do for it
    Column("started_at", Instant),
    Column("ended_at", Instant),
    Column("cursor", Key, nullable=False, server_default="0"),
    Column("planned", Integer, nullable=False, server_default="0"),
    Column("exhausted", Boolean, nullable=False, server_default=text("false")),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", Instant, nullable=False),
    # Who did it; empty for the command line, for ourselves, and once they were erased.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("origin", String(12), nullable=False),  # chat, terminal, schedule
    Column("what", String(20), nullable=False),
    Column("alert_id", Key, ForeignKey("alerts.id"), index=True),
    Column("result_id", Key),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE")),
    Column("address_id", Key, ForeignKey("addresses.id", ondelete="CASCADE")),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("kind", String(10), nullable=False),  # nudge, alert, reminder, reply
    Column("lane", Integer, nullable=False),  # reply 0, alert 1, reminder 2, nudge 3
    _item("story_id", nullable=True),
    _item("action_id", nullable=True),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL")),
    # No foreign key: adding one would rewrite the largest table; alerts are never removed.
    Column("alert_id", Key),
    Column("slot", Date),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("sent_at", Instant),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", String(60), nullable=False, server_default=""),
    Column("reasons", Text, nullable=False, server_default=""),
    Column("propensity", Float),
    Column("body", Text),
    Column("ref", String(64), nullable=False, server_default=""),
    Index(
        "uq_deliveries_slot",
        "subscriber_id",
        "slot",
        unique=True,
        sqlite_where=text("slot IS NOT NULL"),
        postgresql_where=text("slot IS NOT NULL"),
    ),
    Index(
        "ix_deliveries_waiting",
        "account_id",
        "lane",
        "due_at",
        sqlite_where=text("status IN ('pending', 'retry')"),
        postgresql_where=text("status IN ('pending', 'retry')"),
    ),
    Index(
        "ix_deliveries_sending",
        "account_id",
        sqlite_where=text("status = 'sending'"),
        postgresql_where=text("status = 'sending'"),
    ),
    Index("ix_deliveries_subscriber_id_ref", "subscriber_id", "ref"),
    Index(
        "ix_deliveries_alert",
        "alert_id",
        "status",
        "id",
        sqlite_where=text("alert_id IS NOT NULL"),
        postgresql_where=text("alert_id IS NOT NULL"),
    ),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Integer, ForeignKey("accounts.id"), nullable=False),
    Column("key", String(100), nullable=False),
    Column("raw", Text, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(6), nullable=False),  # new, done, dead
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", String(200), nullable=False, server_default=""),
    Column("keeper", String(36), nullable=False, server_default=""),  # the process that wrote it down, of several
    UniqueConstraint("account_id", "key"),
    Index(
        "ix_inbox_new",
        "account_id",
        "id",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
)

roles = Table(
    "roles",
    metadata,
    _subscriber(primary_key=True),
    Column("role", String(12), primary_key=True),
    Column("at", Instant, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("purpose", String(12), nullable=False),  # role, invite, export
    Column("argument", Text, nullable=False, server_default=""),
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="CASCADE"), index=True),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("used_at", Instant),
)

guesses = Table(
    "guesses",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    Column("at", Instant, nullable=False, index=True),
    Column("action_id", Integer),  # at an action's code; empty: at a role's
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    Column("origin", String(8), nullable=False),  # told by its author, or made of a message by an organizer
    Column("cause_id", Integer, ForeignKey("items.id")),
    Column("language", String(12), nullable=False),
    Column("text", LargeBinary, nullable=False),  # encrypted
    Column("name", LargeBinary),  # encrypted; empty: without a name
    Column("at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, used, declined
)

consents = Table(
    "consents",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    Column("what", String(40), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("language", String(12), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("at", Instant, nullable=False),
    Column("given", Boolean, nullable=False),
)

erased_totals = Table(
    "erased_totals",
    metadata,
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("status", String(10), primary_key=True),
    Column("count", Integer, nullable=False),
)

suppressed = Table(
    "suppressed",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("erased_at", Instant, nullable=False),
)

web_messages = Table(
    "web_messages",
    metadata,
    Column("id", Key, primary_key=True),
    Column("chat", String(64), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("mine", Boolean, nullable=False),
    Column("body", Text, nullable=False),
    Column("revision", Key, nullable=False),
)


slack_installations = Table(
    "slack_installations",
    metadata,
    *_installed(),
    Column("enterprise_url", String(200)),
    Column("user_id", String(32), nullable=False),
    Column("user_token", String(1000)),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", String(1000)),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", String(200)),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("token_type", String(32)),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)
"""These three are read and written by Slack's own library, which fixes their names and columns."""

slack_bots = Table(
    "slack_bots",
    metadata,
    *_installed(),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)

letters = Table(
    "letters",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    _item("action_id"),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL"), index=True),
    Column("maker", String(80), nullable=False),  # the decision-maker's name, which is public
    Column("maker_key", String(16), nullable=False),
    Column("language", String(12), nullable=False),  # of the frame around the words
    Column("text", LargeBinary),  # encrypted; empty: thrown away
    Column("at", Instant, nullable=False),
    Column("state", String(8), nullable=False),  # draft, sent, dropped
    Column("kept_until", Date, nullable=False, index=True),
)

pledge_drives = Table(
    "pledge_drives",
    metadata,
    Column("id", Key, primary_key=True),
    _item("action_id"),
    Column("place", String(40), nullable=False),  # empty: everywhere; else a region's code
    Column("needs", Integer, nullable=False),  # as it was when the drive was opened, and so is its day
    Column("by", Date, nullable=False),
    Column("state", String(8), nullable=False),  # open, bound, failed
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant),  # when there is next something to do for it
    Column("looked_at", Instant),  # when its outlook was looked at, and its starter perhaps told
    Column("outlook", String(10), nullable=False, server_default=""),
    Column("decided_at", Instant),
    Column("do_by", Date),
    # Once it is decided its numbers stay, whoever is erased afterwards.
    Column("counted", Integer, nullable=False, server_default="0"),
    Column("kept", Integer, nullable=False, server_default="0"),
    Column("missed", Integer, nullable=False, server_default="0"),
    UniqueConstraint("action_id", "place"),
)

pledgers = Table(
    "pledgers",
    metadata,
    Column("drive_id", Key, ForeignKey("pledge_drives.id"), primary_key=True),
    _subscriber(primary_key=True, index=True),
    Column("at", Instant, nullable=False),
    Column("state", String(10), nullable=False),  # as `actions.pledging.Part`
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="SET NULL")),
    Column("step", String(8), nullable=False, server_default=""),  # what they hear next: tell, remind, ask
    Column("due_at", Instant),
    Index(
        "ix_pledgers_due_at",
        "due_at",
        sqlite_where=text("due_at IS NOT NULL"),
        postgresql_where=text("due_at IS NOT NULL"),
    ),
)

results = Table(
    "results",
    metadata,
    Column("id", Key, primary_key=True),
    # Who told it in the chat; empty for a pack's, and once they were erased.
    Column("subscriber_id", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("pack", String(64), nullable=False),
    Column("slug", String(64)),  # its name in the pack; empty for one that was told in the chat
    Column("kind", String(8), nullable=False),  # win, partial, setback; empty in a draft
    Column("state", String(8), nullable=False, index=True),  # draft, waiting, telling, told, dropped
    Column("body", Text, nullable=False),  # the words by language, the picture, the source
    Column("made_at", Instant, nullable=False),
    Column("day", Date),  # not before
    Column("cursor", Key, nullable=False, server_default="0"),
    UniqueConstraint("pack", "slug"),
)

result_actions = Table(
    "result_actions",
    metadata,
    Column("result_id", Key, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True),
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True, index=True),
)

results_told = Table(
    "results_told",
    metadata,
    _subscriber(primary_key=True),
    Column("result_id", Key, ForeignKey("results.id", ondelete="CASCADE"), primary_key=True),
    Column("at", Instant, nullable=False),
    # No foreign key: it would be looked up for each delivery of an erased person.
    Column("delivery_id", Key),
)

result_reminders = Table(
    "result_reminders",
    metadata,
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("by", Date, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
)

intentions = Table(
    "intentions",
    metadata,
    _subscriber(primary_key=True),
    Column("action_id", Integer, ForeignKey("items.id"), primary_key=True),
    Column("ask_id", Key, ForeignKey("asks.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("made_at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("minute", Integer, nullable=False),  # after local midnight
    Column("place", String(8), nullable=False, server_default=""),
    Column("place_words", LargeBinary),  # encrypted
    Column("company", String(8), nullable=False, server_default=""),
    Column("company_words", LargeBinary),  # encrypted
    Column("stage", String(8), nullable=False),  # as `actions.planning_ahead.Stage`, or stopped
    Column("next_at", Instant),
    Column("stopped_at", Instant),
    Column("delivery_id", Key),
    Index(
        "ix_intentions_next_at",
        "next_at",
        sqlite_where=text("next_at IS NOT NULL"),
        postgresql_where=text("next_at IS NOT NULL"),
    ),
)
"""What people mean to do, and when: in the interface a plan."""

milestones = Table(
    "milestones",
    metadata,
    _subscriber(primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
)
"""What was told to whom of what they reached, each once ever."""

pauses = Table(
    "pauses",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    Column("since", Date, nullable=False),  # the person's own days: from this one on
    Column("until", Date, nullable=False),  # until before this one
)

hidden_lines = Table(
    "hidden_lines",
    metadata,
    _subscriber(primary_key=True),
    Column("line", String(20), primary_key=True),
)
"""What a person does not want to see in their path."""

own_words = Table(
    "own_words",
    metadata,
    _subscriber(primary_key=True),
    Column("what", String(20), primary_key=True),
    Column("text", LargeBinary, nullable=False),  # encrypted
    Column("at", Instant, nullable=False),
)
"""What people told us for themselves alone: why it matters to them."""

photos = Table(
    "photos",
    metadata,
    Column("id", Key, primary_key=True),
    _subscriber(index=True),
    # What it is to show; empty until its person has said which of several.
    Column("taken_id", Key, ForeignKey("taken.id", ondelete="CASCADE"), index=True),
    Column("state", String(8), nullable=False),  # as `storage.photos.State`
    Column("at", Instant, nullable=False),  # when it was invited, or sent
    Column("account_id", Integer, ForeignKey("accounts.id")),
    Column("file", String(400), nullable=False, server_default=""),  # the platform's name of it, until it was fetched
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", Instant),
    Column("content", LargeBinary),  # encrypted
    Column("decided_at", Instant),
    Column("decided_by", Key, ForeignKey("subscribers.id", ondelete="SET NULL"), index=True),
    Column("reason", String(8), nullable=False, server_default=""),
    Index(
        "ix_photos_open",
        "state",
        "id",
        sqlite_where=text("state IN ('wanted', 'waiting')"),
        postgresql_where=text("state IN ('wanted', 'waiting')"),
    ),
)

uploads = Table(
    "uploads",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("chat", String(64), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),  # encrypted
    Column("at", Instant, nullable=False),
)
