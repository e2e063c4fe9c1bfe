# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays that need only two ends, whatever wraps the client's bytes: inside is the client in a
session, and far is the destination."""

from lib.peer import MIB, SMALL, end_both, noise, scale, together


def talk(inside, far):
    """A few bytes each way."""
    inside.send(b"up")
    far.expect(b"up").send(b"down")
    inside.expect(b"down")


def finish(inside, far, **keys):
    """Ends both streams, and looks at the log."""
    end_both(inside, far)
    inside.ended("eof", **{"reply": "0", **keys})
    far.close()


def finish_in_order(inside, far, **keys):
    """Ends the client's stream, then the destination's, and looks at the log."""
    inside.shut()
    far.expect_end().close()
    inside.expect_end()
    inside.ended("eof", **{"reply": "0", **keys})


def pause_client(inside, far):
    """The destination's data are larger than all buffers of the kernel between."""
    size = scale(24, 8) * MIB
    view = data = memoryview(noise(size, 5))
    while view and far.room(0.3):
        view = view[far.write(view[:1 << 18]):]
    assert view or SMALL, "the upstream was never stopped"
    inside.send(b"up goes on")
    far.expect(b"up goes on")
    together(lambda: far.send(view).shut(), lambda: inside.expect_end(data=bytes(data)))
    inside.shut()
    far.expect_end()
    inside.ended("eof", received=str(size))
