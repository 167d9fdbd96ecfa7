"""The inner loops over rows of an index, compiled: meeting, joining, scoring, narrowing, counting, choosing the best.

Rows are ascending, each once. Masks say which variants of a row are meant; an array of none means all of them.
"""
# mypy: disable-error-code="no-untyped-def"

import numpy as np

from plugins.guided_search.compiled import FLAGS, HITS, MASKS, RANKS, ROWS, WEIGHTS, compiled

_HITS = f"Tuple(({HITS}))"
_CODES, _CELLS = "int32[:, ::1]", "uint64[:, ::1]"
# Value numbers by row and column; masks by row and place of the column among those that have any; that place.
_TABLE = (_CODES, _CELLS, RANKS)
_COUNTS = "int64[::1]"
_SPANS = "int64[:, ::1]"
# Of a number that sorts by a count and then by a place, the bits of the place.
_BITS = 30
_MOST = (1 << _BITS) - 1
# Bits of a sort key that a score has, and as many the order of equals.
KEY_BITS = 21
_MOST_POINTS = (1 << KEY_BITS) - 1
# Of a share as a score.
SHARE_STEPS = np.float32(1e6)


@compiled("int64", ROWS, "int32", "int64")
def seek(rows, row, start):
    """The first place from `start` on where `rows` is not below `row`: strides that double, then halves."""
    length = len(rows)
    if start >= length or rows[start] >= row:
        return start
    low, stride = start, 1
    while low + stride < length and rows[low + stride] < row:
        low += stride
        stride *= 2
    high = min(low + stride, length)
    while high - low > 1:
        middle = (low + high) // 2
        if rows[middle] < row:
            low = middle
        else:
            high = middle
    return high


@compiled(_HITS, HITS, HITS)
def meet(docs, weights, masks, other_docs, other_weights, other_masks):
    """Rows in both, with the lesser weight and the variants of both; the first should be the shorter one."""
    masked = len(masks) > 0 or len(other_masks) > 0
    rows = np.empty(len(docs), np.int32)
    least = np.empty(len(docs), np.float32)
    common = np.empty(len(docs) if masked else 0, np.uint64)
    found, at = 0, 0
    for place in range(len(docs)):
        at = seek(other_docs, docs[place], at)
        if at == len(other_docs):
            break
        if other_docs[at] != docs[place]:
            continue
        rows[found] = docs[place]
        least[found] = min(weights[place], other_weights[at])
        if masked:
            mask = ~np.uint64(0)
            if len(masks) > 0:
                mask &= masks[place]
            if len(other_masks) > 0:
                mask &= other_masks[at]
            common[found] = mask
        found += 1
    return rows[:found], least[:found], common[: found if masked else 0]


@compiled(_HITS, HITS, HITS, "float32")
def join(docs, weights, masks, other_docs, other_weights, other_masks, factor):
    """Rows in either, with the greater weight (the other's times `factor`) and the variants of either."""
    masked = len(masks) > 0 or len(other_masks) > 0
    size = len(docs) + len(other_docs)
    rows = np.empty(size, np.int32)
    most = np.empty(size, np.float32)
    either = np.empty(size if masked else 0, np.uint64)
    found, one, other = 0, 0, 0
    while one < len(docs) or other < len(other_docs):
        here = one < len(docs) and (other == len(other_docs) or docs[one] <= other_docs[other])
        there = other < len(other_docs) and (one == len(docs) or other_docs[other] <= docs[one])
        weight, mask = np.float32(0), np.uint64(0)
        if here:
            rows[found] = docs[one]
            weight = weights[one]
            mask = masks[one] if len(masks) > 0 else ~np.uint64(0)
            one += 1
        if there:
            rows[found] = other_docs[other]
            weight = max(weight, other_weights[other] * factor)
            mask |= other_masks[other] if len(other_masks) > 0 else ~np.uint64(0)
            other += 1
        most[found] = weight
        if masked:
            either[found] = mask
        found += 1
    return rows[:found], most[:found], either[: found if masked else 0]


@compiled(_HITS, HITS, "int64", "boolean")
def gather(docs, weights, masks, size, masked):
    """Rows of many terms one behind the other, brought in order: the greatest weight and all variants of each."""
    most = np.zeros(size, np.float32)
    either = np.zeros(size if masked else 0, np.uint64)
    count = 0
    for place in range(len(docs)):
        row = docs[place]
        if most[row] == 0:
            count += 1
        most[row] = max(most[row], weights[place])
        if masked:
            either[row] |= masks[place]
    rows = np.empty(count, np.int32)
    found_weights = np.empty(count, np.float32)
    found_masks = np.empty(count if masked else 0, np.uint64)
    found = 0
    for row in range(size):
        if most[row] > 0:
            rows[found] = row
            found_weights[found] = most[row]
            if masked:
                found_masks[found] = either[row]
            found += 1
    return rows, found_weights, found_masks


