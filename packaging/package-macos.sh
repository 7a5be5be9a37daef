#!/bin/sh
# Packages Plenary for macOS, on a Mac, in two steps:
#
#	package-macos.sh app TAGS                  build/macos/Plenary.app, for this Mac's processor
#	package-macos.sh universal APP APP FOLDER  one of both: Plenary-VERSION.dmg and .pkg in FOLDER
#
# and, which works everywhere,
#
#	package-macos.sh plist                     prints the Info.plist
#
# Identities of the keychain sign: IDENTITY ("Developer ID Application: ...") the
# program and the .dmg, INSTALLER ("Developer ID Installer: ...") the .pkg.
# NOTARY is a profile that `xcrun notarytool store-credentials` has made. What
# has none is left out, and that is said.
set -eu
cd "$(dirname "$0")/.."

plist() {
	sed -e "s/@NUMBERS@/$(sh packaging/version.sh numbers)/" -e "s/@BUILD@/$(sh packaging/version.sh build)/" \
		packaging/macos/Info.plist
}

# app: Fyne's own tool makes it, from a scratch copy (see package-linux.sh). Its
# Info.plist knows no links and an older macOS than Go needs: ours takes its place.
app() {
	tags=$1
	version=$(sh packaging/version.sh)
	out=build/macos
	rm -rf "$out"
	mkdir -p "$out/src"
	git ls-files --cached --others --exclude-standard | tar -cf - -T - | tar -xf - -C "$out/src"
	(
		cd "$out/src"
		unset CGO_CFLAGS CGO_LDFLAGS
		export GOFLAGS="${GOFLAGS:-} -ldflags=-X=main.version=$version"
		go tool -modfile=tools/go.mod fyne package --os darwin --release --tags "$tags" --app-version "$version"
	)
	mv "$out/src/Plenary.app" "$out/"
	rm -rf "$out/src"
	plist >"$out/Plenary.app/Contents/Info.plist"
	plutil -lint "$out/Plenary.app/Contents/Info.plist"
	cp LICENSE "$out/Plenary.app/Contents/Resources/LICENSE.txt"
	go run ./packaging/notices "$out/Plenary.app/Contents/MacOS/plenary" >"$out/Plenary.app/Contents/Resources/THIRD-PARTY-NOTICES.txt"
	check "$out/Plenary.app"
}

# check APP: the program is where the Info.plist says, and starts.
check() {
	said=$("$1/Contents/MacOS/plenary" --version)
	[ "$said" = "Plenary $(sh packaging/version.sh)" ] || {
		echo "package-macos.sh: $1 says it is $said" >&2
		exit 1
	}
}

universal() {
	version=$(sh packaging/version.sh)
	out=$3
	dmg=$out/Plenary-$version.dmg
	pkg=$out/Plenary-$version.pkg
	notices=Contents/Resources/THIRD-PARTY-NOTICES.txt
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	mkdir -p "$out" "$work/stage"
	app=$work/stage/Plenary.app
	cp -R "$1" "$app"
	cmp "$1/$notices" "$2/$notices" # both processors' programs are made of the same
	lipo -create "$1/Contents/MacOS/plenary" "$2/Contents/MacOS/plenary" -output "$app/Contents/MacOS/plenary"
	lipo "$app/Contents/MacOS/plenary" -verify_arch x86_64 arm64

	# One binary and no entitlements: go-keyring runs /usr/bin/security.
	if [ -n "${IDENTITY:-}" ]; then
		codesign --force --timestamp --options runtime --sign "$IDENTITY" "$app"
	else
		echo "Not signed, since IDENTITY names nobody: macOS opens it only after a person has allowed it in its settings."
		codesign --force --sign - "$app"
	fi
	codesign --verify --strict --verbose=2 "$app"
	check "$app"

	ln -s /Applications "$work/stage/Applications"
	rm -f "$dmg" "$pkg"
	hdiutil create -volname Plenary -srcfolder "$work/stage" -fs APFS -format ULMO "$dmg"
	[ -z "${IDENTITY:-}" ] || codesign --timestamp --sign "$IDENTITY" "$dmg"

	# For Jamf, Intune and the like.
	if [ -n "${INSTALLER:-}" ]; then
		productbuild --component "$app" /Applications --sign "$INSTALLER" "$pkg"
	else
		echo "The .pkg is not signed, since INSTALLER names nobody: device management does not take it."
		productbuild --component "$app" /Applications "$pkg"
	fi

	if [ -n "${IDENTITY:-}" ] && [ -n "${INSTALLER:-}" ] && [ -n "${NOTARY:-}" ]; then
		for file in "$dmg" "$pkg"; do
			xcrun notarytool submit "$file" --keychain-profile "$NOTARY" --wait
			xcrun stapler staple "$file"
		done
		spctl -a -vv -t open --context context:primary-signature "$dmg"
		spctl -a -vv -t install "$pkg"
	else
		echo "Not notarized: that needs IDENTITY, INSTALLER and NOTARY."
	fi
	ls -l "$dmg" "$pkg"
}

case ${1:-} in
app) app "$2" ;;
plist) plist ;;
universal) universal "$2" "$3" "$4" ;;
*)
	echo "package-macos.sh app TAGS | universal APP APP FOLDER | plist" >&2
	exit 2
	;;
esac
