# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that activation.bats plays, one for each @test."""

import fcntl
import itertools
import os
import pty
import signal
import socket

from lib.peer import End, Listener, MIB, PATIENCE, RESET, check, closed_port, end_both, flow
from lib.program import (EVERY_WAY, KIND, Process, SELF, Session, activated, classic, inetd,
                         one_line, pause, pipes, remote, tcp_pair, tmp, unix)
from lib.socks5 import GREETING, request
from lib.world import Elsewhere, isolate


def socket_on_0_and_1():
    for host in "127.0.0.1", "::1":
        up = Listener(host)
        s = inetd(host=host)
        far = s.connect(up)
        s.send(b"up")
        far.expect(b"up")
        far.send(b"down")
        s.expect(b"down")
        end_both(s, far).ended("eof")


def socket_on_0_alone():
    up = Listener()
    r, w = os.pipe()
    null = os.open("/dev/null", os.O_RDWR)
    for other in null, w, None:
        s = inetd(fds={1: other})
        far = s.connect(up)
        far.send(b"down")
        s.expect(b"down")
        far.close()
        s.shut().expect_end().exits(0)
    os.close(w)
    check(os.read(r, 100), b"", "written to the pipe on 1")


def two_pipes():
    up = Listener()
    s = pipes()
    far = s.connect(up)
    s.send(b"up")
    far.expect(b"up")
    far.send(b"down")
    s.expect(b"down")
    s.shut()
    far.expect_end()
    far.send(b"late").shut()
    s.expect_end(data=b"late").ended("eof", client="local")


def serves(s, **log):
    """Both directions, and what the log says of the session."""
    far = s.connect(Listener())
    s.send(b"up")
    far.expect(b"up")
    far.send(b"down")
    s.expect(b"down")
    s.shut()
    far.close()
    s.expect_end().ended("eof", **log)


def unix_socket():
    serves(unix(), client="local")


def listen_fds():
    serves(activated())


def listen_fds_unix():
    serves(activated(pair=socket.socketpair()), client="local")


def activated_before_inetd():
    client, server = tcp_pair()
    other = End(client)
    s = activated(fds={0: server, 1: server})
    server.close()
    far = s.connect(Listener())
    s.shut()
    far.close()
    s.expect_end()
    other.expect_end()
    s.ended("eof")


def listen_fds_of_others():
    up = Listener()
    for env in ({"LISTEN_FDS": "1", "LISTEN_PID": "1"}, {"LISTEN_FDS": "2", "LISTEN_PID": "1"},
                {"LISTEN_FDS": "1"}, {"LISTEN_PID": SELF}):
        s = inetd(env=env)
        far = s.connect(up)
        s.shut()
        far.close()
        s.expect_end().ended("eof")


def several_activated():
    for n in "2", "3", "100":
        s = activated(env={"LISTEN_FDS": n})
        s.exits(64).says("LISTEN_FDS")
        check(s.rest()[0], b"", "told to the client")


def terminal():
    keyboard, screen = pty.openpty()
    p = Process((), {0: screen, 1: screen})
    p.exits(64).says("terminal")
    p = Process((), {0: screen, 1: screen, 2: screen})
    p.exits(64)
    check(os.read(keyboard, 4096).strip().count(b"\n"), 0, "further lines on the screen")


def listening_socket():
    up = Listener()
    Process((), {0: up.sock, 1: up.sock}).exits(64).says("Accept=yes", "nowait")
    null = open("/dev/null", "r+b", buffering=0)
    p = Process((), {0: null, 1: null, 3: up.sock}, env={"LISTEN_PID": SELF, "LISTEN_FDS": "1"})
    p.exits(64).says("Accept=yes")
    Process((), {0: up.sock, 1: up.sock, 2: up.sock}).exits(64)


