<?php
// SPDX-License-Identifier: GPL-3.0-or-later
// PHP's curl, as its manual uses it.
//
//   php socks.php TYPE PROXY HOST PORT     PROXY is host:port or the path of a unix socket
//
// Fetches the page at http://HOST:PORT/ and prints it; TYPE is the end of a name of PHP's:
// SOCKS5, SOCKS5_HOSTNAME, SOCKS4, SOCKS4A. $PROXY_USER and $PROXY_PASSWORD are who asks.

[, $type, $proxy, $host, $port] = $argv;
$curl = curl_init();
curl_setopt_array($curl, [
	CURLOPT_URL => 'http://' . (strpos($host, ':') === false ? $host : "[$host]") . ":$port/",
	CURLOPT_PROXY => $proxy[0] === '/' ? "localhost$proxy" : $proxy,
	CURLOPT_PROXYTYPE => constant("CURLPROXY_$type"),
	CURLOPT_RETURNTRANSFER => true,
	CURLOPT_TIMEOUT => 60,
]);
if (getenv('PROXY_USER') !== false) {
	curl_setopt($curl, CURLOPT_PROXYUSERPWD, getenv('PROXY_USER') . ':' . getenv('PROXY_PASSWORD'));
}
$page = curl_exec($curl);
if ($page === false) {
	fwrite(STDERR, curl_error($curl) . "\n");
	exit(1);
}
echo $page;
