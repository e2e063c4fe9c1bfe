# SPDX-License-Identifier: GPL-3.0-or-later
# Perl's IO::Socket::Socks, as its own documentation uses it.
#
#   perl socks.pl WHAT PROXY HOST PORT
#
# connect, connect4 and connect4a fetch the page at http://HOST:PORT/ and print it. bind and bind4
# are visited from here and say what they heard from the visitor; udp sends a datagram to an echo
# server and prints what comes back. resolve and resolve-ptr print what the proxy says about HOST.
# $PROXY_USER and $PROXY_PASSWORD are who asks.

# The module has no word for Tor's commands: they are a CONNECT with another number.
package Tor;
use strict;
use warnings;
use IO::Socket::Socks ':constants';
our @ISA = 'IO::Socket::Socks';
our $number;

sub _socks5_connect_command {
	my $self = shift;
	return $self->SUPER::_socks5_connect_command($number);
}

package main;
use IO::Socket::IP;
use Socket qw(getnameinfo NI_NUMERICHOST NI_NUMERICSERV);

my ($what, $proxy, $host, $port) = @ARGV;
my ($proxy_host, $proxy_port) = $proxy =~ /^\[?(.*?)\]?:(\d+)$/;

sub through {
	my ($class, %more) = @_;
	my $user = $ENV{PROXY_USER};
	my %who = defined $user ? (AuthType => 'userpass', RequireAuth => 1, Username => $user,
		Password => $ENV{PROXY_PASSWORD}) : ();
	%who = (Username => 'perl') if ($more{SocksVersion} // 5) == 4;
	return $class->new(ProxyAddr => $proxy_host, ProxyPort => $proxy_port, Timeout => 60, %who, %more)
		|| die "$IO::Socket::Socks::SOCKS_ERROR\n";
}

sub page {
	my $s = through('IO::Socket::Socks', ConnectAddr => $host, ConnectPort => $port, @_);
	$s->print("GET / HTTP/1.0\r\n\r\n");
	$s->flush;
	my $answer = do { local $/; <$s> };
	return ($answer =~ /\r\n\r\n(.*)/s)[0];
}

# Who comes from HOST is let in: a child, which sends what it is told and ends.
sub visited {
	my $s = through('IO::Socket::Socks', BindAddr => $host, BindPort => 0, @_);
	my ($at, $bound) = $s->dst;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		$s->close;
		my $visitor = IO::Socket::IP->new(PeerHost => $at, PeerPort => $bound, LocalHost => $host)
			or die "visitor: $@";
		$visitor->print("came ", $visitor->sockhost, ":", $visitor->sockport, "\n");
		print $visitor "heard ", scalar <$visitor>;
		exit;
	}
	$s->accept or die "$IO::Socket::Socks::SOCKS_ERROR\n";
	my ($peer, $peer_port) = $s->dst;
	my $said = <$s>;
	$said eq "came $peer:$peer_port\n" or die "accepted $peer:$peer_port, who said: $said";
	$s->syswrite("welcome\n");
	my $heard = <$s>;
	waitpid $pid, 0;
	return $heard;
}

sub datagram {
	my $s = through('IO::Socket::Socks', UdpAddr => '0.0.0.0', UdpPort => 0);
	my $sent = 'a datagram ' x 100;
	$s->send($sent, 0, [$host, $port]) or die "send: $!";
	alarm 60;
	my $from = $s->recv(my $got, 65536) // die "recv: $!";
	my (undef, $address, $origin) = getnameinfo($from, NI_NUMERICHOST | NI_NUMERICSERV);
	$got eq $sent or die "echoed: $got";
	return "$address:$origin\n";
}

sub tor {
	($Tor::number, my @more) = @_;
	my $s = through('Tor', ConnectAddr => $host, ConnectPort => 0, @more);
	return ($s->dst)[0] . "\n";
}

my %do = (
	connect => sub { page() },
	connect4 => sub { page(SocksVersion => 4) },
	connect4a => sub { page(SocksVersion => 4, SocksResolve => 1) },
	bind => sub { visited() },
	bind4 => sub { visited(SocksVersion => 4) },
	udp => sub { datagram() },
	resolve => sub { tor(0xf0) },
	'resolve-ptr' => sub { tor(0xf1, SocksResolve => 0) },
);
binmode STDOUT;
print $do{$what}->();
