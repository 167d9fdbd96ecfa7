"""The loops of an update, compiled: the postings of an index with those of some rows replaced.

They go over all postings, which takes milliseconds, and let go of Python's lock meanwhile: who searches does not wait.
"""
# mypy: disable-error-code="no-untyped-def"

import numpy as np

from plugins.guided_search.analysis import ALL, CATEGORY
from plugins.guided_search.compiled import FLAGS, HITS, RANKS, ROWS, compiled

_EVERY_VARIANT, _NAMING = np.uint64(ALL), np.float32(CATEGORY)


@compiled(RANKS, RANKS, ROWS, FLAGS, unlocked=True)
def left(starts, docs, replaced):
    """By term, how many rows hold it that are not replaced."""
    counts = np.zeros(len(starts) - 1, np.int64)
    for term in range(len(counts)):
        for at in range(starts[term], starts[term + 1]):
            counts[term] += not replaced[docs[at]]
    return counts


@compiled(f"Tuple(({RANKS}, {HITS}, {FLAGS}, {RANKS}))", RANKS, "int64", RANKS, HITS, FLAGS, RANKS, HITS, unlocked=True)
def merged(origin, total, starts, docs, weights, masks, replaced, fresh_starts, fresh_docs, fresh_weights, fresh_masks):
    """The postings of the terms that were `origin` (-1: none of them) and of the same terms in the replaced rows.

    `total` is how many there will be. Beside them, as `Postings` has them: where each term begins, which are partial,
    and how many rows each names.
    """
    rows = np.empty(total, np.int32)
    worth = np.empty(total, np.float32)
    variants = np.empty(total, np.uint64)
    begin = np.zeros(len(origin) + 1, np.int64)
    partial = np.zeros(len(origin), np.bool_)
    naming = np.zeros(len(origin), np.int64)
    place = 0
    for term in range(len(origin)):
        at, end = 0, 0
        if origin[term] >= 0:
            at, end = starts[origin[term]], starts[origin[term] + 1]
        fresh, last = fresh_starts[term], fresh_starts[term + 1]
        while at < end or fresh < last:
            if at < end and replaced[docs[at]]:
                at += 1
                continue
            if fresh == last or (at < end and docs[at] < fresh_docs[fresh]):
                rows[place], worth[place], variants[place] = docs[at], weights[at], masks[at]
                at += 1
            else:
                rows[place], worth[place] = fresh_docs[fresh], fresh_weights[fresh]
                variants[place] = fresh_masks[fresh]
                fresh += 1
            partial[term] |= variants[place] != _EVERY_VARIANT
            naming[term] += worth[place] >= _NAMING
            place += 1
        begin[term + 1] = place
    return begin, rows, worth, variants, partial, naming
