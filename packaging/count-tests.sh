#!/bin/sh
# Adds up the runs of the tests: called by gotestsum after each of them with the
# file of counts (its numbers come in TESTS_TOTAL and so on), and at the end with
# "sum": one line for all.
set -eu
file=$1
if [ "${2:-}" = sum ]; then
	awk '{p += $1 - $2 - $3; f += $2; s += $3}
		END {printf "%d passed, %d failed", p, f; if (s) printf ", %d skipped", s; print ""; exit f > 0}' "$file"
else
	mkdir -p "$(dirname "$file")"
	echo "$TESTS_TOTAL $((TESTS_FAILED + TESTS_ERRORS)) $TESTS_SKIPPED" >>"$file"
fi
