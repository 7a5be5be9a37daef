#!/bin/sh
# Runs unit tests as Windows programs under Wine: wine-unit.sh PREFIX OVERLAY-FOLDER [FLAG or PACKAGE]...
# The output is that of go test -json.
#
# Not here: PostgreSQL (see service/store/storetest; the names of tests that cannot
# do without it end with OnPostgres), tests that call the go command, for which there
# is no Windows program, and the drawing of pictures, which is the same everywhere.
set -eu
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
overlay=$(sh packaging/wine-overlay.sh "$2")
shift 2
[ -e "$prefix/drive_c/windows/system32/bcryptprimitives.dll" ] || sh packaging/wine-prefix.sh "$prefix"

# What a model finds is found on every system: a fifth of the tries of the
# property tests is enough to see that they hold on this one.
export RAPID_CHECKS=20
export WINEPREFIX="$prefix" WINEDEBUG=-all
# Without UTF-8, Wine makes no files whose names are not ASCII.
export LC_ALL=C.UTF-8
unset DISPLAY
trap 'wineserver --kill' EXIT
trap 'exit 1' INT TERM
# Started before the tests: what Wine starts keeps the first program's output open.
# At its end it lists what was still in use, which is no error of a test.
wineserver --persistent 2>/dev/null
# Without a driver, Wine makes no windows, hidden ones neither.
wine reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f >/dev/null 2>&1
# What tests write goes where the other tests' does: Wine looks here alone.
for name in TEMP TMP; do
	wine reg add 'HKCU\Environment' /v "$name" /d "Z:$(printf %s "${TMPDIR:-/tmp}" | tr / '\134')" /f >/dev/null 2>&1
done
GOOS=windows GOARCH=amd64 CGO_ENABLED=0 go test -json -vet=off -overlay "$overlay" -exec wine \
	-skip '^TestImports_(needNoCgo|ofTheService)|_pictures|OnPostgres$' "$@"