@compiled(FLAGS, ROWS, ROWS)
def within(rows, docs):
    """Whether each of `rows` is among `docs`."""
    found = np.zeros(len(rows), np.bool_)
    at = 0
    for place in range(len(rows)):
        at = seek(docs, rows[place], at)
        if at == len(docs):
            break
        found[place] = docs[at] == rows[place]
    return found


@compiled(_HITS, HITS, FLAGS)
def kept(docs, weights, masks, keep):
    """Those with a true flag."""
    count = 0
    for place in range(len(docs)):
        count += keep[place]
    rows = np.empty(count, np.int32)
    kept_weights = np.empty(count, np.float32)
    kept_masks = np.empty(count if len(masks) > 0 else 0, np.uint64)
    found = 0
    for place in range(len(docs)):
        if keep[place]:
            rows[found] = docs[place]
            kept_weights[found] = weights[place]
            if len(masks) > 0:
                kept_masks[found] = masks[place]
            found += 1
    return rows, kept_weights, kept_masks


@compiled(_HITS, HITS, MASKS, "float32", "boolean")
def named(docs, weights, masks, valid, weak, strictly):
    """Rows with a variant that exists; those of more than `weak` weight alone when there are any, or `strictly`."""
    keep = np.zeros(len(docs), np.bool_)
    strong = strictly
    for place in range(len(docs)):
        keep[place] = len(masks) == 0 or (masks[place] & valid[docs[place]]) != 0
        strong = strong or (keep[place] and weights[place] > weak)
    if strong:
        for place in range(len(docs)):
            keep[place] = keep[place] and weights[place] > weak
    return kept(docs, weights, masks, keep)


@compiled(_COUNTS, ROWS, "int8[::1]", "int64")
def tally(rows, kind, kinds):
    """How many of these rows are of each kind."""
    found = np.zeros(kinds, np.int64)
    for row in rows:
        found[kind[row]] += 1
    return found


@compiled("int64", ROWS, ROWS, WEIGHTS, "float32")
def overlap(rows, docs, weights, least):
    """How many of `rows` are among `docs` with at least this weight."""
    found, at = 0, 0
    for place in range(len(rows)):
        at = seek(docs, rows[place], at)
        if at == len(docs):
            break
        found += docs[at] == rows[place] and weights[at] >= least
    return found


@compiled("void", WEIGHTS, WEIGHTS, ROWS, ROWS, WEIGHTS, "float32", "float32", "float32", "float32")
def add_word(scores, in_name, rows, docs, weights, rarity, greatest, name_weight, words):
    """Add a word to the scores of `rows`: its weight, at most `greatest`, times its rarity; `words` to `in_name` where
    it weighs at least `name_weight`."""
    at = 0
    for place in range(len(rows)):
        at = seek(docs, rows[place], at)
        if at == len(docs):
            break
        if docs[at] == rows[place]:
            weight = min(weights[at], greatest)
            scores[place] += rarity * weight
            if weight >= name_weight:
                in_name[place] += words


@compiled("void", WEIGHTS, ROWS, ROWS, "float32")
def add_where(scores, rows, docs, points):
    """Add points to the scores of those of `rows` that are among `docs`."""
    at = 0
    for place in range(len(rows)):
        at = seek(docs, rows[place], at)
        if at == len(docs):
            break
        if docs[at] == rows[place]:
            scores[place] += points


@compiled("void", WEIGHTS, WEIGHTS, ROWS, WEIGHTS, "float32")
def add_names(scores, in_name, rows, name_length, points):
    """Add the share of each name that was typed, worth `points` when it is the whole name."""
    for place in range(len(rows)):
        scores[place] += points * min(np.float32(1), in_name[place] / name_length[rows[place]])


@compiled("void", WEIGHTS, ROWS, WEIGHTS, "boolean", "float32")
def add_need(scores, rows, places, more, points):
    """Add how well each row serves a need: its place from 0 to 1, from the other end unless `more`; nothing where it
    has no such number."""
    for place in range(len(rows)):
        own = places[rows[place]]
        if not np.isnan(own):
            scores[place] += points * (own if more else np.float32(1) - own)


@compiled("void", WEIGHTS, ROWS, "int8[::1]", WEIGHTS)
def times_kind(scores, rows, kind, factors):
    """Multiply each score by the factor of the product's kind."""
    for place in range(len(rows)):
        scores[place] *= factors[kind[rows[place]]]


@compiled("void", WEIGHTS, ROWS, WEIGHTS, "float32", "float32")
def cover(covered, docs, weights, worth, weak):
    """Add what a word is worth to the rows that hold it, half of it where its weight is not above `weak`."""
    for place in range(len(docs)):
        covered[docs[place]] += worth if weights[place] > weak else worth * np.float32(0.5)


