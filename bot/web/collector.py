"""What became of the messages, counted for Prometheus."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class Sent(Collector):
    """Messages by channel and outcome, since the process started; `counts` is kept by the senders."""

    def __init__(self, counts: Callable[[], Mapping[str, Mapping[str, int]]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """The counters as they stand."""
        family = CounterMetricFamily("kindling_messages", "Messages by outcome.", labels=["channel", "outcome"])
        total: Counter[tuple[str, str]] = Counter()
        for account, outcomes in self._counts().items():
            for outcome, count in outcomes.items():
                total[account.partition(":")[0], outcome] += count
        for (channel, outcome), count in total.items():
            family.add_metric([channel, outcome], count)
        yield family
