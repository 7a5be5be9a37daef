#!/bin/sh
# Makes a Windows 10 under Wine: wine-prefix.sh FOLDER
#
# Wine 8 (Debian 12) lacks ProcessPrng, from which Go programs have their random
# numbers: a small DLL passes it on to the function that Windows had before.
set -eu
prefix=$1
mkdir -p "$prefix"
export WINEPREFIX="$prefix" WINEDEBUG="${WINEDEBUG:--all}"
# Neither .NET nor a browser: Wine would ask whether to download them.
export WINEDLLOVERRIDES='mscoree,mshtml='
unset DISPLAY
wineboot --init >/dev/null 2>&1
wine winecfg -v win10
wineserver --wait

prng=$prefix/drive_c/windows/system32/bcryptprimitives.dll
[ ! -e "$prng" ] || exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/prng.c" <<'END'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, size); }
END
x86_64-w64-mingw32-gcc -shared -s -o "$prng" "$work/prng.c" -ladvapi32
