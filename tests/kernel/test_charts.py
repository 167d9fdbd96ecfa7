"""Charts: data that the theme's script draws, and whether there is anything to draw."""

import json

from kernel.charts import Chart


def test_bars_carry_their_names_and_values():
    chart = Chart("Orders", [("Mon", 2), ("Tue", 0)])
    data = json.loads(chart.data)
    assert data["labels"] == ["Mon", "Tue"]
    assert [row["data"] for row in data["datasets"]] == [[2, 0]]
    assert json.loads(chart.options)["scales"]["y"]["suggestedMax"] == 5
    assert not chart.is_empty


def test_a_line_bridges_what_is_not_known():
    [row] = json.loads(Chart("Rate", [("Mon", 2.5), ("Tue", None), ("Wed", 3)], kind="line").data)["datasets"]
    assert row["data"] == [2.5, None, 3]
    assert row["spanGaps"]


def test_nothing_known_is_nothing_to_draw():
    assert Chart("Rate", []).is_empty
    assert Chart("Rate", [("Mon", None)], kind="line").is_empty
    assert not Chart("Orders", [("Mon", 0)]).is_empty
