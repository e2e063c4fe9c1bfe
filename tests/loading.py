# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that loading.bats plays, one for each @test. The sessions are those in which
faults.bats makes something fail; here nothing fails."""

from lib.faults import settle
from lib.kinds import every_kind, world
from lib.ordeal import Place
from lib.peer import Listener, check
from lib.relayed import finish, talk
from lib.users import needs_hashes


def kinds(*names):
    """Plays the kinds of sessions that have these names in kinds.py."""
    world()
    place, known = Place(), {kind.name: kind for kind in every_kind()}
    for name in names:
        kind = known[name]
        s = kind.start(*kind.options)
        check(settle(kind, place, s), kind.natural, f"how {name} is settled")
        s.exits(0)


def kinds_with(feature, *names):
    needs_hashes(feature)
    kinds(*names)


def ticket():
    # Here, because a machine without python3-gssapi skips this test alone.
    from lib.gss import ABORT, CHOSEN, CONTEXT, GREETING, INTEGRITY, enter, frame, gss
    up = Listener()
    for wanted in {}, {"wanted": INTEGRITY}:
        inside = enter(gss(), **wanted)
        far = inside.connect(up)
        talk(inside, far)
        finish(inside, far)
    s = gss().send(GREETING).expect(CHOSEN).send(frame(CONTEXT, b"no ticket"))
    s.expect_end(data=ABORT).ended("auth")
