# shellcheck shell=sh
# lib.sh: suites that run the servers of both targets against each other's words.
# suite NAME ARG... runs NAME.mjs TARGET FOLDER ARG... for both, as one TAP.
. tests/lib.sh
need node python3 openssl

PROJECT=$tmp/project
export PROJECT
tests/runtime-typescript/assemble.sh "$PROJECT" call

# A folder with throw-away certificates.
pki() {
	mkdir -p "$tmp/pki"
	tests/auth/pki.sh "$tmp/pki"
	printf '%s\n' "$tmp/pki"
}

suite() {
	_name=$1
	shift
	for target in typescript python; do
		node "tests/auth/$_name.mjs" "$target" "$tmp/$target" "$@" \
			>"$tmp/tap" || note "$_name.mjs ended with $?"
		while read -r _line; do
			case $_line in
			'ok '*) pass "${_line#* - }" ;;
			'not ok '*) fail "${_line#* - }" ;;
			1..*) _planned=$target ;;
			esac
		done <"$tmp/tap"
		is "$target: $_name.mjs came to its end" "${_planned-}" "$target"
	done
	done_testing
}
