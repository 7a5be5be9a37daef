#!/bin/sh
# After plenaryd was removed. Its data stays, until dpkg is told to purge; an .rpm
# leaves it for good. The user stays too: files that stay are still owned by it.
set -e
if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
	systemctl daemon-reload
fi
if [ "$1" = purge ]; then
	rm -rf "${DPKG_ROOT:-}/var/lib/plenary"
fi