def datagram_socket():
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    Process((), {0: theirs, 1: theirs}).exits(64).says("stream", "nowait")
    null = open("/dev/null", "r+b", buffering=0)
    p = Process((), {0: null, 1: null, 3: null}, env={"LISTEN_PID": SELF, "LISTEN_FDS": "1"})
    p.exits(64).says("descriptor 3", "Accept=yes")


def positional_argument():
    for words in ("1080",), ("127.0.0.1", "1080"), ("--log", "stderr", "1080"), ("--", "1080"):
        s = inetd(*words)
        s.exits(64).says("1080" if words[0] != "127.0.0.1" else words[0], "systemd", "inetd",
                         "picosocks5(8)")
        check(s.rest()[0], b"", "told to the client")


def stderr_of_client():
    up = Listener()

    def ways(*options):
        yield classic(*options)
        client, server = tcp_pair()
        yield activated(*options, pair=(client, server), fds={2: server})
        a, b = socket.socketpair()
        yield inetd(*options, pair=(a, b), fds={2: b})

    for s in ways("--log-level", "debug"):
        far = s.connect(up)
        far.send(b"all").close()
        s.shut().expect_end(data=b"all").exits(0)
    for s in ways():  # refused
        s.refused(5, "127.0.0.1", closed_port()).exits(0)
    for s in ways():  # not even SOCKS
        s.send(b"GET / HTTP/1.0\r\n\r\n")
        check(s.rest()[0], b"", "told to the client")
        s.exits(0)
    for options in ("--log", "stderr"), ("--log", "stderr", "--log-level", "debug"):
        for s in ways(*options):
            s.refused(5, "127.0.0.1", closed_port()).exits(0)
    for options, status in ((("--bogus",), 64), (("--idle-timeout", "soon"), 64), (("1080",), 64),
                            (("--config", tmp("missing")), 78),
                            (("--config", tmp("bad", "bogus\n")), 78)):
        for s in ways(*options):
            check(s.rest()[0], b"", "told to the client")
            s.exits(status)
    for s in ways():
        far = s.connect(up)
        s.kill(15)
        s.expect_end()
        far.expect_end()
        s.exits(0)


def stderr_in_pipe_of_client():
    r, w = os.pipe()
    r0, w0 = os.pipe()
    with open(r0, "rb", 0) as mine0, open(w, "wb", 0) as mine1:
        s = Session((), (open(r, "rb", 0), open(w0, "wb", 0)), {0: mine0, 1: mine1, 2: mine1})
    s.refused(5, "127.0.0.1", closed_port()).exits(0)


def usage_message():
    s = inetd("--bogus")
    s.exits(64).says("--bogus")
    check(s.rest()[0], b"", "told to the client")


def address_of_socket():
    s = inetd()
    s.connect(Listener()).close()
    s.shut()
    s.ended("eof", client="%s:%d" % s.name)
    s = inetd(host="::1")
    s.connect(Listener()).close()
    s.shut()
    s.ended("eof", client="[%s]:%d" % s.name)
    s = inetd(family=socket.AF_INET6)  # mapped
    s.connect(Listener()).close()
    s.shut()
    s.ended("eof", client="%s:%d" % s.name)
    s = activated()
    who = "%s:%d" % s.sock.getsockname()
    s.connect(Listener()).close()
    s.shut()
    s.ended("eof", client=who)


def client_on_another_host():
    isolate()
    away = Elsewhere()

    def over_there(here, there):
        door = Listener(here)
        with away:
            client = socket_to(here, door.port)
        return client, door.accept().sock

    def socket_to(host, port):
        return socket.create_connection((host, port), PATIENCE)

    for here, there in zip(away.HERE, away.THERE):
        s = inetd(pair=over_there(here, there))
        s.kept_out(Listener(here), client=("[%s]:%d" if ":" in here else "%s:%d") % s.name)


