#!/bin/sh
# Before plenaryd is removed (.deb: remove; .rpm: 0), not before an upgrade.
set -e
case $1 in
remove | 0)
	if [ -z "${DPKG_ROOT:-}" ] && [ -d /run/systemd/system ]; then
		systemctl disable --now plenaryd.service
	fi
	;;
esac
