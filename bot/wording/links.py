"""The addresses under an ask: a person's own where it has to be known who came, and a bare one to pass on."""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from actions.proof import tokens
from content.model import Action

REFERENCE = "{reference}"
"""Where an address in a pack wants our reference to the person."""
CARRIES = {"buy.stripe.com": "client_reference_id", "donate.stripe.com": "client_reference_id",
           "actionnetwork.org": "source"}  # fmt: skip
"""In which parameter a host hands a reference on to its webhooks, where that is known
(docs.stripe.com/payment-links/url-parameters; help.actionnetwork.org on source codes)."""


@dataclass(frozen=True, slots=True)
class Links:
    """What is needed to make addresses for one person; without it they are as the pack has them."""

    public_url: str = ""
    secret: str = ""

    def own(self, action: Action, ask_id: int) -> str | None:
        """Where a person opens what they were asked for."""
        if action.url is None:
            return None
        if not ask_id or not self.secret:
            return self.bare(action)
        if action.verify == "link" and self.public_url:
            return f"{self.public_url}/go/{tokens.sign(ask_id, 'link', self.secret)}"
        if action.verify in ("webhook", "payment"):
            return _with_reference(action, tokens.sign(ask_id, "report", self.secret))
        return self.bare(action)

    def passed_on(self, action: Action, ask_id: int) -> str | None:
        """What a person hands to others: never with their own reference, for what others do is not theirs."""
        if action.kind == "share" and action.verify == "link":
            return self.own(action, ask_id)
        return self.bare(action)

    @staticmethod
    def bare(action: Action) -> str | None:
        """The address for nobody in particular."""
        return action.url.replace(REFERENCE, "") if action.url else None


PLAIN = Links()


def _with_reference(action: Action, reference: str) -> str:
    url = action.url or ""
    if REFERENCE in url:
        return url.replace(REFERENCE, reference)
    parts = urlsplit(url)
    host = (parts.hostname or "").removeprefix("www.")
    name = CARRIES.get(host) or ("client_reference_id" if action.payment is not None else "")
    if not name:
        return url
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != name]
    return urlunsplit(parts._replace(query=urlencode([*query, (name, reference)])))