def variables_of_superservers():
    up = Listener()
    for env, client in (
        ({"PROTO": "TCP", "TCPREMOTEIP": "192.0.2.7", "TCPREMOTEPORT": "51312"}, "192.0.2.7:51312"),
        ({"PROTO": "TCP", "TCPREMOTEIP": "2001:db8::7", "TCPREMOTEPORT": "1"}, "[2001:db8::7]:1"),
        ({"PROTO": "TCP", "TCPREMOTEIP": "::ffff:192.0.2.7", "TCPREMOTEPORT": "2"}, "192.0.2.7:2"),
        ({"TCPREMOTEIP": "192.0.2.7", "TCPREMOTEPORT": "3"}, "192.0.2.7:3"),
        ({"PROTO": "SSL", "SSLREMOTEIP": "192.0.2.8", "SSLREMOTEPORT": "4"}, "192.0.2.8:4"),
        ({"REMOTE_ADDR": "192.0.2.9", "REMOTE_PORT": "5"}, "192.0.2.9:5"),
        ({"REMOTE_ADDR": "2001:db8::9", "REMOTE_PORT": "6"}, "[2001:db8::9]:6"),
        ({"REMOTE_HOST": "192.0.2.10", "REMOTE_PORT": "7"}, "192.0.2.10:7"),
        ({"SOCAT_PEERADDR": "192.0.2.12", "SOCAT_PEERPORT": "8", "SOCAT_SOCKADDR": "127.0.0.1"},
         "192.0.2.12:8"),
        ({"SOCAT_PEERADDR": "[2001:0db8:0000:0000:0000:0000:0000:0007]", "SOCAT_PEERPORT": "9"},
         "[2001:db8::7]:9"),
        ({"SOCAT_PEERADDR": "[0000:0000:0000:0000:0000:ffff:c000:020d]", "SOCAT_PEERPORT": "10"},
         "192.0.2.13:10"),
        ({"NCAT_REMOTE_ADDR": "192.0.2.14", "NCAT_REMOTE_PORT": "11", "NCAT_PROTO": "TCP"},
         "192.0.2.14:11"),
        ({"NCAT_REMOTE_ADDR": "2001:db8::15", "NCAT_REMOTE_PORT": "12"}, "[2001:db8::15]:12"),
        ({"SSH_CONNECTION": "192.0.2.16 13 127.0.0.1 22", "SSH_CLIENT": "192.0.2.16 13 22"},
         "192.0.2.16:13"),
        ({"SSH_CONNECTION": "2001:db8::16 14 ::1 22"}, "[2001:db8::16]:14"),
        # The superserver was started in an ssh login: its own client counts, not that of sshd.
        ({"SSH_CONNECTION": "127.0.0.1 13 127.0.0.1 22", "SOCAT_PEERADDR": "192.0.2.17",
          "SOCAT_PEERPORT": "15"}, "192.0.2.17:15"),
    ):
        for start in pipes, unix:
            start(env=env).kept_out(up, client=client)
    s = pipes(env={"REMOTE_HOST": "192.0.2.11"}).kept_out(up)  # xinetd gives no port
    check(s.log["client"].partition(":")[0], "192.0.2.11")


def loopback_in_variables():
    up = Listener()
    for addr in "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1":
        for env in (None, {"SOCAT_PEERADDR": addr}, {"NCAT_REMOTE_ADDR": addr},
                    {"SSH_CONNECTION": addr + " 1 127.0.0.1 22"}):
            s = pipes(env=env) if env else remote(addr=addr)
            far = s.connect(up)
            far.close()
            s.shut().expect_end().ended("eof")


def socket_before_variables():
    up = Listener()
    for env in ({"PROTO": "TCP", "TCPREMOTEIP": "192.0.2.7", "TCPREMOTEPORT": "9"},
                {"REMOTE_ADDR": "192.0.2.7", "REMOTE_PORT": "9"}, {"REMOTE_HOST": "nonsense"},
                {"SOCAT_PEERADDR": "192.0.2.7"}, {"SSH_CONNECTION": "192.0.2.7 1 192.0.2.8 22"},
                {"X_REMOTEIP": "192.0.2.7"}):
        s = inetd(env=env)
        far = s.connect(up)
        far.close()
        s.shut().expect_end().ended("eof", client="%s:%d" % s.name)


