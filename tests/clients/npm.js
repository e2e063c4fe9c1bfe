// SPDX-License-Identifier: GPL-3.0-or-later
// The npm packages socks and socks-proxy-agent, as their own documentation uses them.
//
//   node npm.js WHAT PROXY [HOST PORT]   PROXY is host:port or the path of a unix socket
//
// connect and agent fetch a page and print it, associate and bind check an echo. $PROXY_USER and
// $PROXY_PASSWORD are who asks.
'use strict';

const { createRequire } = require('module');
const load = createRequire(process.env.MODULES + '/');
const { SocksClient } = load('socks');
const [what, proxy, host, port] = process.argv.slice(2);
const destination = { host, port: Number(port) };

function die(error) {
	console.error(error);
	process.exit(1);
}

// How to reach the proxy: over TCP, or over a socket that is open already.
function options(command, target, then) {
	const { PROXY_USER: userId, PROXY_PASSWORD: password } = process.env;
	const how = {
		proxy: { host: 'localhost', port: 1080, type: 5, userId, password },
		command,
		destination: target,
	};
	if (proxy.startsWith('/')) {
		how.existing_socket = require('net').connect(proxy, () => then(how));
		how.existing_socket.on('error', die);
	} else {
		[, how.proxy.host, how.proxy.port] = proxy.match(/^(.*):(\d+)$/);
		how.proxy.port = Number(how.proxy.port);
		then(how);
	}
}

function connect() {
	options('connect', destination, async (how) => {
		const { socket } = await SocksClient.createConnection(how).catch(die);
		socket.on('error', die);
		socket.write(`GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
		let page = '';
		socket.on('data', (data) => { page += data; });
		socket.on('end', () => process.stdout.write(page.split('\r\n\r\n')[1]));
		socket.resume();
	});
}

function agent() {
	const { SocksProxyAgent } = load('socks-proxy-agent');
	const how = { agent: new SocksProxyAgent(`socks5h://${proxy}`) };
	require('http').get(`http://${host}:${port}/`, how, (answer) => {
		answer.pipe(process.stdout);
	}).on('error', die);
}

// A datagram of each size to an echo server and back.
function associate() {
	const udp = require('dgram').createSocket('udp4');
	const sizes = [1, 1200, 9000];
	options('associate', { host: '0.0.0.0', port: 0 }, (how) => {
		const client = new SocksClient(how);
		client.on('error', die);
		client.on('established', (info) => {
			const relay = info.remoteHost;
			let data;
			const send = () => {
				data = Buffer.alloc(sizes.shift(), 'x');
				const frame = SocksClient.createUDPFrame({ remoteHost: destination, data });
				udp.send(frame, relay.port, relay.host);
			};
			udp.on('message', (message) => {
				const { remoteHost, data: back } = SocksClient.parseUDPFrame(message);
				if (!back.equals(data) || remoteHost.port !== destination.port)
					die(remoteHost);
				if (sizes.length)
					return send();
				console.log('echoed');
				process.exit(0);
			});
			send();
		});
		client.connect(how.existing_socket);
	});
}

// Somebody connects to where the proxy says, and both ends hear one another.
function bind() {
	options('bind', { host: '0.0.0.0', port: 0 }, (how) => {
		const client = new SocksClient(how);
		let visitor;
		client.on('error', die);
		client.on('bound', (info) => {
			const { port: at, host: where } = info.remoteHost;
			visitor = require('net').connect(at, where);
			visitor.on('data', (data) => visitor.end(data));
		});
		client.on('established', (info) => {
			if (info.remoteHost.port !== visitor.localPort)
				die(info);
			let heard = '';
			info.socket.on('data', (data) => { heard += data; });
			info.socket.on('end', () => {
				console.log(heard);
				process.exit(heard === 'echoed' ? 0 : 1);
			});
			info.socket.write('echoed');
			info.socket.resume();
		});
		client.connect(how.existing_socket);
	});
}

({ connect, agent, associate, bind })[what]();
