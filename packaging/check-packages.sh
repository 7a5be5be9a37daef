#!/bin/sh
# Checks the packages in a folder as far as reading them tells:
# check-packages.sh FOLDER. Installing them is what the tests in e2e do.
set -eu
folder=$1
wrong=0
complain() {
	echo "check-packages.sh: $*" >&2
	wrong=1
}

# try NAME COMMAND...: silent when all is well; a tool that is missing is said.
try() {
	name=$1
	shift
	if ! command -v "$1" >/dev/null; then
		echo "Not checked: $name (there is no $1 here)"
		return 0
	fi
	said=$("$@" 2>&1) || complain "$name: $said"
}

for file in "$folder"/*; do
	name=$(basename "$file")
	case $name in
	*.tar.xz) try "$name" xz -t "$file" ;;
	*.tar.gz) try "$name" gzip -t "$file" ;;
	*.deb) try "$name" dpkg-deb --info "$file" ;;
	*.rpm) try "$name" rpm --query --package --list "$file" ;;
	*.zip) try "$name" unzip -tq "$file" ;;
	*.msi) try "$name" msiinfo suminfo "$file" ;;
	*) complain "$name: what is this?" ;;
	esac
done

entry=build/stage/plenary/usr/share/applications/int.plenary.Plenary.desktop
if ls "$folder"/plenary[-_]* >/dev/null 2>&1; then
	try "desktop entry" desktop-file-validate "$entry"
	try "metainfo" appstreamcli validate --no-net --strict --no-color \
		build/stage/plenary/usr/share/metainfo/int.plenary.Plenary.metainfo.xml
fi
if ls "$folder"/plenaryd[-_]* >/dev/null 2>&1; then
	# 1.5 of 10: what is not forbidden to it is the network and its own folder.
	try "plenaryd.service" systemd-analyze security --offline=true --threshold=15 packaging/plenaryd/plenaryd.service
fi
exit $wrong
