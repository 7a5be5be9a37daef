#!/bin/sh
# Builds plenaryd for its packages, without cgo: it runs on every Linux, also in
# an empty container. It is in build/stage/plenaryd, with the notices of what is in it.
set -eu
mkdir -p build/stage/plenaryd
CGO_ENABLED=0 go build -ldflags "-s -w -X main.version=$(sh packaging/version.sh)" \
	-o build/stage/plenaryd/plenaryd ./cmd/plenaryd
go run ./packaging/notices build/stage/plenaryd/plenaryd >build/stage/plenaryd/THIRD-PARTY-NOTICES.txt
