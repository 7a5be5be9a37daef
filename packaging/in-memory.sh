#!/bin/sh
# Prints the environment in which tests write into memory, or nothing where there is no
# such place with 6 GB free. The go command keeps its own on the disk: it reads that from
# a file, since tests would take GOTMPDIR from their environment for their own too.
set -eu
[ -w /dev/shm ] || exit 0
grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts && exit 0
[ "$(df -Pk /dev/shm | awk 'NR == 2 {print int($4 / 1024 / 1024)}')" -ge 6 ] || exit 0
command -v go >/dev/null || exit 0
mkdir -p build
settings=$(go env GOENV)
{
	if [ -f "$settings" ]; then
		grep -v '^GOTMPDIR=' "$settings" || true
	fi
	echo "GOTMPDIR=${TMPDIR:-/tmp}"
} > build/goenv.$$
mv build/goenv.$$ build/goenv
echo "GOTMPDIR= GOENV='$PWD/build/goenv' TMPDIR=/dev/shm"
