/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of TLS, and whether each has the others that it needs. No file is opened here: a
 * session reads the certificate when a client begins with TLS, and --check tries it.
 */
#include "base/file.h"
#include "layer/libssl.h"
#include "options/reader.h"
#include "options/value.h"
#include "wire/socks5.h"

#include <string.h>

static bool set_file(const struct setting *s, const char **file, struct origin *origin)
{
	if (!*s->value)
		return option_expected(s, "the name of a file");
	*file = file_beside(s->value, s->origin.file);
	*origin = s->origin;
	return *file || option_no_memory(s);
}

static bool set_certificate(const struct setting *s, const struct option_row *row)
{
	struct tls_options *tls = &s->o->tls;

	(void)row;
	return set_file(s, &tls->files.certificate, &tls->certificate_origin);
}

static bool set_key(const struct setting *s, const struct option_row *row)
{
	struct tls_options *tls = &s->o->tls;

	(void)row;
	return set_file(s, &tls->files.key, &tls->key_origin);
}

static bool set_clients(const struct setting *s, const struct option_row *row)
{
	struct tls_options *tls = &s->o->tls;

	(void)row;
	return set_file(s, &tls->files.clients, &tls->clients_origin);
}

static bool set_only(const struct setting *s, const struct option_row *row)
{
	(void)row;
	s->o->tls.only = true;
	s->o->tls.only_origin = s->origin;
	return true;
}

static void show_file(const struct options *o, const struct option_row *row, struct text *t)
{
	const char *file;

	memcpy(&file, CFIELD(o, row, char), sizeof(file));
	if (file)
		text_str(t, file);
}

static void show_only(const struct options *o, const struct option_row *row, struct text *t)
{
	if (o->tls.only)
		text_str(t, row->name);
}

/* clang-format off */
const struct option_type
	type_tls_certificate = { .set = set_certificate, .show = show_file, .kind = KIND_FILE },
	type_tls_key = { .set = set_key, .show = show_file, .kind = KIND_FILE },
	type_tls_clients = { .set = set_clients, .show = show_file, .kind = KIND_FILE },
	type_tls_only = { .set = set_only, .show = show_only };
/* clang-format on */

const char *options_tls_name(const struct tls_options *o, const char *file)
{
	if (file == o->files.clients)
		return "tls-clients";
	return file == o->files.key ? "tls-key" : "tls-certificate";
}

static void need_certificate(struct option_reader *r, struct origin origin, const char *name)
{
	option_mistake(r, origin, name,
		       "it needs a certificate: name its file with the option tls-certificate");
}

void options_check_tls(struct option_reader *r)
{
	const struct tls_options *tls = &r->o->tls;

	if (options_accept(r->o, METHOD_CERTIFICATE) && !tls->files.clients)
		option_mistake(r, r->o->auth_origin, "auth",
			       "the method certificate needs the certificates of the CAs that sign "
			       "those of clients: name their file with the option tls-clients");
	if (tls->files.certificate && !libssl_is_built())
		option_mistake(r, tls->certificate_origin, "tls-certificate",
			       "TLS needs OpenSSL's libssl, and this program was built without it");
	if (tls->files.certificate)
		return;
	if (options_accept(r->o, SOCKS5_METHOD_SSL))
		option_mistake(r, r->o->auth_origin, "auth",
			       "the method tls needs a certificate: name its file with the option "
			       "tls-certificate");
	if (tls->files.key)
		need_certificate(r, tls->key_origin, "tls-key");
	if (tls->files.clients)
		need_certificate(r, tls->clients_origin, "tls-clients");
	if (tls->only)
		need_certificate(r, tls->only_origin, "tls-only");
}
