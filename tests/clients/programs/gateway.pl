# SPDX-License-Identifier: GPL-3.0-or-later
# A client on one side of a gateway, of a host on its other side, by Perl's IO::Socket::Socks.
#
#   perl gateway.pl bind|udp PROXY-ADDRESS PROXY-PORT
#
# Prints the address that the proxy replies, then what comes from there.
use strict;
use IO::Socket::Socks;
use Socket;
my ($how, $host, $port) = @ARGV;
my %proxy = (ProxyAddr => $host, ProxyPort => $port, SocksVersion => 5, Timeout => 60);
$| = 1;
if ($how eq "bind") {
	my $s = IO::Socket::Socks->new(%proxy, BindAddr => "198.51.101.2", BindPort => 20) or die $SOCKS_ERROR;
	print join(" ", $s->dst()), "\n";
	$s->accept() or die $SOCKS_ERROR;
	$s->syswrite("hello\n");
	print $s->getline();
} else {
	my $s = IO::Socket::Socks->new(%proxy, UdpAddr => "0.0.0.0", UdpPort => 0) or die $SOCKS_ERROR;
	print join(" ", $s->dst()), "\n";
	$s->send("hello", 0, scalar sockaddr_in(7000, inet_aton("198.51.101.2"))) or die $!;
	defined $s->recv(my $data, 50) or die $!;
	print "$data\n";
}
