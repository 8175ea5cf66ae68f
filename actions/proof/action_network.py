"""Action Network's webhooks (actionnetwork.org/docs/webhooks): a list of OSDI resources, each with its own key.

Nothing in them is signed, and one also comes for a letter that was begun and not sent: what they say is a claim until
the resource was asked for over the API. Our reference travels as the page's `source` and comes back in the referrer
data.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.proof.reports import Report, UnreadableError, instant, text

RESOURCES = (
    "osdi:signature", "osdi:submission", "osdi:attendance", "osdi:outreach", "osdi:donation", "action_network:action",
)  # fmt: skip
REFERRER = "action_network:referrer_data"


def read(document: Any) -> list[Report]:
    """What a delivery says; resources that did not come by one of our references are left out.

    Raises `UnreadableError` for a delivery of another shape.
    """
    if not isinstance(document, Sequence) or isinstance(document, str | bytes):
        raise UnreadableError("a delivery of Action Network is a list")
    reports = []
    for item in document[:100]:
        if not isinstance(item, Mapping):
            raise UnreadableError("each item is an object")
        found = next((item[name] for name in RESOURCES if isinstance(item.get(name), Mapping)), None)
        if found is not None and (report := _report(item, found)) is not None:
            reports.append(report)
    return reports


def _report(item: Mapping[str, Any], resource: Mapping[str, Any]) -> Report | None:
    reference = text(resource, REFERRER, "source")
    thing = text(resource, "_links", "self", "href") or text(resource, "identifiers", "0")
    if not reference or not thing:
        return None
    event = text(item, "idempotency_key") or thing
    return Report(event, instant(text(resource, "created_date")), "done", thing, reference=reference)


def address_of(report: Report) -> str:
    """Where the resource can be asked for; empty when its name is no address of the API."""
    return report.thing if report.thing.startswith("https://") else ""