@compiled("int64", WEIGHTS, ROWS, "int8[::1]", WEIGHTS, RANKS)
def most_covered(covered, rows, kind, shares, tie):
    """Of these rows the one that has most, times the share of its kind; of equals the first in order. -1 of none."""
    best, most = np.int64(-1), np.float32(0)
    for row in rows:
        own = covered[row] * shares[kind[row]]
        if own > most or (own == most and best >= 0 and tie[row] < tie[best]):
            best, most = np.int64(row), own
    return best


@compiled(MASKS, ROWS, *_TABLE, _SPANS, FLAGS)
def allowed(rows, codes, cells, slots, spans, chosen):
    """The variants of each row that have a chosen value in these spans of columns, filled from the left."""
    found = np.zeros(len(rows), np.uint64)
    for place in range(len(rows)):
        row = rows[place]
        for span in range(len(spans)):
            for column in range(spans[span, 0], spans[span, 1]):
                code = codes[row, column]
                if code == 0:
                    break
                if chosen[code]:
                    found[place] |= cells[row, slots[column]] if slots[column] >= 0 else ~np.uint64(0)
    return found


@compiled(MASKS, MASKS, MASKS, ROWS, MASKS)
def both_masks(masks, others, rows, valid):
    """The existing variants of each row that are in both; an array of none means all."""
    found = np.empty(len(rows), np.uint64)
    for place in range(len(rows)):
        mask = valid[rows[place]]
        if len(masks) > 0:
            mask &= masks[place]
        if len(others) > 0:
            mask &= others[place]
        found[place] = mask
    return found


@compiled(f"Tuple(({ROWS}, {RANKS}, {MASKS}))", ROWS, MASKS, MASKS, *_TABLE, _COUNTS, _SPANS, _SPANS, FLAGS, _CELLS)
def narrow(rows, masks, valid, codes, cells, slots, counts, choosing, counting, chosen, given):
    """Rows that satisfy all choices, their places and variants; and the counts beside each choice, in the same pass.

    The first choices are `given` as masks of each row. The others are flags of the values `chosen`, looked for in the
    columns `choosing`: number of the choice, first column, column behind the last. To `counts` is added, for each
    choice with columns in `counting`, which values the rows have that satisfy the other choices.
    """
    choices = len(given)
    for span in range(len(choosing)):
        choices = max(choices, choosing[span, 0] + 1)
    own = np.empty(choices, np.uint64)
    found_rows = np.empty(len(rows), np.int32)
    places = np.empty(len(rows), np.int64)
    left = np.empty(len(rows), np.uint64)
    found = 0
    for place in range(len(rows)):
        row = rows[place]
        whole = valid[row]
        base = whole & masks[place] if len(masks) > 0 else whole
        if base == 0:
            continue
        for choice in range(choices):
            own[choice] = given[choice, place] if choice < len(given) else np.uint64(0)
        for span in range(len(choosing)):
            for column in range(choosing[span, 1], choosing[span, 2]):
                code = codes[row, column]
                if code == 0:
                    break
                if chosen[code]:
                    own[choosing[span, 0]] |= cells[row, slots[column]] if slots[column] >= 0 else ~np.uint64(0)
        mask, failed = base, 0
        for choice in range(choices):
            mask &= own[choice]
            failed += (base & own[choice]) == 0
        if failed > 1:
            continue
        if mask != 0:
            found_rows[found] = row
            places[found] = place
            left[found] = mask
            found += 1
        last, beside = np.int64(-1), base
        for span in range(len(counting)):
            if counting[span, 0] != last:
                last, beside = counting[span, 0], base
                for choice in range(choices):
                    if choice != last:
                        beside &= own[choice]
            if beside == 0:
                continue
            for column in range(counting[span, 1], counting[span, 2]):
                code = codes[row, column]
                if code == 0:
                    break
                if beside == whole or slots[column] < 0 or (cells[row, slots[column]] & beside) != 0:
                    counts[code] += 1
    return found_rows[:found], places[:found], left[:found]


@compiled(RANKS, MASKS)
def present(masks):
    """The places where any variant is left."""
    count = 0
    for place in range(len(masks)):
        count += masks[place] != 0
    places = np.empty(count, np.int64)
    found = 0
    for place in range(len(masks)):
        if masks[place] != 0:
            places[found] = place
            found += 1
    return places


