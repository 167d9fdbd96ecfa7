"""The orders of an index, brought up to changes, are those that would be made anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from immutables import Map

from plugins.guided_search import ranks
from plugins.guided_search.draft import Entry

NAMES = st.sampled_from(["Pixel 8", "pixel 8", "Galaxy", "éclair", "华为", "Z", ""])
# By row its name, None for a row without a product; several such states one after the other.
STATES = st.lists(st.dictionaries(st.integers(0, 30), st.none() | NAMES, max_size=12), min_size=1, max_size=5)


def entry(row: int, name: str) -> Entry:
    return Entry(id=f"id{row % 7}-{row}", name=name, kind="DEVICE", brand="", skus=(), codes=(), stocked=0)


@given(STATES)
def test_names_put_in_their_places_stand_as_if_all_were_sorted(states: list[dict[int, str | None]]) -> None:
    entries: Map[int, Entry] = Map()
    found = ranks.by_name(np.zeros(0, np.int32), entries, ())
    with pytest.MonkeyPatch.context() as patched:
        # However many are touched, each is put in its place.
        patched.setattr(ranks, "_FEW", 0)
        for state in states:
            for row, name in state.items():
                entries = entries.delete(row) if row in entries else entries
                entries = entries if name is None else entries.set(row, entry(row, name))
            found = ranks.by_name(found, entries, state.keys())
            wanted = sorted(entries, key=lambda row: (entries[row].name.casefold(), entries[row].id))
            assert found.tolist() == wanted


def test_many_are_sorted_part_by_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranks, "_RUN", 3)
    entries = Map({row: entry(row, f"Phone {row * 7 % 20:02}") for row in range(20)})
    found = ranks.by_name(np.zeros(0, np.int32), entries, range(20))
    assert [entries[row].name for row in found.tolist()] == [f"Phone {number:02}" for number in range(20)]
