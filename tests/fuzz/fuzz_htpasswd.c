/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A users file from bytes: every line is walked, judged and searched for again, and each way must
 * give the same answer. The first line of the input is a name that is searched for too.
 */
#include "users/htpasswd.h"

#include "fuzz.h"

static bool find(const char *p, size_t n, const char *name, size_t namelen,
		 struct htpasswd_line *ret)
{
	struct htpasswd_walk w = { 0 };
	bool found;

	htpasswd_feed(&w, p, n);
	found = htpasswd_find(&w, name, namelen, ret);
	MUST(w.p == w.end);
	return found;
}

/* A good hash has no byte that could confuse crypt(3), and is good only as a whole. */
static void hash(const char *p, size_t n)
{
	struct pwhash h, again;
	enum pwhash_fault fault = pwhash_judge(p, n, &h);

	if (fault == PWHASH_MALFORMED)
		MUST(*pwhash_name(h.scheme) != '\0');
	if (fault != PWHASH_GOOD)
		return;
	MUST(n <= PWHASH_MAX && !memchr(p, ':', n) && !memchr(p, '*', n));
	for (size_t i = 0; i < n; i++)
		MUST(p[i] > ' ' && p[i] < 127);
	MUST(pwhash_judge(p, n - 1, &again) != PWHASH_GOOD);
	MUST(pwhash_judge(p, n, &again) == PWHASH_GOOD && again.scheme == h.scheme);
}

static void line(const char *p, size_t n, const struct htpasswd_line *l)
{
	struct htpasswd_line first;
	struct pwhash h;
	enum htpasswd_fault fault = htpasswd_judge(l, &h);

	MUST(l->name >= p && l->name + l->namelen <= p + n && *l->name != '#');
	MUST((fault == HTPASSWD_NO_COLON) == !l->hash);
	MUST(*htpasswd_explain(fault) && *htpasswd_remedy(fault));
	if (l->hash) {
		MUST(l->hash == l->name + l->namelen + 1);
		MUST(l->hash + l->hashlen <= p + n);
		hash(l->hash, l->hashlen);
	}
	if (!htpasswd_name_ok(l->name, l->namelen))
		return;
	/* A name with a CR is never searched for. Any other is found, in this line or earlier. */
	MUST(find(p, n, l->name, l->namelen, &first) && first.number <= l->number);
	MUST(first.namelen == l->namelen && !memcmp(first.name, l->name, l->namelen));
}

static void lines(const char *p, size_t n)
{
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line l;
	size_t last = 0;

	htpasswd_feed(&w, p, n);
	while (htpasswd_next(&w, &l)) {
		MUST(l.number > last && l.number == w.number);
		last = l.number;
		line(p, n, &l);
	}
	MUST(w.p == w.end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* In a block of exactly its size, so that a sanitizer sees a read past it. */
	char *text = malloc(size ? size : 1);
	const char *eol;

	if (!text)
		return 0;
	if (size)
		memcpy(text, data, size);
	eol = size ? memchr(text, '\n', size) : NULL;
	if (eol) {
		size_t namelen = (size_t)(eol - text), rest = size - namelen - 1;
		struct htpasswd_line l;

		if (htpasswd_name_ok(text, namelen) && find(eol + 1, rest, text, namelen, &l))
			MUST(l.namelen == namelen && !memcmp(l.name, text, namelen));
		hash(text, namelen);
		lines(eol + 1, rest);
	}
	free(text);
	return 0;
}
