#!/bin/sh
# Makes what Go programs need to be tried under Wine: wine-overlay.sh FOLDER. Prints
# the file for go's -overlay.
set -eu
mkdir -p "$1"
overlay=$(cd "$1" && pwd)

# Two things of Wine 8 that Go does not know from Windows are mended in copies of
# Go's own files. Their names do not end in .go, since the folder may be within the
# module.
replaced=
replace() { # FILE-OF-GO SED-SCRIPT
	original=$(go env GOROOT)/src/$1
	copy=$overlay/$(basename "$1" .go).txt
	sed "$2" "$original" >"$copy"
	if cmp -s "$original" "$copy"; then
		echo "wine-overlay.sh: this version of Go has another $1; look at $original" >&2
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
echo "$overlay/overlay.json"
