#!/bin/sh
# Packs a program as .deb and .rpm: package-deb-rpm.sh plenary|plenaryd FOLDER
#
# plenary is what package-linux.sh has left in build/stage; plenaryd is built.
#
# nfpm's xz is a library in Go that makes a fifth more than xz itself: it packs the
# .deb without, and xz compresses it here. An .rpm cannot be repacked.
set -eu
. packaging/identity.sh
program=$1
out=$2
VERSION=$(sh packaging/version.sh package)
ARCH=$(go env GOARCH)
case $program in
plenary)
	config=packaging/linux/nfpm.yaml
	# The newest C library that the program asks for: that of the machine it was built on.
	LIBC=$(grep -ao 'GLIBC_2\.[0-9]*' build/stage/plenary/usr/bin/plenary | sort -Vu | tail -n 1 | cut -d_ -f2)
	;;
plenaryd)
	config=packaging/plenaryd/nfpm.yaml
	LIBC=
	sh packaging/build-plenaryd.sh
	;;
esac
export VERSION ARCH LIBC
mkdir -p "$out"
pack() { # pack deb|rpm
	go tool -modfile=tools/go.mod nfpm package --config "$config" --packager "$1" --target "$out/"
}
pack rpm
pack deb

deb=$(cd "$out" && echo "$PWD/$program"_*.deb)
(
	work=build/stage/deb
	rm -rf "$work"
	mkdir -p "$work"
	cd "$work"
	ar x "$deb"
	xz -T0 -6 data.tar
	rm "$deb"
	ar qcSD "$deb" debian-binary control.tar.* data.tar.xz # in the order of deb(5)
)
rm -rf build/stage/deb
