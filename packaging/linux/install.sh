#!/bin/sh
# Installs Plenary from this folder, and takes it away again:
#
#	sudo ./install.sh install      for everybody, below PREFIX (/usr/local)
#	sudo ./install.sh uninstall
#	./install.sh user-install      for yourself, in your home folder
#	./install.sh user-uninstall
#
# With DESTDIR, files go below it as if it were "/" (for those who make packages).
# What was put where is noted in share/doc/plenary/installed: only that is
# removed. Your data in Plenary stays; Plenary's documentation says where it is.
set -eu
cd "$(dirname "$0")"

id=int.plenary.Plenary
action=${1:-}
case $action in
install | uninstall)
	umask 022 # readable by everybody, whatever the person's own habit
	bin=${PREFIX:-/usr/local}/bin
	share=${PREFIX:-/usr/local}/share
	;;
user-install | user-uninstall)
	bin=${HOME:?}/.local/bin
	share=$HOME/.local/share
	case ${XDG_DATA_HOME:-} in /*) share=$XDG_DATA_HOME ;; esac
	;;
*)
	sed -n 's/^#\t//p' "$0" >&2
	exit 2
	;;
esac
case $bin in
*[\"\`\$\\]*)
	echo "A desktop cannot start a program from $bin: its name has one of \" \` \$ \\ in it." >&2
	exit 1
	;;
/*) ;;
*)
	echo "$bin does not begin with /: PREFIX, or your home folder (HOME), has to be a whole path." >&2
	exit 1
	;;
esac
root=${DESTDIR:-}
list=$share/doc/plenary/installed

# folder PATH: makes it and those above, and notes which are new.
folder() {
	[ ! -d "$root$1" ] || return 0
	folder "$(dirname "$1")"
	mkdir "$root$1"
	echo "folder $1" >>"$notes"
}

# put MODE FILE PATH
put() {
	folder "$(dirname "$3")"
	new=$root$3.new
	cp "$2" "$new"
	chmod "$1" "$new"
	mv -f "$new" "$root$3" # at once, also where the old one is running
	new=
	echo "file $3" >>"$notes"
}

# note: adds the notes to the list.
note() {
	[ ! -f "$root$list" ] || cat "$root$list" >>"$notes"
	sort -u "$notes" >"$root$list"
}

# stop: what has been put there until something went wrong can be taken away.
stop() {
	[ -z "$new" ] || rm -f "$new"
	[ ! -d "$(dirname "$root$list")" ] || note
	rm -rf "$work"
}

# takeaway: removes the files of the list that are not in the notes.
takeaway() {
	sed -n 's/^file //p' "$root$list" | while read -r path; do
		grep -Fqx "file $path" "$notes" || rm -f "$root$path"
	done
}

# refresh: tells the desktop what has changed. A cache that holds nothing any
# more goes too.
refresh() {
	[ -z "$root" ] || return 0
	if [ -d "$share/applications" ] && command -v update-desktop-database >/dev/null; then
		update-desktop-database -q "$share/applications" || true
		cache=$share/applications/mimeinfo.cache
		if [ -f "$cache" ] && ! grep -q = "$cache"; then rm -f "$cache"; fi
	fi
	if [ -f "$share/icons/hicolor/icon-theme.cache" ] && command -v gtk-update-icon-cache >/dev/null; then
		gtk-update-icon-cache -q -t -f "$share/icons/hicolor" || true
	fi
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
notes=$work/notes
: >"$notes"
new=

case $action in
install | user-install)
	trap stop EXIT
	folder "$(dirname "$list")"
	# The whole path, because the desktop's PATH need not have that folder; in
	# quotes only where it must be, because not every xdg-open knows them.
	exec=$(printf '%s' "$bin/plenary" | sed -e 's/%/%%/g' -e 's/[|&]/\\&/g')
	case $bin in *[!A-Za-z0-9/._+-]*) exec="\"$exec\"" ;; esac
	sed "s|^Exec=plenary|Exec=$exec|" "share/applications/$id.desktop" >"$work/entry"
	put 755 bin/plenary "$bin/plenary"
	put 644 "$work/entry" "$share/applications/$id.desktop"
	(cd share && find metainfo icons doc -type f) >"$work/rest"
	while read -r path; do
		put 644 "share/$path" "$share/$path"
	done <"$work/rest"
	folder "$share/applications"
	if [ -f "$root$list" ]; then
		takeaway
		sed -n '/^folder /p' "$root$list" >>"$notes"
		rm "$root$list"
	fi
	note
	trap 'rm -rf "$work"' EXIT
	refresh
	echo "Plenary is installed: $root$bin/plenary"
	case :$PATH: in
	*:"$bin":*) ;;
	*) [ -n "$root" ] || echo "It is in the desktop's menu; in a terminal type its whole path, since $bin is not in PATH." ;;
	esac
	;;
*)
	[ -f "$root$list" ] || {
		echo "Plenary is not installed there: $root$list is missing." >&2
		exit 1
	}
	takeaway
	cp "$root$list" "$work/list"
	rm "$root$list"
	refresh
	# The innermost first; those that hold something of others stay.
	sed -n 's/^folder //p' "$work/list" | sort -r | while read -r path; do
		rmdir "$root$path" 2>/dev/null || true
	done
	echo "Plenary is removed."
	;;
esac
