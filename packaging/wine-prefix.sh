#!/bin/sh
# Makes a Windows 10 under Wine: wine-prefix.sh FOLDER
#
# Wine takes half a minute for it: the first one is kept in build/wine/windows, and each is
# a copy of that one.
#
# Wine 8 (Debian 12) lacks ProcessPrng, from which Go programs have their random
# numbers: a small DLL passes it on to the function that Windows had before.
set -eu
prefix=$1
kept=$(dirname "$0")/../build/wine/windows
by=$(wine --version 2>/dev/null)
# Neither .NET nor a browser: Wine would ask whether to download them.
export WINEDEBUG="${WINEDEBUG:--all}" WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY

# boot makes one in an empty folder.
boot() {
	export WINEPREFIX="$1"
	wineboot --init >/dev/null 2>&1
	wine winecfg -v win10
	wineserver --wait
	prng=$1/drive_c/windows/system32/bcryptprimitives.dll
	if [ ! -e "$prng" ]; then
		cat >"$1/prng.c" <<-'END'
			#include <windows.h>
			BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
			__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, size); }
		END
		x86_64-w64-mingw32-gcc -shared -s -o "$prng" "$1/prng.c" -ladvapi32
		rm "$1/prng.c"
	fi
	echo "$by" > "$1/made-by"
}

mkdir -p "$kept"
(
	flock 9 # of two tests that begin at once, one makes it
	if [ "$(cat "$kept/made-by" 2>/dev/null)" != "$by" ]; then
		rm -rf "${kept:?}"/*
		boot "$(cd "$kept" && pwd)"
	fi
) 9>"$kept.lock"
mkdir -p "$prefix"
cp -a "$kept/." "$prefix"
# The person's folders lead to the home folder of whoever made the first one.
find "$prefix/drive_c/users" -type l -exec ln -sfn "$HOME" {} \;
