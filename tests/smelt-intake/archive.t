#!/bin/sh
# Archives: read as a stream, refused when they try something.
. tests/lib.sh
need python3

cat >"$tmp/make.py" <<'EOF'
import bz2, gzip, io, lzma, os, stat, sys, tarfile, zipfile

os.chdir(sys.argv[1])


def tar(name, *entries, mode="w"):
    with tarfile.open(name, mode) as t:
        for e in entries:
            i = tarfile.TarInfo(e[0])
            i.type = e[2] if len(e) > 2 else tarfile.REGTYPE
            i.linkname = e[3] if len(e) > 3 else ""
            data = e[1]
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))


def zipped(name, *entries):
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as z:
        for path, data, *mode in entries:
            i = zipfile.ZipInfo(path)
            i.compress_type = zipfile.ZIP_DEFLATED
            i.external_attr = (mode[0] if mode else 0o100644) << 16
            z.writestr(i, data)


good = [("proj-1.0/", b"", tarfile.DIRTYPE), ("proj-1.0/app.py", b"x = 1\n"),
        ("proj-1.0/./sub//b.txt", "é\n".encode()), ("proj-1.0/blob", b"a\0b"),
        ("proj-1.0/in", b"", tarfile.SYMTYPE, "sub/b.txt"),
        ("proj-1.0/requirements.txt", b"flask==3.0.0\n")]
tar("good.tar", *good)
raw = open("good.tar", "rb").read()
open("good.tar.gz", "wb").write(gzip.compress(raw, mtime=0))
open("good.tgz", "wb").write(gzip.compress(raw, mtime=0))
open("good.tar.bz2", "wb").write(bz2.compress(raw))
open("good.tar.xz", "wb").write(lzma.compress(raw))
open("named-otherwise", "wb").write(gzip.compress(raw, mtime=0))
zipped("good.zip", ("proj-1.0/app.py", "x = 1\n"), ("proj-1.0/sub/b.txt", "é\n"),
       ("proj-1.0/blob", b"a\0b"), ("proj-1.0/in", "sub/b.txt", 0o120777),
       ("proj-1.0/requirements.txt", "flask==3.0.0\n"))
with tarfile.open("utf8.tar", "w", format=tarfile.PAX_FORMAT) as t:
    for n in ("h\u00e9.py", "\u4e2d/" + "x" * 150 + ".py"):
        i = tarfile.TarInfo(n)
        i.size = 1
        t.addfile(i, io.BytesIO(b"x"))
tar("gnu.tar", ("h\u00e9.py", b"x"))
tar("latin.tar", ("a.py", b"x"), (os.fsdecode(b"h\xe9.py"), b"x"))
zipped("utf8.zip", ("h\u00e9.py", "x"))
tar("git.tar", ("a.py", b"x"), (".git/hooks/pre-commit", b"x"), ("sub/.GIT/config", b"x"))
tar("flat.tar", ("a.py", b"x\n"), ("d/b.py", b"y\n"))
tar("big.tar", ("p/a.py", b"x\n"), ("p/big.txt", b"0123456789abcdef" * 100000))

tar("dotdot.tar", ("ok", b"x"), ("a/../../evil", b"x"))
tar("absolute.tar", ("/tmp/evil", b"x"))
tar("fifo.tar", ("f", b"", tarfile.FIFOTYPE))
tar("device.tar", ("d", b"", tarfile.CHRTYPE))
tar("linkout.tar", ("l", b"", tarfile.SYMTYPE, "/etc/passwd"))
tar("linkup.tar", ("a/l", b"", tarfile.SYMTYPE, "../../x"))
tar("hardout.tar", ("l", b"", tarfile.LNKTYPE, "../x"))
tar("through.tar", ("l", b"", tarfile.SYMTYPE, "d"), ("l/x", b"x"))
tar("through-file.tar", ("f", b"x"), ("f/x", b"x"))
tar("twice.tar", ("a", b"x"), ("a", b"y"))
tar("twice-dot.tar", ("a", b"x"), ("./a", b"y"))
tar("newline.tar", ("a\nb", b"x"))
tar("backslash.tar", ("a\\..\\b", b"x"))
tar("deep.tar", ("/".join(["d"] * 80), b"x"))
tar("names.tar", *[("/".join(f"{i}d{k}" + "x" * 50 for k in range(63)), b"") for i in range(200)])
tar("many.tar", *[(f"f{i}", b"") for i in range(10001)])
zipped("slip.zip", ("../../evil", "x"))
zipped("link.zip", ("l", "/etc", 0o120777), ("l/passwd", "x"))
zipped("bomb.zip", ("b.py", b"\0" * (64 << 20)))
open("nothing.tar.bz2", "wb").write(bz2.compress(b"\0" * 1024))
with tarfile.open("inner.tar", "w") as t:
    i = tarfile.TarInfo("bomb.py")
    i.size = 100 << 20
    t.addfile(i, io.BytesIO(b" " * i.size))
