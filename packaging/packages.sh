#!/bin/sh
# Makes packages and checks them: packages.sh TAGS WINDOWS_TAGS [KIND...]
#
#   linux     Plenary: .tar.xz, .deb and .rpm
#   plenaryd  .deb, .rpm and the container image
#   windows   Plenary: .msi per machine and per user, templates of the policy
#
# All of them if none is named; they are in build/packages, with SHA256SUMS. What
# cannot be made on this machine is named at the end, and the status is 1 then.
set -eu
tags=$1
windows_tags=$2
shift 2
[ $# -gt 0 ] || set -- linux plenaryd windows
out=build/packages
rm -rf "$out"
mkdir -p "$out"
# When it was made is when it was committed: the same commit gives the same files.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || date +%s)}
export SOURCE_DATE_EPOCH

lacking=
# has WHAT TOOL...: all tools are there; else WHAT is not made.
has() {
	what=$1
	shift
	for tool in "$@"; do
		command -v "$tool" >/dev/null || {
			lacking="$lacking
  $what: there is no $tool here"
			return 1
		}
	done
}

for kind in "$@"; do
	case $kind in
	linux)
		echo "Plenary for Linux"
		if has "Plenary for Linux" cc ar rsvg-convert xz; then
			sh packaging/package-linux.sh "$tags" "$out"
			sh packaging/package-deb-rpm.sh plenary "$out"
		fi
		;;
	plenaryd)
		echo "plenaryd"
		sh packaging/package-deb-rpm.sh plenaryd "$out"
		if has "plenaryd's container image" buildah; then sh packaging/package-image.sh "$out"; fi
		;;
	windows)
		echo "Plenary for Windows"
		if has "Plenary for Windows" x86_64-w64-mingw32-gcc convert wixl msibuild wrestool; then
			sh packaging/package-windows.sh "$windows_tags"
			sh packaging/package-msi.sh build/windows/plenary.exe "$(sh packaging/version.sh)" "$out"
			[ -n "${SIGN:-}" ] || lacking="$lacking
  signatures of the Windows packages: SIGN names no command (packaging/sign-windows.sh)"
		fi
		;;
	*)
		echo "packages.sh: there is no kind $kind" >&2
		exit 2
		;;
	esac
done
sh packaging/check-packages.sh "$out"
(cd "$out" && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS .)
ls -l "$out"
[ -z "$lacking" ] || echo "Not made:$lacking"
case $* in *windows*) echo "Packages for macOS are made on a Mac: packaging/package-macos.sh" ;; esac
case $lacking in *"there is no"*) exit 1 ;; esac
