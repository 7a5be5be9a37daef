#!/bin/sh
# Builds Plenary and plenaryd for Windows, on Linux: package-windows.sh TAGS
#
# Fyne's own tool packages the program, from a scratch copy (see
# package-linux.sh). Its icon has one size only, its version block and its
# manifest say next to nothing: windows-resources.sh puts others in their place.
set -eu
tags=$1
version=$(sh packaging/version.sh)
build=$(sh packaging/version.sh build)
out=build/windows
rm -rf "$out"
mkdir -p "$out/src"

# Built before the compiler is another system's.
fyne=$(go tool -modfile=tools/go.mod -n fyne)

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

sh packaging/windows-resources.sh "$out/plenary.exe" 'Plenary'
sh packaging/windows-resources.sh "$out/plenaryd.exe" 'Plenary account service'
ls -l "$out"
