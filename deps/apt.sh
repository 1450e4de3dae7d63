#!/bin/sh
# apt.sh LIST USE...: install the packages of LIST (see there) that are missing.
# Asks dpkg first: on a prepared machine nothing is run and no network is used.
# Exit 2 with the one line to run when neither root nor sudo is at hand.
set -eu

list=$1
shift

installed() {
	dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q '^install ok '
}

# One of a|b|c: the first that is installed, else the first that apt knows.
choose() {
	for p in $(echo "$1" | tr '|' ' '); do
		if apt-cache show "$p" >/dev/null 2>&1; then
			echo "$p"
			return
		fi
	done
	echo "${1%%|*}"
}

present() {
	for p in $(echo "$1" | tr '|' ' '); do
		if installed "$p"; then
			return 0
		fi
	done
	return 1
}

absent=
for use in "$@"; do
	while read -r u package command; do
		[ "$u" = "$use" ] || continue
		if [ -n "$command" ] && command -v "$command" >/dev/null; then
			continue
		fi
		absent="$absent $package"
	done <"$list"
done

if ! command -v dpkg-query >/dev/null; then
	echo "not a Debian system; needed, by their Debian names:$absent" >&2
	exit 0
fi

missing=
for package in $absent; do
	present "$package" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

root=
if [ "$(id -u)" -ne 0 ]; then
	if sudo -n true 2>/dev/null; then
		root='sudo -n'
	else
		echo "packages are missing; run this, then make again:" >&2
		echo "sudo apt-get install -y --no-install-recommends$missing" >&2
		exit 2
	fi
fi

$root apt-get update -q
names=
for package in $missing; do
	names="$names $(choose "$package")"
done
# shellcheck disable=SC2086 # package names, split on purpose
$root env DEBIAN_FRONTEND=noninteractive \
	apt-get install -q -y --no-install-recommends $names
