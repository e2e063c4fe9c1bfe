// SPDX-License-Identifier: GPL-3.0-or-later
// Java's own SOCKS client, as its documentation uses it.
//
//   java Socks WHAT PROXY HOST PORT
//
// Fetches the page at http://HOST:PORT/ and prints it: socket by a Socket that is given a Proxy,
// url by a URLConnection under the property socksProxyHost, url4 the same in SOCKS 4. (By itself
// Java turns to SOCKS 4 only if a proxy answers its greeting with another version than 5.)
// $PROXY_USER and $PROXY_PASSWORD are who asks.

import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;

class Socks {
	static InputStream socket(InetSocketAddress proxy, String host, int port) throws Exception {
		Socket s = new Socket(new Proxy(Proxy.Type.SOCKS, proxy));
		s.connect(InetSocketAddress.createUnresolved(host, port));
		s.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes());
		InputStream in = s.getInputStream();
		for (int ends = 0; ends < 2; ) {	// the head's empty line
			int c = in.read();
			if (c < 0)
				throw new Exception("no page");
			if (c != '\r')
				ends = c == '\n' ? ends + 1 : 0;
		}
		return in;
	}

	static InputStream url(InetSocketAddress proxy, String host, int port) throws Exception {
		System.setProperty("socksProxyHost", proxy.getHostString());
		System.setProperty("socksProxyPort", "" + proxy.getPort());
		return new URL("http", host.contains(":") ? "[" + host + "]" : host, port, "/").openStream();
	}

	public static void main(String[] args) throws Exception {
		String user = System.getenv("PROXY_USER"), password = System.getenv("PROXY_PASSWORD");
		if (user != null)
			Authenticator.setDefault(new Authenticator() {
				protected PasswordAuthentication getPasswordAuthentication() {
					return new PasswordAuthentication(user, password.toCharArray());
				}
			});
		int colon = args[1].lastIndexOf(':');
		InetSocketAddress proxy = new InetSocketAddress(args[1].substring(0, colon),
			Integer.parseInt(args[1].substring(colon + 1)));
		if (args[0].equals("url4"))
			System.setProperty("socksProxyVersion", "4");
		int port = Integer.parseInt(args[3]);
		InputStream page = args[0].equals("socket") ? socket(proxy, args[2], port)
			: url(proxy, args[2], port);
		page.transferTo(System.out);
		System.out.flush();
	}
}
