"""One alert on the terminal: for people and for programs."""

import json
from dataclasses import asdict
from datetime import date, datetime

from sqlalchemy import Connection

from bot.wording import alerts as words
from storage import alerts, audit
from storage.catalog import stock_of


def report(conn: Connection, number: int) -> str:
    """For whom, what it says, how far it is, who did what to it."""
    one = alerts.must(conn, number)
    sent = alerts.sent(conn, number)
    lines = [f"Alert {one.id}: {one.state}", ""]
    lines += [f"  - {line}" for line in words.described(stock_of(conn), one.audience, "en")]
    for language, text in one.texts.items():
        lines += ["", f"[{language}]", text]
    lines += ["", f"sent {sent.statuses.get('sent', 0)} of about {max(one.expected, one.planned)}, waiting {sent.open}"]
    lines += [f"not sent: {count} ({reason})" for reason, count in sent.reasons.items()]
    lines += [f"taken back: {count} ({status})" for status, count in sent.retractions.items()]
    lines.append("")
    for line in audit.of(conn, number):
        who = f" {line.who}" if line.who else ""
        lines.append(f"{line.at:%Y-%m-%d %H:%M:%S}  {line.what:<8}  {line.origin}{who}")
    return "\n".join(lines)


def as_data(conn: Connection, number: int) -> str:
    """The same as JSON."""
    one = alerts.must(conn, number)
    tree = asdict(one) | {"deliveries": asdict(alerts.sent(conn, number))}
    tree["audit"] = [asdict(line) for line in audit.of(conn, number)]
    tree.pop("author")
    return json.dumps(tree, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime | date) else str(value)
