#!/bin/sh
# Says the version of what is built, in the form in which it is wanted:
#
#	version.sh [FORM [VERSION BUILD]]
#
#   program  0.1.0, and before that release 0.1.0-dev.412+g4f502d7 (semantic
#            versioning; 412 is the build); this is what people see
#   package  the same for .deb and .rpm, 0.1.0~dev.412+g4f502d7: to them "-"
#            begins something else, and "~" sorts before the release
#   numbers  the same for .msi, which knows three numbers up to 255.255.65535: 0.1.0
#   block    the same for the version block of a Windows program: 0.1.0.412
#   build    412: how many commits led here, so that later ones have more
#
# A tag such as v0.1.0 or v0.2.0-rc.1 makes a release. What comes after one is
# on the way to the next patch, what comes before any to the Version of
# FyneApp.toml, which also counts where there is no git. VERSION and BUILD are
# taken instead of what git says (by the test).
set -eu
cd "$(dirname "$0")/.."

form=${1:-program}

setting() { # setting NAME: from FyneApp.toml, without quotes
	sed -n "s/^$1 *= *\"\{0,1\}\([^\"]*\)\"\{0,1\} *\$/\1/p" FyneApp.toml
}

# patched X.Y.Z: the next patch.
patched() { echo "${1%.*}.$((${1##*.} + 1))"; }

if [ $# = 3 ]; then
	version=$2
	build=$3
elif commit=$(git rev-parse --short=7 HEAD 2>/dev/null) && [ -z "$(git rev-parse --show-prefix)" ]; then
	build=$(git rev-list --count HEAD)
	changed=
	[ -z "$(git status --porcelain --untracked-files=no)" ] || changed=.changed
	if described=$(git describe --tags --long --match 'v[0-9]*' 2>/dev/null); then
		tag=${described%-*-g*}
		version=${tag#v}
		since=${described#"$tag"-}
		since=${since%-g*}
	else
		version=$(setting Version)
		since=
	fi
	if [ "$since" != 0 ] || [ -n "$changed" ]; then
		case $version in
		*-*) version=$version.dev.$build+g$commit$changed ;;
		*)
			[ -z "$since" ] || version=$(patched "$version")
			version=$version-dev.$build+g$commit$changed
			;;
		esac
	fi
else
	version=$(setting Version)
	build=$(setting Build)
fi

numbers=${version%%[-+]*}
echo "$numbers $build" | grep -Eqx '(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*)){2} [0-9]+' || {
	echo "version.sh: $version (build $build) is no version such as 0.1.0" >&2
	exit 1
}

# limited A B C...: each of the version's numbers, and the build, is at most this.
limited() {
	for n in $(echo "$numbers" | tr . ' ') "$build"; do
		[ $# -gt 0 ] || return 0
		[ "$n" -le "$1" ] || {
			echo "version.sh: $version (build $build) has a number above $1, which Windows does not take" >&2
			exit 1
		}
		shift
	done
}

case $form in
program) echo "$version" ;;
package) echo "$version" | sed -e 's/-/~/' -e 's/-/./g' ;;
numbers)
	limited 255 255 65535
	echo "$numbers"
	;;
block)
	limited 65535 65535 65535 65535
	echo "$numbers.$build"
	;;
build) echo "$build" ;;
*)
	echo "version.sh: there is no form $form" >&2
	exit 2
	;;
esac
