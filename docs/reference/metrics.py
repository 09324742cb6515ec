"""The metrics out as a page: those that a service of two sources tells, read from itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from prometheus_client.core import Metric
from prometheus_client.metrics_core import METRIC_TYPES

from docs.reference.markdown import code, table
from repo_harvest.scheduler import next_due
from repo_harvest.store.engine import open_engine
from repo_harvest.store.schema import upgrade
from repo_harvest.web.exposition import Figures
from repo_harvest.web.meter import Meter

__all__ = ["collected", "page"]

_TOP = """# Metrics

`/metrics` tells these to Prometheus, in its text format. Who may ask is said in [Be told when something is wrong](../how-to/alerts.md#metrics). Counts
of requests begin at 0 when the service starts; what is told of runs and records is read from the database, and seldom older than some seconds.

"""


def page() -> str:
    """The page, in Markdown."""
    rows = [
        [code(_name(one)), one.type, ", ".join(map(code, _labels(one))), one.documentation]
        for one in sorted(collected(), key=_name)
    ]
    return _TOP + table(["metric", "kind", "labels", "meaning"], rows)


def collected() -> Iterator[Metric]:
    """What `/metrics` tells, of a database that is made for it and goes again."""
    meter = Meter()
    meter.note("ListRecords", "200", 0.001, ("noRecordsMatch",))
    yield from meter.registry().collect()
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{Path(folder, 'feed.db')}")
        upgrade(engine)
        yield from Figures(engine, schedules=lambda: {"page": "0 3 * * *"}, due=next_due).collect()
        engine.dispose()


def _name(metric: Metric) -> str:
    assert metric.type in METRIC_TYPES, metric.type
    return f"{metric.name}_total" if metric.type == "counter" else metric.name


def _labels(metric: Metric) -> list[str]:
    of_samples = {label for sample in metric.samples for label in sample.labels}
    return sorted((of_samples | set(getattr(metric, "_labelnames", ()))) - {"le"})
