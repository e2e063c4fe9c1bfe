# SPDX-License-Identifier: GPL-3.0-or-later
# The superserver of ./bootstrap run: starts PROGRAM for each connection, which is its standard input
# and output, until a signal comes; then ends what it has started. Without PROGRAM, it only tells
# whether it could listen there. It needs nothing but Perl, which comes with autoconf.
#
#     perl listener.pl ADDRESS:PORT [PROGRAM [ARGUMENT...]]
use strict;
use POSIX qw(WNOHANG dup2);
use Socket qw(AF_INET AF_INET6 SOCK_STREAM SOL_SOCKET SO_REUSEADDR SOMAXCONN inet_pton
	pack_sockaddr_in pack_sockaddr_in6 unpack_sockaddr_in unpack_sockaddr_in6);

sub fail {
	my $status = shift;
	print STDERR "bootstrap: ", @_, "\n";
	exit $status;
}

my ($at, @program) = @ARGV;
my ($four, $six, $port) = $at =~ /^(?:([0-9.]+)|\[([0-9a-fA-F:.]+)\]):([0-9]{1,5})\z/;
my $family = defined $six ? AF_INET6 : AF_INET;
my $address = inet_pton($family, $six // $four // "");
defined $address && $port < 65536
	or fail 64, "PICOSOCKS5_LISTEN=$at: expected ADDRESS:PORT with a numeric address,",
		" for example 127.0.0.1:1081 or [::1]:1081";

my $name = defined $six ? pack_sockaddr_in6($port, $address) : pack_sockaddr_in($port, $address);
my $socket;
socket($socket, $family, SOCK_STREAM, 0)
	&& setsockopt($socket, SOL_SOCKET, SO_REUSEADDR, 1)
	&& bind($socket, $name)
	&& listen($socket, SOMAXCONN)
	or fail 1, "cannot listen on $at: $!. To listen elsewhere, type:",
		" PICOSOCKS5_LISTEN=127.0.0.1:1081 ./bootstrap run";
exit if !@program;

my ($stop, %session);
$SIG{$_} eq "IGNORE" or $SIG{$_} = sub { $stop = 1 } for qw(HUP INT TERM);

sub reap {
	while ((my $pid = waitpid(-1, WNOHANG)) > 0) {
		delete $session{$pid};
	}
}

$name = getsockname $socket;
($port) = defined $six ? unpack_sockaddr_in6($name) : unpack_sockaddr_in($name);
$at =~ s/[0-9]+\z/$port/;
$0 = "bootstrap run on $at";
print STDERR "serving on $at; try: curl --socks5-hostname $at https://example.org/",
	" (Ctrl-C stops it)\n";
until ($stop) {
	reap();
	# A signal that comes just before select() does not end it: so look again each second.
	vec(my $ready = "", fileno($socket), 1) = 1;
	select($ready, undef, undef, 1) > 0 or next;
	accept(my $client, $socket) or next;
	my $pid = fork;
	if (!defined $pid) {
		print STDERR "bootstrap: cannot start a process: $!\n";
	} elsif ($pid) {
		$session{$pid} = 1;
	} else {
		dup2(fileno($client), $_) for 0, 1;
		exec { $program[0] } @program or print STDERR "bootstrap: $program[0]: $!\n";
		POSIX::_exit(127);
	}
}
close $socket;
while (%session) {
	kill TERM => keys %session;
	select(undef, undef, undef, 0.05);
	reap();
}
print STDERR "stopped\n";
