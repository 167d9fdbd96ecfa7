"""Pictures for the documentation as files of at most 256 colours."""

import struct
import zlib

import numpy as np

from demo import palette


def read(file):
    """The pixels of a file that `palette` wrote."""
    assert file.startswith(b"\x89PNG\r\n\x1a\n")
    parts, at = {}, 8
    while at < len(file):
        length, kind = struct.unpack(">I4s", file[at : at + 8])
        content = file[at + 8 : at + 8 + length]
        assert struct.unpack(">I", file[at + 8 + length : at + 12 + length])[0] == zlib.crc32(kind + content)
        parts[kind] = content
        at += 12 + length
    width, height, depth, colours, *_rest = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colours) == (8, 3)
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[lines[:, 1:]]


def test_few_colours_stay_as_they_are():
    rng = np.random.default_rng(1)
    some = rng.integers(0, 256, (palette.COLOURS, 3), np.uint8)
    pixels = some[rng.integers(0, len(some), (40, 30))]
    assert (read(palette.png(pixels)) == pixels).all()


def test_of_many_colours_the_frequent_stay_and_the_others_come_near():
    # Given a sheet of two colours with a gradient of some thousand in its corner
    pixels = np.full((120, 100, 3), (246, 248, 246), np.uint8)
    pixels[:20] = (13, 101, 77)
    gradient = np.stack(np.meshgrid(np.arange(64) * 3, np.arange(64) * 3), axis=2)
    pixels[50:114, 20:84, :2] = gradient

    shown = read(palette.png(pixels))

    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= palette.COLOURS
    flat = np.ones((120, 100), bool)
    flat[50:114, 20:84] = False
    assert (shown[flat] == pixels[flat]).all()
    assert np.abs(shown.astype(int) - pixels).mean() < 6
