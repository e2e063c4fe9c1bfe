// SPDX-License-Identifier: GPL-3.0-or-later
// Go's SOCKS clients, as their documentation uses them.
//
//	socks WHAT PROXY HOST PORT     PROXY is host:port or the path of a unix socket
//
// Fetches the page at http://HOST:PORT/ and prints it: dial by golang.org/x/net/proxy, transport
// by net/http, which has a client of its own. $PROXY_USER and $PROXY_PASSWORD are who asks.
package main

import (
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"golang.org/x/net/proxy"
)

func dial(at string) *http.Transport {
	var auth *proxy.Auth
	if user := os.Getenv("PROXY_USER"); user != "" {
		auth = &proxy.Auth{User: user, Password: os.Getenv("PROXY_PASSWORD")}
	}
	network := "tcp"
	if strings.HasPrefix(at, "/") {
		network = "unix"
	}
	dialer, err := proxy.SOCKS5(network, at, auth, proxy.Direct)
	if err != nil {
		log.Fatal(err)
	}
	return &http.Transport{Dial: dialer.Dial}
}

func transport(at string) *http.Transport {
	through := &url.URL{Scheme: "socks5", Host: at}
	if user := os.Getenv("PROXY_USER"); user != "" {
		through.User = url.UserPassword(user, os.Getenv("PROXY_PASSWORD"))
	}
	return &http.Transport{Proxy: http.ProxyURL(through)}
}

func main() {
	var how *http.Transport
	if os.Args[1] == "dial" {
		how = dial(os.Args[2])
	} else {
		how = transport(os.Args[2])
	}
	client := http.Client{Transport: how}
	answer, err := client.Get("http://" + net.JoinHostPort(os.Args[3], os.Args[4]) + "/")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(os.Stdout, answer.Body); err != nil {
		log.Fatal(err)
	}
}
