# examples.awk -v out=DIR PAGE: take the displays out of the EXAMPLES section of
# an mdoc page (tests/README says how they are written). For the N-th:
#	DIR/NNN.kind	script, file NAME or skip REASON
#	DIR/NNN.text	the commands, or the contents of the file
#	DIR/NNN.want	lines that the commands must print, in this order
#	DIR/NNN.exit	the status that they must end with
#	DIR/NNN.line	where it begins in the page
function begin() {
	stem = sprintf("%s/%03d", out, ++n)
	text = want = ""
	shown = 0
	more = 0
}
# What mandoc would show for this line.
function plain(s) {
	gsub(/\\&/, "", s)
	gsub(/\\-/, "-", s)
	gsub(/\\\(aq/, "'", s)
	gsub(/\\\(dq/, "\"", s)
	gsub(/\\\(ti/, "~", s)
	gsub(/\\\(ha/, "^", s)
	gsub(/\\\(ga/, "`", s)
	gsub(/\\e|\\\(rs/, "\\", s)
	return s
}
function add(s) {
	if (kind != "script") {
		text = text s "\n"
		return
	}
	if (s ~ /^\$ /) {
		shown = 1
		s = substr(s, 3)
	} else if (shown && !more) {
		want = want s "\n"
		return
	}
	sub(/^> /, "", s)
	text = text s "\n"
	more = s ~ /(\\|\||&&)[ \t]*$/
}
function end() {
	print kind (arg == "" ? "" : " " arg) >(stem ".kind")
	printf "%s", setup text >(stem ".text")
	printf "%s", want >(stem ".want")
	print status >(stem ".exit")
	print line >(stem ".line")
	close(stem ".kind"); close(stem ".text"); close(stem ".want")
	close(stem ".exit"); close(stem ".line")
	forget()
}
function forget() {
	kind = "script"
	arg = setup = ""
	status = 0
}
BEGIN { forget() }
/^\.Sh / { inside = $2 == "EXAMPLES"; next }
!inside { next }
/^\.\\" file: / { kind = "file"; arg = substr($0, 11); next }
/^\.\\" skip: / { kind = "skip"; arg = substr($0, 11); next }
/^\.\\" exit: / { status = substr($0, 11); next }
/^\.\\" setup: / { setup = setup substr($0, 12) "\n"; next }
/^\.Bd / { begin(); line = FNR; display = 1; next }
/^\.Ed/ { end(); display = 0; next }
/^\.Dl / { begin(); line = FNR; add(plain(substr($0, 5))); end(); next }
display { add(plain($0)) }
