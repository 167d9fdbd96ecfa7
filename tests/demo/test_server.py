"""A set-up that goes on telling something is waited for, however long it takes."""

from demo.server import Silence


def test_silence_ends_with_every_line(tmp_path):
    log = tmp_path / "run.log"
    log.write_text("database: starting\n")
    silence = Silence(log, now=100.0)
    assert silence.seconds(now=160.0) == 60.0

    with log.open("a") as output:
        output.write("  products: 20/909")
    assert silence.seconds(now=700.0) == 0.0
    assert silence.seconds(now=900.0) == 200.0