open("bomb.tar.gz", "wb").write(gzip.compress(open("inner.tar", "rb").read(), mtime=0))
os.unlink("inner.tar")
open("cut.tar.gz", "wb").write(gzip.compress(raw, mtime=0)[:-60])
open("garbage.zip", "wb").write(b"PK\3\4" + b"\xff" * 200)
open("empty.tar", "wb").write(b"\0" * 10240)
tar("spoof.tar", ("a.py", b"x\n"))
b = bytearray(open("spoof.tar", "rb").read())
b[124:136] = b"77777777777\0"
open("spoof.tar", "wb").write(bytes(b))
EOF
python3 "$tmp/make.py" "$tmp"

files() {
	sed -n 's/^{"kind":"file","path":"\([^"]*\)","language":"\([^"]*\)".*/\1 \2/p' "$1"
}
for a in good.tar good.tar.gz good.tgz good.tar.bz2 good.tar.xz good.zip named-otherwise; do
	run 0 "$a is read" smelt-intake -n good "$tmp/$a"
	is "$a: its files, without the directory at the top" "$(files "$tmp/out")" \
		'app.py python
requirements.txt text
sub/b.txt text'
	like "$a: what was left out" "$(cat "$tmp/out")" \
		'"type":"archive".*\{"path":"blob","reason":"binary".*\{"path":"in","reason":"symlink"'
	like "$a: its dependencies" "$(cat "$tmp/out")" '"purl":"pkg:pypi/flask@3.0.0"'
	sed -n '3,$p' "$tmp/out" >"$tmp/rest.$a"
	same "$a: as any other" "$tmp/rest.$a" "$tmp/rest.good.tar"
done
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
run 0 'a name' smelt-intake "$tmp/good.tar.gz"
like 'from the file' "$(head -n 1 "$tmp/out")" '"name":"good"'
run 0 'a repository in an archive' smelt-intake "$tmp/git.tar"
is 'is left out' "$(files "$tmp/out")" 'a.py python'
run 0 'several things at the top' smelt-intake "$tmp/flat.tar"
is 'stay where they are' "$(files "$tmp/out")" 'a.py python
d/b.py python'
run 0 'patterns' smelt-intake --exclude 'sub/' "$tmp/good.tar"
is 'leave out' "$(files "$tmp/out")" 'app.py python
requirements.txt text'
run 0 'a large file' smelt-intake "$tmp/big.tar"
like 'is left out' "$(cat "$tmp/out")" '"path":"big.txt","reason":"size","bytes":1600000'
for a in utf8.tar gnu.tar utf8.zip; do
	run 0 "$a: names that are not ASCII" smelt-intake "$tmp/$a"
	like "$a: are as they were" "$(files "$tmp/out")" '^hé.py python$'
done
run 0 'names that are not UTF-8' smelt-intake "$tmp/latin.tar"
like 'are left out' "$(cat "$tmp/out")" '"reason":"not-utf8-path"'
run 0 'on stdin' sh -c 'smelt-intake --type archive <"$1"' sh "$tmp/good.tar.gz"

for case in 'dotdot.tar|leads out' 'absolute.tar|absolute name' 'fifo.tar|device, fifo' \
	'device.tar|device, fifo' 'linkout.tar|links out' 'linkup.tar|links out' \
	'hardout.tar|links out' 'through.tar|beneath an entry' \
	'through-file.tar|beneath an entry' 'twice.tar|comes twice' 'twice-dot.tar|comes twice' \
	'newline.tar|control byte' 'backslash.tar|backslash' 'deep.tar|too deep' \
	'names.tar|names of more than' 'many.tar|more than 10000 entries' 'slip.zip|leads out' 'link.zip|links out' \
	'bomb.zip|100 times' 'bomb.tar.gz|100 times' 'nothing.tar.bz2|no files' \
	'cut.tar.gz|cannot read' 'garbage.zip|cannot read|no files' 'empty.tar|no files' \
	'spoof.tar|cannot read|unpacks'; do
	a=${case%%|*}
	run 2 "$a is refused" timeout 10 smelt-intake -o "$tmp/none" "$tmp/$a"
	like "$a: why" "$(cat "$tmp/err")" "/$a: error: .*(${case#*|})"
	is "$a: one line" "$(wc -l <"$tmp/err")" 1
	absent "$a: nothing is written" "$tmp/none"
done
absent 'nothing is unpacked' "$tmp/evil"
absent 'nor elsewhere' /tmp/evil
done_testing
