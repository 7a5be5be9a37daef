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
# What runs is restarted, unless the new version wants to migrate the database: that
# is for the operator to say, after a backup. Until then, the old version runs on.
migration() {
	[ -e "$data/plenaryd.json" ] || return 0 # not made yet
	(
		set -a
		# shellcheck source=/dev/null
		[ ! -r /etc/default/plenaryd ] || . /etc/default/plenaryd
		exec runuser -u plenary -- /usr/bin/plenaryd migrate --check --data "$data" >/dev/null 2>&1
	)
}
if [ -z "$root" ] && [ -d /run/systemd/system ]; then
	systemctl daemon-reload
	status=0
	migration || status=$?
	if [ "$status" -eq 0 ]; then
		systemctl try-restart plenaryd.service
	else
		if [ "$status" -eq 3 ]; then
			echo "The database has to be migrated for this version of plenaryd, so it was not restarted:"
		else
			echo "Whether the database has to be migrated cannot be told, so plenaryd was not restarted:"
		fi
		echo "  runuser -u plenary -- plenaryd backup --data /var/lib/plenary    (PostgreSQL: your own way)"
		echo "  runuser -u plenary -- plenaryd migrate --data /var/lib/plenary"
		echo "  systemctl restart plenaryd"
		echo "See \"Upgrading\" in /usr/share/doc/plenaryd/operations.md."
	fi
fi
if [ ! -e "$data/plenaryd.json" ]; then
	echo "Make the service with: runuser -u plenary -- plenaryd init --data /var/lib/plenary ..."
	echo "then start it with:    systemctl enable --now plenaryd"
	echo "See /usr/share/doc/plenaryd/operations.md."
fi
