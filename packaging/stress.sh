#!/bin/sh
# make stress: the tests of concurrency and of faults, 20 times each (TIMES=5
# makes it 5), on both databases. What fails once in twenty times is a bug like
# any other.
#
# A test joins by its name: one of these words in it, in any case.
#   at once      AtOnce (also storetest.Pair: one transaction is held open while
#                another one runs), Parallel, Among, OneOf, Of50, Many
#   gone wrong   Fault, Fails, Kill, Damage, Loses, Whole
#   on several nodes, or compared with a model   Nodes, Model
#
# Screens are left out: they run on one goroutine.
set -eu
words='at_?once|parallel|among|oneof|of50|many|[^e]fault|fails|whentransactionsfail|kill|damage|[^c]loses|whole|nodes|model'
tags=$1

set --
for package in $(go list -tags "$tags" -f '{{.ImportPath}}:{{.Dir}}' ./service/... ./app/... ./localdb/... ./client/... ./cmd/plenaryd ./platform/...); do
	if grep -qiE "^func Test[A-Za-z0-9_]*($words)" "${package#*:}"/*_test.go 2>/dev/null; then
		set -- "$@" "${package%%:*}"
	fi
done
# Without the race detector, which has seen all of them in make test: it takes
# several times as long. Nothing that passed before counts. Five at a time: badger
# frees nothing of a damaged store that it could not open, as long as the process lives.
times=${TIMES:-20}
while [ "$times" -gt 0 ]; do
	some=$((times < 5 ? times : 5))
	go test -count=$some -timeout 30m -vet=off -tags "$tags" -run "(?i)^Test.*($words)" "$@"
	times=$((times - some))
done
