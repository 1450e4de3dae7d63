#!/bin/sh
# How the programs are linked: what makes a defect in them harder to use.
. tests/lib.sh
need readelf

# weak PROGRAM: what it lacks, a line each
weak() {
	readelf -W -h -l -d --dyn-syms "$1" >"$tmp/elf"
	says() {
		grep -qE -e "$1" "$tmp/elf" || echo "$2"
	}
	says '^ *Type: +DYN ' 'is at a fixed address (no PIE)'
	says '^ *GNU_RELRO ' 'has no RELRO'
	says 'BIND_NOW| NOW( |$)' 'has lazy binding (no NOW)'
	says '^ *GNU_STACK .* RW ' 'has an executable stack'
	says '__stack_chk_fail' 'has no stack protector'
	grep -q '__asan_init' "$tmp/elf" || says '__[a-z]+_chk(@| |$)' 'has no FORTIFY'
	! grep -qE '\((RPATH|RUNPATH|TEXTREL)\)' "$tmp/elf" ||
		echo 'has RPATH, RUNPATH or TEXTREL'
	! grep -qE '^ *LOAD .* RWE ' "$tmp/elf" || echo 'has a segment to write and run'
}

for program in "$O"/bin/smelt*; do
	is "$(basename "$program") is hardened" "$(weak "$program")" ''
done

# Each of these says so.
echo 'int main(void) { char b[9]; return __builtin_snprintf(b, 9, "%d", 1); }' >"$tmp/x.c"
# plain NAME FLAGS REGEX
plain() {
	# shellcheck disable=SC2086 # several flags
	"$CC" -w -o "$tmp/x" "$tmp/x.c" $2
	like "$1 is seen" "$(weak "$tmp/x")" "$3"
}
plain 'a fixed address' '-no-pie' 'no PIE'
plain 'lazy binding' '-Wl,-z,lazy' 'no NOW'
plain 'no RELRO' '-Wl,-z,norelro' 'no RELRO'
plain 'an executable stack' '-Wl,-z,execstack' 'executable stack'
plain 'no canary' '-fno-stack-protector' 'no stack protector'
plain 'no FORTIFY' '-O0 -U_FORTIFY_SOURCE' 'no FORTIFY'
plain 'RUNPATH' '-Wl,-rpath,/x' 'RPATH'
done_testing
