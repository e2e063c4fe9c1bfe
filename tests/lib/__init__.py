# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests share: the two ends of a conversation, ways to start the program, a network of
its own to run in. Nothing here promises anything: see the .py file beside each .bats file."""
