#!/bin/sh
# Signs a file for Windows, in place: sign-windows.sh FILE
#
# SIGN is a command of the shell that signs the file "$1", such as
#
#	SIGN='osslsigncode sign -pkcs11module ... -in "$1" -out "$1.new" && mv "$1.new" "$1"'
#
# since where the key is (a token, a cloud) differs from organization to
# organization. Without SIGN nothing is signed, and that is said.
set -eu
file=$1
if [ -z "${SIGN:-}" ]; then
	echo "Not signed, since SIGN names no command: $(basename "$file")"
	exit 0
fi
before=$(cksum <"$file")
sh -c "$SIGN" sign "$file" || {
	echo "sign-windows.sh: SIGN could not sign $file" >&2
	exit 1
}
[ "$(cksum <"$file")" != "$before" ] || {
	echo "sign-windows.sh: SIGN has left $file as it was" >&2
	exit 1
}
