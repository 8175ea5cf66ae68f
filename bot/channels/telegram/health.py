"""Whether an account is well: what was refused, and when something last succeeded."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.channels.telegram.outcome import FROZEN, TOKEN_REFUSED
from bot.message import Outcome, Receipt

NOT_STARTED = float("inf")


class Timing(NamedTuple):
    """Seconds: how patiently an account waits. After any trouble has ended, the next try comes within half a minute."""

    poll: int = 10  # how long Telegram may hold back an answer when there is no news
    grace: float = 5.0  # how much later than that an answer may come
    red: float = 25.0  # without any success, the account is not well
    retry: float = 25.0  # between tries after a 401 or a 409
    check: float = 10.0  # between looks at the webhook
    backoff: float = 15.0  # the longest pause after network errors
    finish: float = 5.0  # what is in hand at the end may take so long


PATIENT = Timing()


@dataclass
class Health:
    """What is known of an account's state; `problem` is about taking in, `stopped` about sending."""

    clock: Callable[[], float]
    red: float
    problem: str = ""
    stopped: str = ""
    last: float = field(default=NOT_STARTED)

    def begin(self) -> None:
        """Start counting the time without a success."""
        self.last = self.clock()

    def succeeded(self) -> None:
        """Note that Telegram has answered and what it said is written down."""
        self.last = self.clock()
        self.problem = ""
        if self.stopped == TOKEN_REFUSED:
            self.stopped = ""

    def sent(self, receipt: Receipt) -> None:
        """Note what became of a message, as far as it tells of the account."""
        if receipt.outcome is Outcome.ACCOUNT_STOPPED:
            self.stopped = receipt.reason
        elif receipt.outcome is Outcome.SENT and self.stopped == FROZEN:
            self.stopped = ""

    def ailing(self) -> str:
        """Why the account is not well, empty when it is."""
        silent = self.clock() - self.last
        quiet = f"no answer from Telegram for {silent:.0f} s" if silent > self.red else ""
        return self.problem or self.stopped or quiet
