#!/bin/sh
# Builds plenaryd for its packages, without cgo: it runs on every Linux, also in
# an empty container. It is in build/stage/plenaryd.
set -eu
mkdir -p build/stage/plenaryd
CGO_ENABLED=0 go build -ldflags "-s -w -X main.version=$(sh packaging/version.sh)" \
	-o build/stage/plenaryd/plenaryd ./cmd/plenaryd
