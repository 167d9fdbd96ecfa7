"""Charts of the admin's pages: data for the theme's Chart.js, and rows for those who cannot see them.

Shown by the template `kernel/chart.html`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["bar", "line"]
Rows = Sequence[tuple[str, float | None]]


@dataclass(frozen=True, slots=True)
class Chart:
    """One row of values by name. A value of None is a gap in a line. `link` leads to what is counted."""

    title: str
    rows: Rows
    kind: Kind = "bar"
    link: str = ""
    # Least height of the axis of values, so that a single one does not fill the chart.
    at_least: int = 5

    @property
    def is_empty(self) -> bool:
        """True when there is nothing to draw."""
        return not any(value is not None for _name, value in self.rows)

    @property
    def data(self) -> str:
        """What Chart.js draws, as JSON."""
        drawn: dict[str, Any] = {
            "label": self.title,
            "data": [value for _name, value in self.rows],
            "backgroundColor": "var(--color-primary-600)",
            "borderColor": "var(--color-primary-600)",
        }
        if self.kind == "bar":
            drawn |= {"borderRadius": 4, "maxBarThickness": 40, "borderWidth": 0}
        else:
            drawn |= {"borderWidth": 2, "pointRadius": 2, "tension": 0.25, "spanGaps": True}
        return json.dumps({"labels": [name for name, _value in self.rows], "datasets": [drawn]})

    @property
    def options(self) -> str:
        """How Chart.js draws it, as JSON: whole numbers, no legend for one row."""
        return json.dumps(
            {
                "maintainAspectRatio": False,
                "animation": False,
                "plugins": {"legend": {"display": False}},
                "scales": {
                    "x": {"grid": {"display": False}, "ticks": {"maxRotation": 0, "autoSkipPadding": 12}},
                    "y": {
                        "beginAtZero": True,
                        "suggestedMax": self.at_least,
                        "ticks": {"precision": 0},
                        "grid": {"lineWidth": 0.5},
                    },
                },
            }
        )
