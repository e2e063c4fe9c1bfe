/* SPDX-License-Identifier: GPL-3.0-or-later */
/* hashes.h - passwords, and the hashes that other programs made: each kind that is supported. */
#ifndef HASHES_H
#define HASHES_H

#include "users/pwhash.h"

#define X8   "xxxxxxxx"
#define X64  X8 X8 X8 X8 X8 X8 X8 X8
#define X72  X64 X8
#define B15  "bbbbbbbbbbbbbbb"
#define B51  B15 B15 B15 "bbbbbb"
#define B255 B51 B51 B51 B51 B51
#define WIDE "P\303\244ssw\303\266rd\342\202\254"

static const struct sample {
	enum pwhash_scheme scheme;
	const char *passwd, *hash;
} samples[] = {
	/* htpasswd -B */
	{ PWHASH_BCRYPT, "secret", "$2y$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju" },
	{ PWHASH_BCRYPT, "correct horse battery staple",
	  "$2y$05$Ivr8RXKuQDdJr.hfTDf8/.2PAgUAtEpTnoNg.sEnazh6dEV3DivhS" },
	{ PWHASH_BCRYPT, "p", "$2y$05$Zix9Eb703bYeiXUcnKsdzOFkrXZglIc3vyIRO7kPCQcJHr8kS/Si6" },
	{ PWHASH_BCRYPT, WIDE, "$2y$05$fgPjXrBwQtcJuY2rpB8Lw.ZHcmClb5g/3Je6wCTmrY01bAkoPqtwu" },
	{ PWHASH_BCRYPT, X72, "$2y$05$Om832fh2IcseckdBKrzyDu.G6MRixngRCfUSaOPZv1J.CZpzHGbiK" },
	/* mkpasswd -m bcrypt */
	{ PWHASH_BCRYPT, "secret", "$2b$05$CnIZaxlcYNgN62S7jv0LWukLylamCv70rrujbUDXHxK8RZZPpK4SG" },
	/* mkpasswd -m bcrypt-a */
	{ PWHASH_BCRYPT, "secret", "$2a$05$2PMUbksOfpd1HQcNd2qJ6edLNotUsBKLAcPwDEC/aemyru.gpPug2" },
	/* htpasswd -m */
	{ PWHASH_APR1, "secret", "$apr1$m4EcO3ln$cAKlGSHITfs9Ly2SKbsrF." },
	{ PWHASH_APR1, "correct horse battery staple", "$apr1$c5BITQF3$07/7JUiPz3bnWWt8SQNtP0" },
	{ PWHASH_APR1, "p", "$apr1$1u/Kjk6a$mgrqGncUb8UuMc6ghv6F41" },
	{ PWHASH_APR1, WIDE, "$apr1$E3PXpSJj$7WSM7b5h7RHPi3ETMur1W/" },
	{ PWHASH_APR1, X72, "$apr1$n/aXCPtX$2mFRI6fO0zT7b.Ylyt6Ry1" },
	{ PWHASH_APR1, "aaaaaaaaaaaaaaaa", "$apr1$9f25C8sh$rnUCBBv48GdO..9Nyw1LS1" },
	{ PWHASH_APR1, "aaaaaaaaaaaaaaaaa", "$apr1$MRusaKN3$iIA4ljbe3ShWwJX7RHuIq0" },
	/* openssl passwd -apr1 */
	{ PWHASH_APR1, B255, "$apr1$lZGfnMEe$sAJhx5mp8ratT5odnT5.71" },
	{ PWHASH_APR1, "", "$apr1$saltsalt$a8ml/vK5HEjiZ5oypDWA7/" },
	/* openssl passwd -apr1 -salt x */
	{ PWHASH_APR1, "secret", "$apr1$x$12YdXEY0/hH4rDNkmZupO0" },
	/* htpasswd -s */
	{ PWHASH_SHA, "secret", "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=" },
	{ PWHASH_SHA, "correct horse battery staple", "{SHA}q/eq1kOINtvlJqojGr3i0O73TUI=" },
	{ PWHASH_SHA, "p", "{SHA}UWuXg/ylF+7L0dBk2i0WUxCxl1k=" },
	{ PWHASH_SHA, WIDE, "{SHA}B54Dw8rbYljMJDoPLX8fx+8LmwY=" },
	{ PWHASH_SHA, X72, "{SHA}vzNH/54thcWpGfXCFyFWquVDDQw=" },
	{ PWHASH_SHA, B255, "{SHA}tlPbVZ4eK8FtqhZTY70b6iWCMZ8=" },
	/* doveadm pw -s CRAM-MD5 */
	{ PWHASH_CRAM_MD5, "secret",
	  "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56" },
	{ PWHASH_CRAM_MD5, "p",
	  "{CRAM-MD5}6ac1ba5575c85b875bc7f96d0a0688efbcf9292f7845b4935f5aebede7526884" },
	{ PWHASH_CRAM_MD5, "correct horse battery staple",
	  "{CRAM-MD5}09eae0fafdb8b11dde53f0031217a5c4938a03ccb3eebe1b64e0c243b569921c" },
	{ PWHASH_CRAM_MD5, X64,
	  "{CRAM-MD5}6d9ede435cc910ab8581e77854dad1a8f97d9a2a1e88e80ba098060a8e7af714" },
	{ PWHASH_CRAM_MD5, X64 "x",
	  "{CRAM-MD5}ad74e8a83b48b6e24fa4180c09ca51f3c808257d34b7726f362d26b38d5f1da0" },
	{ PWHASH_CRAM_MD5, B255,
	  "{CRAM-MD5}b45be87875f50fa19cc217bf1eebbf5223a71151c467378b38040d05d2982a10" },
	{ PWHASH_CRAM_MD5, WIDE,
	  "{CRAM-MD5}c4addf6b2ba36d1482221ba5a244349e36a67a80890feb12409631274e7a7413" },
	/* the same in upper case, which Dovecot accepts */
	{ PWHASH_CRAM_MD5, "secret",
	  "{CRAM-MD5}CD3BA7DEAAD6E5CA23448BA42E379747A9E0F7F1FBC00C8A81BBAAC395731B56" },
	/* openssl passwd -5 */
	{ PWHASH_SHA256, "secret",
	  "$5$SxWikYCMsOKeY3jM$DCqO2hUS5CQl0X5SQyEsN52xBAqwCTaEN0dCfP.KX99" },
	{ PWHASH_SHA256, "correct horse battery staple",
	  "$5$xWhqzJT6ivgDr7b3$2I7midD5JQWoJ4O/hTT1ylajkYNyr/DM/J6eu4uTTj7" },
	{ PWHASH_SHA256, "p", "$5$P2G7gzF/MLQhIXdU$mk/mjkW5c.jFrVnyzU5WZGqvKycBV4lNDUg7mtv2qn4" },
	{ PWHASH_SHA256, WIDE, "$5$nbSfaitOjb98RPo5$1WDXRSlpHalSq/V5Ed3seiD42Xz6sQ4TWsErk83IpDB" },
	/* openssl passwd -6 */
	{ PWHASH_SHA512, "secret",
	  "$6$o5JKW0dMQGIpkL1J$xikB9XzxLQ.IKj.I77hnqZouSw3C2dr6OI.9xanhDpxL"
	  "2i4szX0NWU803R4cOTbCzzJ9wV3pGLE.PentdnG531" },
	{ PWHASH_SHA512, "correct horse battery staple",
	  "$6$jUETfYPTWHiOyx6Q$slCLom16/Y7S/NgYMShF6aSjop7jRbdWpyukvHzSAoPH"
	  "yXnCO.vmlgI3MAer5f7mD2BkCcMCTBJEbsm3N1MCV0" },
	{ PWHASH_SHA512, "p",
	  "$6$KkCIniDndKelNIXq$DlnHaevyFV7AczzIZzfValc6ECaII5DRPIR7ux68afpt"
	  "YK/ZE2.VdcK9kZ5xxF0IA58MLNC5vn8cASSYLXWTH0" },
	{ PWHASH_SHA512, WIDE,
	  "$6$wAVY282yaq7kr1Ir$75aurtQnJoi3m5kSzE4oF2fTyj1SdgmnyZzmwwXs5WVe"
	  "88ZMbxlnO7SUNh1CLjj3v1qb.FJSF/w75m.zMZ4I4." },
	/* mkpasswd -m sha256crypt -R 1000 */
	{ PWHASH_SHA256, "secret",
	  "$5$rounds=1000$QKbdH6ZoTvVUO3Fr$kt49xvwumzV.jK1Of0gdfdW2QcsVTt9scG1ad/3vE78" },
	/* mkpasswd -m sha512crypt -R 1234 */
	{ PWHASH_SHA512, "secret",
	  "$6$rounds=1234$0QtTaFAOY9lgVlGK$nTrgsFsC7gVadAQ06.cDm2XXsSCB9f/F"
	  "GqMtYLJrnKBFn3GdpBer6NxiBajnH4cBveoSHIBiu3eV0mn5s5ysK0" },
	/* mkpasswd -m yescrypt */
	{ PWHASH_YESCRYPT, "secret",
	  "$y$j9T$LGfolHc.YTHzPNtuvjSxl1$71UVR2jXPRehOypaW4vmU0oV69bxhJE4aN7jXUyFZa4" },
	/* mkpasswd -m yescrypt -R 1 */
	{ PWHASH_YESCRYPT, WIDE,
	  "$y$j75$NA.PSXXDkJw9up6ssOIs61$6NTuUKzimP3PP10AQmeKNnA2uscE4SFDB4DlKqsjXQ/" },
	/* mkpasswd -m gost-yescrypt */
	{ PWHASH_GOST, "secret",
	  "$gy$j9T$z1EgjpZ9HsfvkZFEnNbeN1$TD3ZFoBHm4ggEqQ1A2R/fI.bBmUYpl3fMIyN5aU9Wc6" },
	/* mkpasswd -m scrypt */
	{ PWHASH_SCRYPT, "secret",
	  "$7$CU..../....6.w8lJZ0a.gNWbde13iaS0$T6bb5oX8.pwq6KbwABCV1p1v/jkF7h26XdvZexgsQA9" },
	/* mkpasswd -m sunmd5 */
	{ PWHASH_SUNMD5, "secret", "$md5,rounds=50990$X/yGHU1x$$hqscqtAgz80tApjKYB4pS0" },
	/* mkpasswd -m md5crypt */
	{ PWHASH_MD5, "secret", "$1$ZXgVhd6v$/.hOtMjgFDrw3JEVbcU1v0" },
	/* mkpasswd -m bsdicrypt */
	{ PWHASH_BSDI, "secret", "_J9..WSC0ejRIt/D/Xeg" },
	/* mkpasswd -m nt */
	{ PWHASH_NT, "secret", "$3$$878d8014606cda29677a44efa1353fc7" },
	/* mkpasswd -m descrypt */
	{ PWHASH_DES, "secret", "7vzstWOi/4y2g" },
	/* openssl passwd -1 */
	{ PWHASH_MD5, "secret", "$1$VtE64bY8$POM71QZh1A9L9nrKMsIMi0" },
	/* htpasswd -d */
	{ PWHASH_DES, "secret", "5smuKAT0FAMY6" },
	/* crypt(3) of libxcrypt */
	{ PWHASH_SHA1, "secret", "$sha1$1000$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG" },
	{ PWHASH_SUNMD5, "secret", "$md5$abcdefgh$$TFWU.dlIfuoAjNld5IaX3." },
};

enum { SAMPLES = sizeof(samples) / sizeof(*samples) };

#endif
