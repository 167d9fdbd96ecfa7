"""The cache that is bounded by size."""

from hypothesis import given
from hypothesis import strategies as st

from kernel.sized_cache import SizedCache


def test_what_was_not_used_for_longest_makes_room() -> None:
    cache: SizedCache[str] = SizedCache(10)
    cache.put("a", "A", 4)
    cache.put("b", "B", 4)
    assert cache.get("a") == "A"
    cache.put("c", "C", 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("A", None, "C")


def test_what_is_larger_than_everything_is_not_kept() -> None:
    cache: SizedCache[str] = SizedCache(10)
    cache.put("a", "A", 3)
    cache.put("b", "B", 11)
    assert (cache.get("a"), cache.get("b"), cache.size) == ("A", None, 3)
    cache.put("a", "A", 11)
    assert (cache.get("a"), cache.size) == (None, 0)


def test_it_forgets() -> None:
    cache: SizedCache[str] = SizedCache(10)
    cache.put("a", "A", 3)
    cache.clear()
    assert (cache.get("a"), cache.size, len(cache)) == (None, 0, 0)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 12))))
def test_it_never_holds_more_than_it_may(steps: list[tuple[int, int]]) -> None:
    cache: SizedCache[int] = SizedCache(20)
    last: dict[int, int] = {}
    for key, size in steps:
        cache.put(key, size, size)
        last[key] = size
        assert cache.get(key) == size
        kept = [last[other] for other in last if cache.get(other) is not None]
        assert sum(kept) == cache.size <= 20
