#!/bin/sh
# Runs unit tests as Windows programs under Wine: wine-unit.sh PREFIX [FLAG or PACKAGE]...
# The output is that of go test -json.
#
# Not here: PostgreSQL (see service/store/storetest; the names of tests that cannot
# do without it end with OnPostgres), tests that call the go command, for which there
# is no Windows program, and the drawing of pictures, which is the same everywhere.
set -eu
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
shift
[ -e "$prefix/drive_c/windows/system32/bcryptprimitives.dll" ] || sh packaging/wine-prefix.sh "$prefix"

# Two things of Wine 8 that Go does not know from Windows are mended in copies of
# Go's own files. Their names do not end in .go, since the folder may be within the
# module.
overlay=$prefix/overlay
mkdir -p "$overlay"
replaced=
replace() { # FILE-OF-GO SED-SCRIPT
	original=$(go env GOROOT)/src/$1
	copy=$overlay/$(basename "$1" .go).txt
	sed "$2" "$original" >"$copy"
	if cmp -s "$original" "$copy"; then
		echo "wine-unit.sh: this version of Go has another $1; look at $original" >&2
		exit 1
	fi
	replaced="$replaced${replaced:+, }\"$original\": \"$copy\""
}
# There is no POSIX deletion, which is said by an error on which Go does not fall
# back, as it does on Windows before 10.
replace internal/syscall/windows/at_windows.go \
	's/case STATUS_INVALID_INFO_CLASS,/case NTStatus(0xC0000002), STATUS_INVALID_INFO_CLASS,/'
# Of 4,000 processes that were started on a busy machine one died before its first
# instruction: ERROR_INTERNAL_ERROR. It is started again.
replace syscall/exec_windows.go \
	's/^\t\t\(err = CreateProcess(.*\)/\t\tfor range 5 { if \1; err != Errno(1359) { break } }/'
printf '{"Replace": {%s}}\n' "$replaced" >"$overlay/overlay.json"

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
	-skip '^TestImports_(needNoCgo|ofTheService)|_pictures|OnPostgres$' "$@"