def pair_of_stunnel():
    """A TCP connection of the superserver to itself tells nothing of the client."""
    up = Listener()
    named = {"REMOTE_HOST": "192.0.2.7", "REMOTE_PORT": "40000"}
    s = inetd(env=named).kept_out(up, client="192.0.2.7:40000")
    s = inetd("--allow", "from 192.0.2.7 to loopback", env=named)
    s.connect(up).close()
    s.shut().expect_end().ended("eof", client="192.0.2.7:40000")
    # The address that the client has reached is not that of the pair.
    s = inetd("--allow", "from 192.0.2.7 to loopback via same", env=named)
    s.refused(1, up.host, up.port)
    s.ended("failed", error="the route has same, but the address that the client reached is not "
            "known")
    # xinetd tells the same address as the socket, and so does a client of stunnel on this host.
    for port in {"REMOTE_PORT": "40000"}, {}:
        s = inetd(env={"REMOTE_HOST": "127.0.0.1", **port})
        s.connect(up).close()
        s.shut().expect_end().ended("eof")


def variables_not_understood():
    up = Listener()
    for env in (
        *({"PROTO": "TCP", "TCPREMOTEIP": ip, "TCPREMOTEPORT": "9"} for ip in
          ("999.1.1.1", "localhost", "127.0.0.1x", "127.0.0.1:80", " ", "127.1", "0x7f.0.0.1",
           "::1%lo", "2130706433", "127.0.0.1\n", "1" * 5000)),
        {"PROTO": "SSL", "SSLREMOTEIP": "somewhere", "SSLREMOTEPORT": "4"},
        {"REMOTE_ADDR": "unknown"},
        {"REMOTE_HOST": "localhost"},
        {"REMOTE_HOST": "client.example.com"},
        {"PROTO": "TCP", "TCPREMOTEIP": "nonsense", "REMOTE_ADDR": "127.0.0.1"},
        *({"SOCAT_PEERADDR": a}
          for a in ("", "client.example.com", "2:1080", "127.0.0.1:80", "<anon")),
        *({"NCAT_REMOTE_ADDR": a} for a in ("", "localhost", "vsock:3")),
        *({"SSH_CONNECTION": a}
          for a in ("", "127.0.0.1", "127.0.0.1 1 127.0.0.1", "UNKNOWN 1 UNKNOWN 2",
                    "fe80::1%eth0 1 fe80::2%eth0 22", "127.0.0.1 1 127.0.0.1 22 more",
                    " 127.0.0.1 1 127.0.0.1 22")),
    ):
        for start in pipes, unix:
            s = start(env=env).kept_out(up)
            check(s.log.get("client"), "unknown")


def unknown_superserver():
    up = Listener()
    names = ("SOCAT2_PEERADDR", "PEERADDR", "X_REMOTE_ADDR", "HTTP_REMOTE_ADDR", "UDPREMOTEIP",
             "REMOTEIP", "MY_REMOTE_HOST")
    others = itertools.cycle(itertools.product(({}, {"SSH_CONNECTION": "127.0.0.1 1 127.0.0.1 22"}),
                                               (pipes, unix)))
    for name, value in itertools.product(names, ("127.0.0.1", "::1", "", "/run/socket", " ")):
        more, start = next(others)
        start(env={name: value, **more}).kept_out(up, client="unknown")
    # These names end differently and are not a client's address.
    env = {"PEERADDRS": "x", "REMOTE_ADDR_": "x", "REMOTEHOST": "192.0.2.1", "PEERPORT": "1",
           "OTHER": "REMOTE_ADDR=192.0.2.1", "REMOTE_USER": "x", "SSH_TTY": "/dev/pts/1"}
    for start in pipes, unix:
        s = start(env=env)
        far = s.connect(up)
        far.close()
        s.shut().expect_end().ended("eof", client="local")