@compiled("void", _COUNTS, ROWS, MASKS, MASKS, *_TABLE, _SPANS)
def count(counts, rows, left, valid, codes, cells, slots, spans):
    """Add to `counts`, by value number, the rows of which a variant in `left` has the value; a row counts once.

    With `left` an array of none all variants count. A row of which all variants are left is not asked for its masks:
    some variant has each of its values.
    """
    for place in range(len(rows)):
        row = rows[place]
        mask = left[place] if len(left) > 0 else valid[row]
        if mask == 0:
            continue
        whole = mask == valid[row]
        for span in range(len(spans)):
            for column in range(spans[span, 0], spans[span, 1]):
                code = codes[row, column]
                if code == 0:
                    break
                if whole or slots[column] < 0 or (cells[row, slots[column]] & mask) != 0:
                    counts[code] += 1


@compiled(RANKS, ROWS, WEIGHTS, RANKS, "float32")
def keys(rows, scores, tie, steps):
    """A sort key for each row, the least first: the score in `steps` of one as a number of KEY_BITS, then the order of
    equals in as many."""
    found = np.empty(len(rows), np.int64)
    for place in range(len(rows)):
        points = max(int(scores[place] * steps), 0)
        points = min(points, _MOST_POINTS)
        found[place] = (_MOST_POINTS - points) << KEY_BITS | tie[rows[place]]
    return found


@compiled(RANKS, RANKS, "int64")
def least(numbers, count):
    """The places of the `count` least of these different numbers, the least first."""
    if count < len(numbers):
        limit = np.partition(numbers, count - 1)[count - 1]
        places = np.empty(count, np.int64)
        found = 0
        for place in range(len(numbers)):
            if numbers[place] <= limit:
                places[found] = place
                found += 1
    else:
        places = np.arange(len(numbers))
    return places[np.argsort(numbers[places])]


@compiled(f"Tuple(({ROWS}, {WEIGHTS}))", WEIGHTS, ROWS, "int8[::1]", WEIGHTS, "float32", ROWS, RANKS, "int64")
def covering(covered, docs, kind, shares, least_share, exact, tie, most):
    """Rows of `docs` that have at least so much, times the share of their kind, without those in `exact`, ascending;
    how much. Of more than `most` those that have most, equals in order.

    Takes out of `covered` what it has looked at: a row that comes twice is told of once.
    """
    rows = np.empty(len(docs), np.int32)
    found = 0
    for row in docs:
        own = covered[row] * shares[kind[row]]
        if own >= least_share:
            at = seek(exact, row, 0)
            if at == len(exact) or exact[at] != row:
                rows[found] = row
                found += 1
                covered[row] = -own
    rows = rows[:found].copy()
    if found > most:
        rows = rows[least(keys(rows, -covered[rows], tie, SHARE_STEPS), most)]
    rows.sort()
    return rows, -covered[rows]


@compiled(f"Tuple(({RANKS}, {RANKS}, {RANKS}))", _COUNTS, RANKS, RANKS, RANKS, FLAGS)
def shown(counts, own, starts, sizes, empty):
    """Of several lists of values those that any row has (all where `empty`), their counts, and where each list ends.

    The values of list n are `own[starts[n]:starts[n + 1]]`. The first `sizes[n]` of them stay in their order, the rest
    follow by count, equals in their order.
    """
    order = np.empty(len(own), np.int64)
    numbers = np.empty(len(own), np.int64)
    own_counts = np.empty(len(own), np.int64)
    ends = np.empty(len(sizes), np.int64)
    found = 0
    for number in range(len(sizes)):
        begin, first = found, found
        for place in range(starts[number], starts[number + 1]):
            if empty[number] or counts[own[place]] > 0:
                sized = place - starts[number] < sizes[number]
                rank = np.int64(0) if sized else _MOST - counts[own[place]]
                order[found] = rank << _BITS | place
                first += sized
                found += 1
        order[first:found].sort()
        for at in range(begin, found):
            numbers[at] = own[order[at] & _MOST]
            own_counts[at] = counts[numbers[at]]
        ends[number] = found
    return numbers[:found], own_counts[:found], ends


@compiled(
    f"Tuple(({_COUNTS}, {RANKS}, {RANKS}, {RANKS}))",
    _COUNTS, ROWS, MASKS, MASKS, *_TABLE, _SPANS, RANKS, RANKS, RANKS, FLAGS,
)  # fmt: skip
def counted(beside, rows, left, valid, codes, cells, slots, spans, own, starts, sizes, empty):
    """`beside` with what `count` adds, and what of these lists of values is `shown` then: a call less for each page."""
    counts = beside.copy()
    count(counts, rows, left, valid, codes, cells, slots, spans)
    numbers, own_counts, ends = shown(counts, own, starts, sizes, empty)
    return counts, numbers, own_counts, ends


@compiled("Tuple((int64, int64))", _COUNTS, RANKS)
def ends(counts, own):
    """The first and the last of the values `own` that any row has; nought and nought when none has."""
    first, last = np.int64(0), np.int64(0)
    for number in own:
        if counts[number] > 0:
            first = number if first == 0 else first
            last = number
    return first, last
