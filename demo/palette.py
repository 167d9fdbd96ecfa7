"""Pictures of screens as small PNG files: at most 256 colours, which is nearly all that a screen has."""

import struct
import zlib
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

COLOURS: Final = 256
# Backgrounds and texts keep their very colours; the rest of a picture shares the other places.
KEPT: Final = 96

Pixels = NDArray[np.uint8]


def png(pixels: Pixels) -> bytes:
    """The file of a picture, given as rows of pixels of red, green and blue."""
    height, width, _channels = pixels.shape
    wide = pixels.reshape(-1, 3).astype(np.uint32)
    keys = (wide[:, 0] << 16) | (wide[:, 1] << 8) | wide[:, 2]
    found, places, counts = np.unique(keys, return_inverse=True, return_counts=True)
    colours = np.stack([found >> 16, (found >> 8) & 255, found & 255], axis=1).astype(np.int64)
    palette = _palette(colours, counts)
    nearest = _nearest(colours, palette)
    rows = nearest[places].astype(np.uint8).reshape(height, width)
    lines = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [
        (b"IHDR", head),
        (b"PLTE", palette.astype(np.uint8).tobytes()),
        (b"IDAT", zlib.compress(lines.tobytes(), 9)),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in [*parts, (b"IEND", b"")])


def _palette(colours: NDArray[Any], counts: NDArray[Any]) -> NDArray[Any]:
    """The colours to show: the most frequent as they are, of the others the means of boxes of near ones."""
    if len(colours) <= COLOURS:
        return colours
    order = np.argsort(-counts, kind="stable")
    boxes = [order[KEPT:]]
    while len(boxes) < COLOURS - KEPT:
        spreads = [np.ptp(colours[box], axis=0).max() if len(box) > 1 else 0 for box in boxes]
        widest = int(np.argmax(spreads))
        if spreads[widest] == 0:
            break
        boxes += _halves(colours, counts, boxes.pop(widest))
    means = [np.average(colours[box], axis=0, weights=counts[box]).round().astype(np.int64) for box in boxes]
    return np.concatenate([colours[order[:KEPT]], np.stack(means)])


def _halves(colours: NDArray[Any], counts: NDArray[Any], box: NDArray[Any]) -> list[NDArray[Any]]:
    """A box cut along its widest channel, so that both sides have as many pixels."""
    channel = int(np.argmax(np.ptp(colours[box], axis=0)))
    box = box[np.argsort(colours[box, channel], kind="stable")]
    half = int(np.searchsorted(np.cumsum(counts[box]), counts[box].sum() / 2))
    cut = min(max(half, 1), len(box) - 1)
    return [box[:cut], box[cut:]]


def _nearest(colours: NDArray[Any], palette: NDArray[Any]) -> NDArray[Any]:
    """For each colour the place of the nearest in the palette."""
    found = np.empty(len(colours), np.int64)
    for start in range(0, len(colours), 4096):
        part = colours[start : start + 4096, None, :] - palette[None, :, :]
        found[start : start + 4096] = (part * part).sum(axis=2).argmin(axis=1)
    return found


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
