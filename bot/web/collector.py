"""What became of the messages, counted for Prometheus."""

from collections.abc import Iterator, Mapping

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector


class Sent(Collector):
    """Messages by channel and outcome, since the process started; `counts` is kept by the senders."""

    def __init__(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        self._counts = counts

    def collect(self) -> Iterator[Metric]:
        """The counters as they stand."""
        family = CounterMetricFamily("kindling_messages", "Messages by outcome.", labels=["channel", "outcome"])
        for account, outcomes in self._counts.items():
            for outcome, count in outcomes.items():
                family.add_metric([account.partition(":")[0], outcome], count)
        yield family
