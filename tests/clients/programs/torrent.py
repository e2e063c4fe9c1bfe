# SPDX-License-Identifier: GPL-3.0-or-later
"""libtorrent, as BitTorrent clients use it: one that has a file, and one that gets it by the proxy.

    python3 torrent.py seed HOST PORT FILE TORRENT     has FILE, until it is killed
    python3 torrent.py WHAT PROXY HOST PORT TORRENT FOLDER

The seed writes TORRENT. It is a peer and a node of the DHT at HOST's PORT, in UDP alone, and a
tracker at the next port, in HTTP and in UDP. Each WHAT but dht gets the file and prints its text:
peer is told where the seed is; http and udp are told its tracker. dht puts a text into the DHT, and
says whether another session finds it there. $PROXY_USER and $PROXY_PASSWORD are the user name and
password.
"""

import http.server
import os
import socket
import struct
import sys
import threading
import time

import libtorrent as lt

WAIT = 60
said = []
# Only the network of the test, and only datagrams between peers.
QUIET = {"enable_lsd": False, "enable_natpmp": False, "enable_upnp": False, "enable_dht": False,
         "enable_outgoing_tcp": False, "enable_incoming_tcp": False, "dht_bootstrap_nodes": "",
         "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
         "alert_mask": lt.alert.category_t.all_categories}


def seed(host, port, path, torrent):
    files = lt.file_storage()
    lt.add_files(files, path)
    made = lt.create_torrent(files)
    lt.set_piece_hashes(made, os.path.dirname(path))
    with open(torrent + ".new", "wb") as f:
        f.write(lt.bencode(made.generate()))
    # All of its peers have the proxy's address, and some leave without telling it.
    session = lt.session({**QUIET, "listen_interfaces": f"{host}:{port}", "enable_dht": True,
                          "allow_multiple_connections_per_ip": True, "unchoke_slots_limit": -1})
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(torrent + ".new")
    params.save_path = os.path.dirname(path)
    session.add_torrent(params)
    peer = socket.inet_aton(host) + struct.pack("!H", port)
    threading.Thread(target=udp_tracker, args=(host, port + 1, peer), daemon=True).start()
    os.rename(torrent + ".new", torrent)
    http_tracker(host, port + 1, peer)


def http_tracker(host, port, peer):
    class Tracker(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answer = lt.bencode({"interval": 1800, "peers": peer})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

    http.server.ThreadingHTTPServer((host, port), Tracker).serve_forever()


def udp_tracker(host, port, peer):
    """BEP 15: answers a request with a connection id, and an announcement with the peer."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((host, port))
    while True:
        data, client = s.recvfrom(2048)
        action, transaction = struct.unpack("!II", data[8:16])
        if action == 0:
            s.sendto(struct.pack("!IIQ", 0, transaction, 1928), client)
        elif action == 1 and data[:8] == struct.pack("!Q", 1928):
            s.sendto(struct.pack("!IIIII", 1, transaction, 1800, 0, 1) + peer, client)


def session(proxy, **more):
    host, _, port = proxy.rpartition(":")
    user = os.environ.get("PROXY_USER")
    kind = lt.proxy_type_t.socks5_pw if user else lt.proxy_type_t.socks5
    return lt.session({
        **QUIET, "listen_interfaces": "127.0.0.1:0", "proxy_type": kind, "proxy_hostname": host,
        "proxy_port": int(port), "proxy_username": user or "",
        "proxy_password": os.environ.get("PROXY_PASSWORD", ""), "proxy_hostnames": True,
        "proxy_peer_connections": True, "proxy_tracker_connections": True, **more})


def give_up():
    sys.exit("\n".join(said[-40:]))


def wait(ses, done, patience=WAIT):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        for alert in ses.pop_alerts():
            said.append(f"{alert.what()}: {alert.message()}")
            if value := done(alert):
                return value
        ses.wait_for_alert(200)
    return None


def get(what, proxy, host, port, torrent, folder):
    """uTP never asks a peer again that it could not reach, and the first attempt fails if the
    proxy's association does not exist yet. So this starts again until it succeeds."""
    ses = session(proxy)
    for _ in range(WAIT // 10):
        params = lt.add_torrent_params()
        params.ti = lt.torrent_info(torrent)
        params.save_path = folder
        if what != "peer":
            params.trackers = [f"{what}://{host}:{port + 1}/announce"]
        handle = ses.add_torrent(params)
        if what == "peer":
            handle.connect_peer((host, port))
        if wait(ses, lambda alert: isinstance(alert, lt.torrent_finished_alert), 10):
            handle.flush_cache()
            wait(ses, lambda alert: isinstance(alert, lt.cache_flushed_alert)) or give_up()
            with open(os.path.join(folder, handle.status().name)) as f:
                return f.read()
        ses.remove_torrent(handle)
    return give_up()


def in_dht(proxy, host, port):
    """A session that a node has answered: so it learns the address that the proxy gave it. It only
    asks, so that the seed does not send other peers to it after it has ended."""
    ses = session(proxy, dht_read_only=True)
    for _ in range(WAIT // 2):
        ses.apply_settings({"enable_dht": True, "dht_bootstrap_nodes": f"{host}:{port}"})
        if wait(ses, lambda alert: isinstance(alert, lt.external_ip_alert), 2):
            return ses
        ses.apply_settings({"enable_dht": False})
    sys.exit("no node of the DHT answers")


def dht(*where):
    one, text = in_dht(*where), os.urandom(20).hex()
    target = one.dht_put_immutable_item(text)
    wait(one, lambda alert: isinstance(alert, lt.dht_put_alert) and alert.num_success) or give_up()
    other = in_dht(*where)
    other.dht_get_immutable_item(target)
    found = wait(other, lambda alert: isinstance(alert, lt.dht_immutable_item_alert) and alert)
    return "found" if found and found.item["value"] == text.encode() else give_up()


what = sys.argv[1]
if what == "seed":
    seed(sys.argv[2], int(sys.argv[3]), *sys.argv[4:])
proxy, host, port = sys.argv[2], sys.argv[3], int(sys.argv[4])
sys.stdout.write(dht(proxy, host, port) if what == "dht" else
                 get(what, proxy, host, port, *sys.argv[5:]))
sys.stdout.flush()
os._exit(0)  # a session waits until its trackers have answered its last message
