#!/bin/sh
# After plenaryd was installed or upgraded (.deb: configure VERSION; .rpm: 1 or 2).
# Nothing is started that did not run: the service has to be made first.
# DPKG_ROOT is where dpkg installs, when that is not this system.
set -e
case $1 in
configure | 1 | 2) ;;
*) exit 0 ;; # dpkg undoes something that failed
esac
root=${DPKG_ROOT:-}
data=$root/var/lib/plenary
systemd-sysusers --root="$root/" plenaryd.conf
if [ ! -d "$data" ]; then
	mkdir -p "$root/var/lib"
	mkdir -m 0700 "$data"
	chown "$(awk -F: '$1 == "plenary" {print $3 ":" $4}' "$root/etc/passwd")" "$data"
fi
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	systemctl try-restart plenaryd.service
fi
if [ ! -e "$data/plenaryd.json" ]; then
	echo "Make the service with: runuser -u plenary -- plenaryd init --data /var/lib/plenary ..."
	echo "then start it with:    systemctl enable --now plenaryd"
	echo "See /usr/share/doc/plenaryd/operations.md."
fi
