#!/bin/sh
# Builds Plenary for Linux and packs the archive: package-linux.sh TAGS FOLDER
#
# Fyne's own tool packages the program, from a scratch copy, because it counts up
# the build number in FyneApp.toml; without the Makefile's cgo flags, because it
# adds the same ones itself and would have them twice, which means compiling all
# C again. The rest of what the tool packs does not install (its Makefile looks
# for an icon without ".png") and has no links, no languages, one icon: it is
# replaced by our own, in build/stage/plenary, where the other packages find it.
set -eu
tags=$1
out=$2
version=$(sh packaging/version.sh)
build=$(sh packaging/version.sh build)
stage=build/stage/plenary
share=$stage/usr/share
rm -rf "$stage" build/stage/src
mkdir -p build/stage/src "$stage/usr/bin" "$share/applications" "$share/metainfo" "$share/doc/plenary" "$out"

git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C build/stage/src
(
	cd build/stage/src
	unset CGO_CFLAGS CGO_LDFLAGS
	export GOFLAGS="${GOFLAGS:-} -ldflags=-X=main.version=$version"
	export XZ_OPT=-0 # it is unpacked again at once
	go tool -modfile=tools/go.mod fyne package --os linux --release --tags "$tags" \
		--app-version "$version" --app-build "$build"
	mkdir unpacked
	tar -xJf Plenary.tar.xz -C unpacked
)
find build/stage/src/unpacked -path '*/bin/plenary' -exec mv {} "$stage/usr/bin/plenary" \;
rm -rf build/stage/src

. packaging/identity.sh
go run ./packaging/linux/describe "$version" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%d)" "$stage"
mv "$stage"/*.desktop "$share/applications"
mv "$stage"/*.metainfo.xml "$share/metainfo"
id=$(basename "$share"/applications/*.desktop .desktop)
for size in 16 22 24 32 48 64 128 256 512; do
	folder=$share/icons/hicolor/${size}x$size/apps
	mkdir -p "$folder"
	rsvg-convert -w $size -h $size screens/parts/logo.svg -o "$folder/$id.png"
done
mkdir -p "$share/icons/hicolor/scalable/apps"
cp screens/parts/logo.svg "$share/icons/hicolor/scalable/apps/$id.svg"
cp LICENSE "$share/doc/plenary/copyright"
go run ./packaging/notices "$stage/usr/bin/plenary" >"$share/doc/plenary/THIRD-PARTY-NOTICES.txt"

# The archive: what goes below /usr, and how to put it there.
name=plenary-$version-linux-$(uname -m)
mkdir -p "build/stage/$name"
cp -R "$stage/usr/." "build/stage/$name"
cp packaging/linux/install.sh "build/stage/$name"
cp packaging/linux/archive.mk "build/stage/$name/Makefile"
chmod -R u=rwX,go=rX "$stage" "build/stage/$name"
chmod 755 "build/stage/$name/install.sh"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" -C build/stage -cf - "$name" |
	xz -T0 --x86 --lzma2=preset=6 >"$out/$name.tar.xz"
rm -rf "build/stage/$name"
