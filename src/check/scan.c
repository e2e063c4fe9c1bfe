/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Judges every line of the users file for --check, never for a session. names.c reads the file. */
#include "check/scan.h"
#include "check/names.h"
#include "users/verify.h"

#include <errno.h>

struct checker {
	struct names names;
	scan_report *report;
	void *ctx;
	long usable;
	struct {
		bool known;
		int err;
		const char *library;
	} schemes[PWHASH_DES + 1];
};

static void judge_scheme(struct checker *c, struct scan_remark *remark)
{
	size_t i = remark->scheme;

	if (!c->schemes[i].known) {
		c->schemes[i].err = verify_scheme(remark->scheme, &c->schemes[i].library);
		c->schemes[i].known = true;
	}
	if (!c->schemes[i].err)
		return;
	remark->fault = HTPASSWD_UNSUPPORTED;
	remark->library = c->schemes[i].err == -ELIBACC ? c->schemes[i].library : NULL;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static void judge_line(struct checker *c, const struct htpasswd_line *line)
{
	struct scan_remark remark = { .line = *line };
	struct pwhash hash = { 0 };

	remark.fault = htpasswd_judge(line, &hash);
	remark.scheme = hash.scheme;
	if (line->namelen && (remark.first = names_add(&c->names, line)))
		remark.fault = HTPASSWD_DUPLICATE;
	if (!remark.fault)
		judge_scheme(c, &remark);
	if (!remark.fault) {
		c->usable++;
		remark.weak = hash.weak;
		remark.slow = hash.slow;
		remark.blank = is_blank(line->name[0]) || is_blank(line->name[line->namelen - 1]);
	}
	if (remark.fault || remark.weak || remark.slow || remark.blank)
		c->report(c->ctx, &remark);
}

long scan_users(int fd, scan_report *report, void *ctx)
{
	struct checker c = { .report = report, .ctx = ctx };
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;
	int err = names_open(&c.names, fd);

	if (err)
		return err;
	htpasswd_feed(&w, c.names.text, c.names.len);
	while (htpasswd_next(&w, &line))
		judge_line(&c, &line);
	names_close(&c.names);
	return c.usable;
}
