"""How long an account stays silent after its platform failed several times in a row."""

from dataclasses import dataclass, replace

from bot.message import Outcome, Receipt
from bot.nudging.pace import Pace

DOUBTS = 5
"""So many answers in doubt in a row are an outage: what is sent into it may be lost."""
DOUBT_WAIT = 5.0
LONGEST_WAIT = 20.0
STOPPED_WAIT = 60.0
LONGEST_STOP = 3600.0
"""Seconds; each time the wait is doubled, up to the longest."""


@dataclass
class Weather:
    """Counts failures in a row that are the platform's, not one message's."""

    doubts: int = 0
    outages: int = 0
    stops: int = 0

    def after(self, receipt: Receipt) -> float:
        """The seconds for which nothing should be sent after this answer."""
        match receipt.outcome:
            case Outcome.UNSURE:
                self.doubts += 1
                return _doubled(DOUBT_WAIT, self.doubts - DOUBTS, LONGEST_WAIT) if self.doubts >= DOUBTS else 0.0
            case Outcome.RETRY if receipt.everyone and receipt.reason != "rate":
                return max(receipt.wait, _doubled(receipt.wait, self.outages, LONGEST_WAIT))
            case Outcome.ACCOUNT_STOPPED:
                return receipt.wait or _doubled(STOPPED_WAIT, self.stops, LONGEST_STOP)
            case Outcome.RETRY:
                return 0.0
        self.doubts = self.outages = self.stops = 0
        return 0.0

    def obey(self, receipt: Receipt, chat: str, pace: Pace, jitter: float) -> Receipt:
        """Draw from an answer what it means for the pace; returns it with the wait and scope it came to."""
        silence = self.after(receipt)
        if silence > 0:
            if not pace.held():
                self.began(receipt)
            pace.hold(silence)
        elif receipt.outcome is Outcome.RETRY and receipt.wait > 0:
            wait = receipt.wait + jitter
            return replace(receipt, wait=wait, everyone=pace.refused(wait, chat, everyone=receipt.everyone))
        return receipt

    def began(self, receipt: Receipt) -> None:
        """Note that a silence began because of this answer: the next one is longer."""
        self.outages += receipt.outcome is Outcome.RETRY
        self.stops += receipt.outcome is Outcome.ACCOUNT_STOPPED


def _doubled(first: float, times: int, most: float) -> float:
    return min(most, first * 2.0 ** min(times, 20))
