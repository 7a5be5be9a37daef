#!/bin/sh
# Runs unit tests as Windows programs under Wine: wine-unit.sh PREFIX [FLAG or PACKAGE]...
# The output is that of go test -json.
#
# Not here: PostgreSQL (see service/store/storetest), tests that call the go
# command, for which there is no Windows program, and the drawing of pictures,
# which is the same everywhere.
set -eu
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
shift
[ -e "$prefix/drive_c/windows/system32/bcryptprimitives.dll" ] || sh packaging/wine-prefix.sh "$prefix"

# Wine 8 has no POSIX deletion and says so by an error on which Go does not fall
# back, as it does on Windows before 10. So the package of Go that deletes is
# compiled with this error beside the others. Its name does not end in .go, since
# the folder may be within the module.
overlay=$prefix/overlay
mkdir -p "$overlay"
original=$(go env GOROOT)/src/internal/syscall/windows/at_windows.go
sed 's/case STATUS_INVALID_INFO_CLASS,/case NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,/' "$original" >"$overlay/at_windows.txt"
if cmp -s "$original" "$overlay/at_windows.txt"; then
	echo "wine-unit.sh: this version of Go deletes in another way; look at $original" >&2
	exit 1
fi
printf '{"Replace": {"%s": "%s"}}\n' "$original" "$overlay/at_windows.txt" >"$overlay/overlay.json"

# What a model finds is found on every system: a fifth of the tries of the
# property tests is enough to see that they hold on this one.
export RAPID_CHECKS=20
export WINEPREFIX="$prefix" WINEDEBUG=-all
unset DISPLAY
trap 'wineserver --kill' EXIT
trap 'exit 1' INT TERM
# Started before the tests: what Wine starts keeps the first program's output open.
# At its end it lists what was still in use, which is no error of a test.
wineserver --persistent 2>/dev/null
wine cmd /c ver >/dev/null 2>&1
GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -json -vet=off -overlay "$overlay/overlay.json" -exec wine \
	-skip '^TestImports_(needNoCgo|ofTheService)|_pictures' "$@"
