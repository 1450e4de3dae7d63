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

# choose a|b c...: of each, the first that apt knows; knows it none, the first.
choose() {
	for package in "$@"; do
		chosen=${package%%|*}
		for p in $(echo "$package" | tr '|' ' '); do
			if apt-cache show "$p" >/dev/null 2>&1; then
				chosen=$p
				break
			fi
		done
		printf ' %s' "$chosen"
	done
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
		# shellcheck disable=SC2086
		echo "sudo apt-get install -y --no-install-recommends$(choose $missing)" >&2
		exit 2
	fi
fi

# shellcheck disable=SC2046,SC2086 # package names, split on purpose
{
	$root apt-get update -q
	$root env DEBIAN_FRONTEND=noninteractive \
		apt-get install -q -y --no-install-recommends $(choose $missing)
}
