/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gives up its places, answers, closes, logs and exits, in this order: the client finds a place
 * again as soon as it sees the end, and never waits for the log.
 */
#include "end/end.h"
#include "base/cold.h"
#include "base/text.h"
#include "base/wait.h"
#include "end/reply.h"
#include "end/why.h"
#include "net/limits.h"
#include "relay/finish.h"
#include "wire/http.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* What is left to do may take seconds, if the client does not close its side. */
static void leave(struct session *s)
{
	if (s->limits)
		limits_leave(s->limits);
}

static void log_end(struct session *s, enum record_end end, const char *error)
{
	s->rec.end = end;
	s->rec.error = error;
	s->rec.time_ms = wait_now() - s->rec.start_ms;
	why_question(s);
	log_record(s->log, LOG_NOTICE, &s->rec);
}

_Noreturn void end_served(struct session *s, enum record_end end, const char *error)
{
	leave(s);
	log_end(s, end, error);
	_exit(0);
}

_Noreturn void end_misconfigured(struct session *s, const char *error)
{
	leave(s);
	stream_close(&s->client.stream);
	log_end(s, END_FAILED, error);
	_exit(EX_CONFIG);
}

_Noreturn void end_system(struct session *s, const char *error)
{
	leave(s);
	stream_close(&s->client.stream);
	log_end(s, END_FAILED, error);
	_exit(EX_OSERR);
}

_Noreturn void end_hangup(struct session *s, enum record_end end, const char *error)
{
	leave(s);
	stream_close(&s->client.stream);
	end_served(s, end, error);
}

static COLD_CODE _Noreturn void refuse_by_http(struct session *s, enum socks5_rep rep,
					       enum record_end end, const char *error)
{
	unsigned status = s->http.status ? s->http.status : reply_status(rep, end);
	uint8_t buf[HTTP_ANSWER_MAX];
	size_t n = http_answer_encode(buf, status, false, s->http.is_head);

	s->rec.reply = (int)rep;
	leave(s);
	stream_write_last(&s->client.stream, buf, n);
	end_hangup(s, end, error);
}

_Noreturn void end_refused(struct session *s, enum socks5_rep rep, enum record_end end,
			   const char *error)
{
	uint8_t buf[REPLY_MAX];
	size_t n;

	if (s->version == SESSION_HTTP)
		refuse_by_http(s, rep, end, error);
	n = reply_encode(buf, s->version, rep, 0, NULL);
	s->rec.reply = buf[1];
	leave(s);
	stream_write_last(&s->client.stream, buf, n);
	end_hangup(s, end, error);
}

_Noreturn void end_refused_number(struct session *s, enum socks5_rep rep, const char *words,
				  uint8_t number)
{
	char error[48];
	struct text t = TEXT_OF(error);

	text_str(&t, words);
	text_uint(&t, number);
	end_refused(s, rep, END_PROTOCOL, error);
}

_Noreturn void end_failed(struct session *s, int err, const char *error)
{
	enum socks5_rep rep = reply_from_errno(err);
	enum record_end end = END_FAILED;

	if (err == -ECONNABORTED)
		end_hangup(s, END_RESET, "the client left before it got an answer");
	if (err == -EINTR || err == -ETIME || err == -ETIMEDOUT)
		end = reply_end_from_errno(err, END_TIMEOUT);
	else if (rep == SOCKS5_REP_NOT_ALLOWED)
		end = END_DENIED;
	else if (rep == SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED)
		end = END_PROTOCOL;
	if (end == END_SIGNAL || end == END_LIFETIME)
		error = NULL;
	else if (!error)
		error = reply_words(err);
	end_refused(s, rep, end, error);
}

_Noreturn void end_setting(struct session *s, int err, const char *step)
{
	char error[80];
	struct text t = TEXT_OF(error);

	text_strs(&t, step, ": ", strerror(-err), NULL);
	log_strs(s->log, LOG_ERR, error, NULL);
	end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
}

static const char *why_stream(const struct session *s, int err, const char *timed_out)
{
	enum record_end end = reply_end_from_errno(err, END_TIMEOUT);

	if (end == END_TIMEOUT)
		return timed_out;
	return end == END_FAILED || end == END_PROTOCOL ? stream_why(&s->client.stream, err) : NULL;
}

_Noreturn void end_stream(struct session *s, int err)
{
	const char *timed_out =
		s->rec.command ? "the client did not take the reply within handshake-timeout" :
				 "no whole request within handshake-timeout";

	end_hangup(s, reply_end_from_errno(err, END_TIMEOUT), why_stream(s, err, timed_out));
}

_Noreturn void end_at_once_or(struct session *s, int err, const char *timed_out)
{
	leave(s);
	stream_end(&s->client.stream);
	end_served(s, reply_end_from_errno(err, END_TIMEOUT), why_stream(s, err, timed_out));
}

_Noreturn void end_at_once(struct session *s, int err)
{
	end_at_once_or(s, err, "the password was not checked within handshake-timeout");
}

/*
 * Both sides are connected by now, so an end of file would look like the end of a complete answer:
 * reset them.
 */
static _Noreturn void break_off(struct session *s, const char *error)
{
	leave(s);
	finish_by_reset((const struct stream *const[2]){ &s->client.stream, s->upstream },
			wait_now() + FINISH_RESET_MS);
	end_served(s, END_FAILED, error);
}

_Noreturn void end_sandbox(struct session *s, int err)
{
	char error[80];
	struct text t = TEXT_OF(error);

	text_strs(&t, "sandbox: ", strerror(-err), NULL);
	if (s->upstream)
		break_off(s, error);
	if (s->rec.command && s->rec.reply < 0)
		end_refused(s, SOCKS5_REP_GENERAL_FAILURE, END_FAILED, error);
	end_hangup(s, END_FAILED, error);
}

_Noreturn void end_forbidden(void *session, int nr)
{
	struct session *s = session;
	char error[48];
	struct text t = TEXT_OF(error);

	text_str(&t, "forbidden system call ");
	text_uint(&t, (unsigned)nr);
	s->rec.end = END_FAILED;
	s->rec.error = error;
	s->rec.time_ms = wait_now() - s->rec.start_ms;
	log_record_in_handler(s->log, LOG_ERR, &s->rec);
	_exit(EX_OSERR);
}
