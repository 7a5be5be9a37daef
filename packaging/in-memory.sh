#!/bin/sh
# Prints the environment in which temporary files are in memory, or nothing where there
# is no such place with 6 GB free. The go command keeps its own on the disk.
[ -w /dev/shm ] || exit 0
grep -q '^[^ ]* /dev/shm [^ ]* [^ ]*noexec' /proc/mounts && exit 0
[ "$(df -Pk /dev/shm | awk 'NR == 2 {print int($4 / 1024 / 1024)}')" -ge 6 ] || exit 0
echo "GOTMPDIR=${TMPDIR:-/tmp} TMPDIR=/dev/shm"
