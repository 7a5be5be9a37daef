#!/bin/sh
# Finds out which of the system's packages are missing, names them, and installs
# them: system-packages.sh run | unit | test | package | windows | wine
#
#   run   what it takes to build Plenary and open it
#   unit  what the unit tests need besides (PostgreSQL, cabextract, readers of
#         PDF files, QR codes and spreadsheets)
#   test  what the real program in a real window needs besides (a virtual
#         display, a window manager, a keyring, a browser, fonts)
#   package  what it takes to make and check the packages for Linux; test has it too
#   windows  what it takes to build the programs and installers for Windows
#   wine     what trying them needs: test, windows, Wine, and a signing program
#
# On a terminal it asks first; without one, or with YES=1, it goes ahead.
# shellcheck disable=SC2034,SC2154 # names are used through eval
set -eu

set=${1:?run, unit, test, package, windows or wine}

debian_run='gcc libc6-dev pkg-config libgl1-mesa-dev libgl1-mesa-dri libx11-dev libxcursor-dev libxrandr-dev libxinerama-dev libxi-dev libxxf86vm-dev xz-utils'
debian_unit='postgresql dbus gnome-keyring cabextract poppler-utils zbar-tools libreoffice-calc-nogui'
debian_test="xvfb openbox fonts-noto-core fonts-noto-cjk procps shellcheck libxml2-utils xdg-utils libglib2.0-bin fakeroot"
debian_package='librsvg2-bin desktop-file-utils appstream systemd rpm buildah ca-certificates'
debian_windows='gcc-mingw-w64-x86-64 imagemagick wixl msitools icoutils zip unzip'
debian_wine='wine wine64 osslsigncode openssl'

fedora_run='gcc pkgconf-pkg-config mesa-libGL-devel mesa-dri-drivers libX11-devel libXcursor-devel libXrandr-devel libXinerama-devel libXi-devel libXxf86vm-devel xz'
fedora_unit='postgresql-server dbus-daemon gnome-keyring cabextract poppler-utils zbar libreoffice-calc'
fedora_test='xorg-x11-server-Xvfb openbox chromium google-noto-sans-fonts google-noto-sans-arabic-fonts google-noto-sans-cjk-fonts procps-ng ShellCheck libxml2 xdg-utils glib2 fakeroot'
fedora_package='librsvg2-tools desktop-file-utils appstream systemd dpkg rpm-build buildah ca-certificates'
fedora_windows='mingw64-gcc ImageMagick msitools icoutils zip unzip'
fedora_wine='wine-core osslsigncode openssl'

wanted() { # wanted SYSTEM: the names for this set; run, unit and test contain the one before
	eval "names=\$${1}_run"
	case $set in
	run) ;;
	unit) eval "names=\"\$names \$${1}_unit\"" ;;
	test) eval "names=\"\$names \$${1}_unit \$${1}_test \$${1}_package\"" ;;
	package) eval "names=\"\$names \$${1}_package\"" ;;
	windows) eval "names=\$${1}_windows" ;;
	wine) eval "names=\"\$names \$${1}_unit \$${1}_test \$${1}_package \$${1}_windows \$${1}_wine\"" ;;
	*) echo "unknown set of packages: $set" >&2; exit 2 ;;
	esac
}

agree() { # agree WHAT: true when the person, or the circumstances, say yes
	if [ "${YES:-}" = 1 ] || [ ! -t 0 ]; then return 0; fi
	printf '%s [Y/n] ' "$1"
	read -r answer
	case $answer in '' | [yYoO]*) return 0 ;; *) return 1 ;; esac
}

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else
		command -v sudo >/dev/null || { echo "Not root, and there is no sudo. Please run as root: $*" >&2; exit 1; }
		sudo "$@"
	fi
}

install() { # install TOOL COMMAND...: asks, then runs the command with the missing names
	tool=$1
	shift
	echo "Plenary needs these packages of the system, which are not installed:"
	echo " $missing"
	agree "Install them now with $tool?" || {
		echo "Not installed; this does not work without them. By hand: $tool install$missing" >&2
		exit 1
	}
	# shellcheck disable=SC2086 # the names are words
	as_root "$@" $missing
}

if [ "$(uname -s)" = Darwin ]; then
	xcode-select -p >/dev/null 2>&1 || {
		echo "Missing: Apple's command line tools (the C compiler)."
		agree "Install with 'xcode-select --install'?" || exit 1
		xcode-select --install
		echo "Run this again when their installer has finished."
		exit 1
	}
	[ "$set" = run ] || echo "On macOS the unit tests need PostgreSQL's initdb and postgres in PATH; the tour needs Linux."
	exit 0
fi

missing=
if command -v dpkg-query >/dev/null; then
	# Ubuntu's chromium is a snap, started by the package chromium-browser.
	if grep -q '^ID=ubuntu' /etc/os-release; then debian_test="$debian_test chromium-browser"; else debian_test="$debian_test chromium"; fi
	wanted debian
	for name in $names; do
		dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing="$missing $name"
	done
	[ -n "$missing" ] || exit 0
	install apt-get env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get update -q && exec apt-get install -y -q --no-install-recommends "$@"' apt-get-install
elif command -v rpm >/dev/null && command -v dnf >/dev/null; then
	wanted fedora
	for name in $names; do
		rpm -q --whatprovides "$name" >/dev/null 2>&1 || missing="$missing $name"
	done
	[ -n "$missing" ] || exit 0
	install dnf dnf install -y
else
	wanted debian
	echo "This system has neither apt nor dnf. Please see to it that what Debian calls the following is there:"
	echo "  $names"
fi
