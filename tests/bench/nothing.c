/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that a superserver can start for a client: a process that exits at once. */
int main(void)
{
	return 0;
}
