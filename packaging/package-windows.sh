#!/bin/sh
# Builds Plenary and plenaryd for Windows, on Linux: package-windows.sh TAGS
#
# Fyne's own tool packages the program, from a scratch copy (see
# package-linux.sh). Its icon has one size only, its version block and its
# manifest say next to nothing: go-winres puts packaging/windows/resources.json
# in their place, and the same into plenaryd.exe.
set -eu
tags=$1
version=$(sh packaging/version.sh)
build=$(sh packaging/version.sh build)
block=$(sh packaging/version.sh block)
out=build/windows
rm -rf "$out"
mkdir -p "$out/src" "$out/resources"

# Built before the compiler is another system's.
fyne=$(go tool -modfile=tools/go.mod -n fyne)
winres=$(go tool -modfile=tools/go.mod -n go-winres)

git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$out/src"
(
	cd "$out/src"
	unset CGO_CFLAGS
	export CC=x86_64-w64-mingw32-gcc GOARCH=amd64
	export CGO_LDFLAGS=-l:libssp.a # mingw's stack protector, within the program
	export GOFLAGS="${GOFLAGS:-} -ldflags=-X=main.version=$version"
	"$fyne" package --os windows --release --tags "$tags" \
		--app-version "$version" --app-build "$build"
)
mv "$out/src/Plenary.exe" "$out/plenary.exe"
rm -rf "$out/src"
CGO_ENABLED=0 GOOS=windows GOARCH=amd64 \
	go build -ldflags "-s -w -X main.version=$version" -o "$out/plenaryd.exe" ./cmd/plenaryd

cp packaging/windows/program.manifest "$out/resources"
convert Icon.png -define icon:auto-resize=256,128,64,48,40,32,24,20,16 "$out/resources/plenary.ico"
resources() { # resources PROGRAM DESCRIPTION
	sed -e "s/@PROGRAM@/$1/; s/@DESCRIPTION@/$2/; s/@VERSION@/$version/; s/@BLOCK@/$block/g" \
		packaging/windows/resources.json >"$out/resources/$1.json"
	"$winres" patch --in "$out/resources/$1.json" --delete --no-backup "$out/$1.exe"
}
resources plenary 'Plenary'
resources plenaryd 'Plenary account service'
rm -rf "$out/resources"
ls -l "$out"
