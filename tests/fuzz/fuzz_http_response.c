/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head of a response of HTTP, as a parent answers CONNECT: the decoder's contract, and what a
 * second reader finds in the head.
 */
#include <errno.h>

#include "wire/http_client.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(http_response);

enum { INPUT_MAX = 1500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char head[INPUT_MAX + 1];
	const struct http_response *r;
	struct verdict v;
	unsigned status = 0;

	if (size > INPUT_MAX)
		return -1;
	v = decoder_must(&http_response_decoder, data, size);
	MUST(v.r >= 0 ? v.r <= 4 : v.r == -EBADMSG);
	if (v.r != 0)
		return 0;
	r = v.value;
	memcpy(head, data, v.at);
	head[v.at] = '\0';
	MUST(r->len == v.at && strlen(head) == v.at);
	MUST(strstr(head, "\r\n\r\n") == head + v.at - 4);
	MUST(sscanf(head, "HTTP/1.%*1u %3u", &status) == 1 && status == r->status);
	MUST(status >= 100 && status <= 999);
	for (size_t i = 0; i < v.at; i++)
		MUST(i + 1 == v.at || (head[i] == '\r') == (head[i + 1] == '\n'));
	return 0;
}
