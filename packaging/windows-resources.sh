#!/bin/sh
# Puts icon, version block and manifest into a program for Windows, in place of
# what it has: windows-resources.sh FILE DESCRIPTION
set -eu
. packaging/identity.sh
file=$1
description=$2
program=$(basename "$file" .exe)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp packaging/windows/program.manifest "$work"
convert Icon.png -define icon:auto-resize=256,128,64,48,40,32,24,20,16 "$work/plenary.ico"
version=$(sh packaging/version.sh)
block=$(sh packaging/version.sh block)
publisher=$(printf '%s' "$PUBLISHER" | sed 's/[&/]/\\&/g')
sed -e "s/@PUBLISHER@/$publisher/; s/@PROGRAM@/$program/; s/@DESCRIPTION@/$description/; s/@VERSION@/$version/; s/@BLOCK@/$block/g" \
	packaging/windows/resources.json >"$work/resources.json"
go tool -modfile=tools/go.mod go-winres patch --in "$work/resources.json" --delete --no-backup "$file"
