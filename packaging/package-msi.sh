#!/bin/sh
# Makes Plenary's Windows installers from a built program:
#
#	package-msi.sh PROGRAM VERSION FOLDER [SCOPE...]
#
# PROGRAM is the .exe, VERSION as version.sh says it, SCOPE machine or user (both
# if none is given): Plenary-VERSION-x64.msi and Plenary-VERSION-x64-user.msi,
# and, for both, the templates of the policy: Plenary-VERSION-policy.zip.
# With SIGN (see sign-windows.sh) the program is signed, then each package.
set -eu
cd "$(dirname "$0")/.."
. packaging/identity.sh
program=$1
version=$2
out=$3
shift 3
if [ $# = 0 ]; then
	set -- machine user
	policy=Plenary-$version-policy.zip
fi

numbers=$(sh packaging/version.sh numbers "$version" 0)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
[ -z "${policy:-}" ] || (
	templates=$PWD/packaging/windows/policy
	cd "$out"
	rm -f "$policy"
	(cd "$templates" && zip -q -X -r - .) >"$policy"
)
cp "$program" "$work/plenary.exe"
convert Icon.png -define icon:auto-resize=48,32,24,16 "$work/plenary.ico"
sh packaging/sign-windows.sh "$work/plenary.exe"

# The program's own version: Windows replaces a file that has one only by a file
# whose version the package names. 52 bytes into the block, as 16-bit numbers.
block=$(wrestool --extract --raw --type=version "$program" 2>/dev/null |
	od -An -v -tu2 -j48 -N8 | awk 'NF == 4 {print $2 "." $1 "." $4 "." $3}')
[ -n "$block" ] || {
	echo "package-msi.sh: $program has no version in it" >&2
	exit 1
}

# In Windows' way of ending lines, for Notepad of before 2018 too.
sed 's/$/\r/' LICENSE >"$work/license.txt"
go run ./packaging/notices "$program" >"$work/notices"
sed 's/$/\r/' "$work/notices" >"$work/notices.txt"

# wixl's own cabinets are a third larger. The files are in the order of the package.
go run ./packaging/cabinet "$work/plenary.exe" "$work/license.txt" "$work/notices.txt" >"$work/small.cab"

for scope in "$@"; do
	case $scope in
	machine) msi=$out/Plenary-$version-x64.msi ;;
	user) msi=$out/Plenary-$version-x64-user.msi ;;
	*)
		echo "package-msi.sh: machine or user, not $scope" >&2
		exit 2
		;;
	esac
	# wixl finds files beside where it runs, and asks this variable how its arguments
	# are written.
	(
		wxs=$PWD/packaging/windows/plenary.wxs
		cd "$work"
		CHARSET=UTF-8 wixl -a x64 -D Version="$numbers" -D Scope="$scope" \
			-D Publisher="$PUBLISHER" -D Contact="$CONTACT" -D Homepage="$HOMEPAGE" -o package.msi "$wxs"
	)
	upgrade=$(msiinfo export "$work/package.msi" Property | tr -d '\r' | sed -n 's/^UpgradeCode\t//p')
	# The first thing that wixl cannot say: in which letters the package is written.
	printf '\r\n\r\n1252\t_ForceCodepage\r\n' >"$work/codepage.idt"
	# And the others: what an upgrade removes (the same version, too, which
	# builds between two releases have) and when (so that a failure brings it
	# back), what only counts when given, the short name that Windows wants beside a
	# long one, what is handed to the installer's privileged half, and by what name
	# Windows shows the program's notifications (AppID in platform/managed).
	msibuild "$work/package.msi" -a plenary.cab "$work/small.cab" -i "$work/codepage.idt" \
		-q "DELETE FROM \`Upgrade\` WHERE \`ActionProperty\`='WIX_UPGRADE_DETECTED'" \
		-q "INSERT INTO \`Upgrade\` (\`UpgradeCode\`, \`VersionMax\`, \`Attributes\`, \`ActionProperty\`) VALUES ('$upgrade', '$numbers', 513, 'WIX_UPGRADE_DETECTED')" \
		-q "UPDATE \`InstallExecuteSequence\` SET \`Sequence\`=1501 WHERE \`Action\`='RemoveExistingProducts'" \
		-q "UPDATE \`Component\` SET \`Condition\`='SERVICE' WHERE \`Component\`='Service'" \
		-q "UPDATE \`Component\` SET \`Condition\`='CAFILE' WHERE \`Component\`='CAFile'" \
		-q "UPDATE \`File\` SET \`Version\`='$block', \`Language\`='1033' WHERE \`File\`='plenary.exe'" \
		-q "UPDATE \`File\` SET \`FileName\`='NOTICES.TXT|THIRD-PARTY-NOTICES.txt' WHERE \`File\`='notices.txt'" \
		-q "CREATE TABLE \`MsiShortcutProperty\` (\`MsiShortcutProperty\` CHAR(72) NOT NULL, \`Shortcut_\` CHAR(72) NOT NULL, \`PropertyKey\` CHAR(0) NOT NULL, \`PropVariantValue\` CHAR(0) NOT NULL PRIMARY KEY \`MsiShortcutProperty\`)" \
		-q "INSERT INTO \`MsiShortcutProperty\` (\`MsiShortcutProperty\`, \`Shortcut_\`, \`PropertyKey\`, \`PropVariantValue\`) VALUES ('StartMenuID', 'StartMenu', 'System.AppUserModel.ID', 'int.plenary.Plenary')" \
		-q "UPDATE \`Property\` SET \`Value\`='WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;SERVICE;CAFILE;OLDSERVICE;OLDCAFILE' WHERE \`Property\`='SecureCustomProperties'"
	mv "$work/package.msi" "$msi"
	sh packaging/sign-windows.sh "$msi"
done
