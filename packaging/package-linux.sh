#!/bin/sh
# Packages Plenary for Linux with Fyne's own tool: package-linux.sh TAGS
#
# From a scratch copy, because the tool counts up the build number in
# FyneApp.toml. Without the Makefile's cgo flags, because the tool adds the same
# ones itself and would have them twice, which means compiling all C again.
set -eu
tags=$1
version=$(sh packaging/version.sh)
build=$(sh packaging/version.sh build)
out=build/package
rm -rf "$out"
mkdir -p "$out/src"
git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$out/src"
(
	cd "$out/src"
	unset CGO_CFLAGS CGO_LDFLAGS
	export GOFLAGS="${GOFLAGS:-} -ldflags=-X=main.version=$version"
	go tool -modfile=tools/go.mod fyne package --os linux --release --tags "$tags" \
		--app-version "$version" --app-build "$build"
)
mv "$out"/src/*.tar.xz "$out/"
rm -rf "$out/src"
ls -l "$out"