def socat_on_unix_socket():
    up = Listener()
    for start in pipes, unix:
        s = start(env={"SOCAT_PEERADDR": "<anon>", "SOCAT_SOCKADDR": "/run/socks"})
        far = s.connect(up)
        far.close()
        s.shut().expect_end().ended("eof", client="local")


def gone_or_silent():
    for start in EVERY_WAY:
        s = start()
        s.close()
        s.exits(0)
    for start in inetd, classic, activated:
        s = start()
        s.reset()
        s.exits(0)
    for i in range(20):  # the client leaves before the program has started
        client, server = tcp_pair()
        End(client).reset()
        s = Process((), {0: server, 1: server})
        server.close()
        s.exits(0)
    for start in inetd, unix, pipes:  # a health check draws no warning
        s = start("--log-level", "warning")
        s.close()
        s.exits(0)
        check(s.stderr(), "")
    for start in EVERY_WAY:  # the client leaves in the middle of a message
        for n in 1, 2, 3, 7, 12:
            s = start()
            s.send((GREETING + request("127.0.0.1", 1))[:n])
            s.close()
            s.exits(0)


def closed_descriptors():
    up = Listener()
    for start, shut in ((inetd, {2: None}), (inetd, {1: None, 2: None}),
                        (activated, {0: None, 1: None, 2: None}), (activated, {1: None}),
                        (pipes, {2: None}), (unix, {2: None})):
        s = start("--log", "stderr", "--log-level", "debug", fds=shut)
        far = s.connect(up)
        s.send(b"up")
        far.expect(b"up").silent(0.05)
        far.send(b"down")
        s.expect(b"down")
        end_both(s, far).exits(0)


def inherited_descriptors():
    r, w = os.pipe()
    s = inetd(fds={9: w, 40: w})
    os.close(w)
    far = s.connect(Listener())
    End(open(r, "rb", 0)).expect_end()
    far.close()
    s.shut().expect_end().ended("eof")


def inherited_signals_and_umask():
    every = set(signal.Signals)
    up = Listener()
    for how in {"block": every}, {"ignore": {signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD,
                                             signal.SIGPIPE}}, {"umask": 0}, {"umask": 0o777}:
        inetd("--handshake-timeout", "200ms", **how).expect_end().ended("timeout")
        s = inetd(**how)
        far = s.connect(up)
        if KIND not in ("valgrind",):  # valgrind's own process
            assert "Umask:\t0077\n" in open(f"/proc/{s.pid}/status").read()
        s.kill(signal.SIGTERM)
        s.expect_end()
        far.expect_end()
        far.close()
        s.ended("signal")
        s = pipes(**how)  # nobody reads the bytes from the far end
        far = s.connect(up)
        s.r.close()
        far.send(b"into the void").expect_end(RESET)
        s.w.close()
        s.exits(0)


def nonblocking_descriptors():
    client, server = tcp_pair()
    server.setblocking(False)
    s = inetd(pair=(client, server))
    pause(0.1)
    far = s.connect(Listener())
    flow(s, far, MIB)
    flow(far, s, MIB)
    far.close()
    s.shut().expect_end().ended("eof")


def shared_stderr():
    for start in inetd, pipes:
        r, w = os.pipe()
        s = start(fds={2: w})
        far = s.connect(Listener())
        flow(s, far, MIB)
        flow(far, s, MIB)
        far.close()
        s.shut().expect_end().exits(0)
        check(fcntl.fcntl(w, fcntl.F_GETFL) & os.O_NONBLOCK, 0)
        check(one_line(os.read(r, 4096).decode())["end"], "eof")


def unusable_configuration():
    for options, status in ((("--bogus",), 64), (("--config", tmp("none")), 78),
                            (("--config", tmp("bad", "family ipv5\n")), 78)):
        for start in EVERY_WAY:
            s = start(*options)
            check(s.rest()[0], b"", "told to the client")
            s.exits(status)
