// SPDX-License-Identifier: GPL-3.0-or-later
// In place of the SOCKS server that socks-proxy-agent's tests start: ours, which runs already.
'use strict';

exports.auth = { None() {} };

exports.createServer = () => ({
	listen: (port, host, done) => process.nextTick(done),
	address: () => ({ port: Number(process.env.SOCKS_PORT) }),
	useAuth() {},
	once: (event, done) => process.nextTick(done),
	close() {},
});
