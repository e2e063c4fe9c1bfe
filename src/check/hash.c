/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the scheme, gets the password, and prints the line. Everything secret is in one mapping,
 * which is kept out of core files and wiped. Writes the line with append.c, and nothing else.
 */
#include "check/hash.h"
#include "check/append.h"
#include "check/password.h"
#include "users/compute.h"
#include "users/find.h"
#include "users/setting.h"
#include "users/verify.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

/* The schemes from which one is chosen if --scheme is not given, best first. */
static const enum pwhash_scheme best[] = { PWHASH_YESCRYPT, PWHASH_BCRYPT, PWHASH_SHA512 };

enum { BEST = sizeof(best) / sizeof(*best) };

struct secrets {
	_Alignas(64) char scratch[CRYPT_SCRATCH]; /* for pieces of the file, then for the library */
	struct password password;
	char line[1 + HTPASSWD_NAME_MAX + 1 + PWHASH_MAX + 1 + 1];
};

struct job {
	const struct options *o;
	struct client *client;
	struct secrets *secrets;
	enum pwhash_scheme scheme;
};

static int report(const struct job *job, int status, const char *message)
{
	options_report_to_log(job->client, job->o, message);
	return status;
}

/* Says that the hash can't be computed; err and library are those of verify_scheme(). */
static int cannot(const struct job *job, int err, const char *library)
{
	bool given = job->o->hash.scheme >= 0;
	char buf[300];
	struct text t = TEXT_OF(buf);

	text_str(&t, given ? "--scheme: " : "--hash: ");
	if (err == -ELIBACC)
		text_strs(&t, library,
			  " can't be loaded, and it computes the hash; install the package that "
			  "has it (on Debian libcrypt1 or libmd0)",
			  NULL);
	else if (err != -ENOSYS)
		text_strs(&t, "can't compute the hash: ", strerror(-err), NULL);
	else if (given)
		text_str(&t, "this system or this build can't compute hashes of this scheme; use "
			     "another one");
	else
		text_str(&t, "this system or this build can't compute hashes of yescrypt, bcrypt "
			     "or sha512; --version prints what a build has");
	return report(job, EX_OSERR, buf);
}

/* Tries the scheme before anybody types a password in vain. */
static int choose(struct job *job)
{
	const char *library;
	int err;

	if (job->o->hash.scheme >= 0) {
		job->scheme = (enum pwhash_scheme)job->o->hash.scheme;
		err = verify_scheme(job->scheme, &library);
		return err ? cannot(job, err, library) : 0;
	}
	for (int i = 0; i < BEST; i++) {
		job->scheme = best[i];
		err = verify_scheme(job->scheme, &library);
		if (err != -ENOSYS)
			break;
	}
	return err ? cannot(job, err, library) : 0;
}

static void warn(const struct job *job, size_t line, const char *words, const char *more)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	text_escaped(&t, job->o->users, strlen(job->o->users));
	if (line) {
		text_char(&t, ':');
		text_uint(&t, line);
	}
	text_strs(&t, ": ", words, more, NULL);
	report(job, 0, buf);
}

/* If --users names a file that is there, the user may be in it. */
static void look_for_user(const struct job *job)
{
	struct found_user user = { 0 }, first = { 0 };
	enum users_fault why;
	int fd, err;

	if (!job->o->users)
		return;
	fd = users_open(job->o->users, &why);
	if (fd == -ENOENT)
		return;
	err = fd < 0 ? fd :
		       find_user(fd, job->o->hash.name, strlen(job->o->hash.name),
				 job->secrets->scratch, CRYPT_SCRATCH, &user, &first);
	if (fd < 0 && why != USERS_CANT_OPEN)
		warn(job, 0, users_explain(why), NULL);
	else if (err < 0)
		warn(job, 0, "can't look for the user: ", strerror(-err));
	else if (user.line)
		warn(job, user.line,
		     "the user is there already, and the first line of a name counts; "
		     "delete that line",
		     NULL);
	if (fd >= 0)
		close(fd);
}

static int print(const struct job *job, const char *made)
{
	struct text line = TEXT_OF(job->secrets->line);
	char buf[200];
	struct text why = TEXT_OF(buf);
	int err = append_line(job->o->hash.name, made, &line);

	if (!err)
		return 0;
	text_strs(&why, "can't write the line to standard output: ", strerror(-err), NULL);
	return report(job, EX_OSERR, buf);
}

static int make(const struct job *job)
{
	struct secrets *s = job->secrets;
	char setting[SETTING_SIZE];
	uint8_t random[SETTING_RANDOM];
	const char *made, *library;
	int err;

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return report(job, EX_OSERR, "can't get random bytes for the salt");
	setting_format(job->scheme, random, setting);
	err = compute_hash(job->scheme, s->password.first, setting, s->scratch, &made, &library);
	if (err < 0)
		return cannot(job, err, library);
	return print(job, made);
}

static int ask(const struct job *job)
{
	char buf[200];
	struct text why = TEXT_OF(buf);
	int status = password_get(job->o->hash.name, job->scheme, &job->secrets->password, &why);

	return status ? report(job, status, buf) : make(job);
}

/* A superserver started this: the client would be asked, and answered. */
static bool is_from_network(void)
{
	struct sockaddr sa = { .sa_family = AF_UNIX };
	socklen_t len = sizeof(sa);

	getsockname(STDIN_FILENO, &sa, &len);
	return sa.sa_family != AF_UNIX;
}

/* Nothing has to be ended in order here, as a session has to be. */
static void die_by_signals(void)
{
	sigset_t none;

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

int hash(const struct options *o, struct client *client)
{
	struct job job = { .o = o, .client = client };
	int status;

	die_by_signals();
	if (is_from_network())
		return report(&job, EX_USAGE,
			      "--hash: standard input is a connection; type the command at a "
			      "terminal, or write the password into a pipe");
	job.secrets = mmap(NULL, sizeof(*job.secrets), PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (job.secrets == MAP_FAILED)
		return report(&job, EX_OSERR, "out of memory");
	madvise(job.secrets, sizeof(*job.secrets), MADV_DONTDUMP);
	look_for_user(&job);
	status = choose(&job);
	if (!status)
		status = ask(&job);
	explicit_bzero(job.secrets, sizeof(*job.secrets));
	return status;
}
