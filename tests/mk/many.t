#!/bin/sh
# 100 servers: all are made, one changed source makes one server, nothing is idle
# work. (How long an idle make takes: make bench.)
. tests/mk/mk.sh

n=100
project ''
{
	printf 'SMELT_SERVERS ='
	for i in $(seq $n); do printf ' s%d' "$i"; done
	echo
	for i in $(seq $n); do
		echo "SMELT_SOURCE.s$i = api/$i.yaml"
	done
	echo "SMELT_BIN = $O/bin"
	echo "SMELT_SHARE = $SMELT_SHARE"
	echo 'SMELT_UNSIGNED = 1'
	echo "include $top/mk/smelt.mk"
} >"$p/Makefile"
mkdir "$p/api"
for i in $(seq $n); do
	printf '%s\n' 'openapi: 3.1.0' "info: {title: Service $i, version: 1.0.0}" \
		'servers: [{url: "https://api.example/v1"}]' 'paths:' '  /things:' '    get:' \
		'      operationId: listThings' "      summary: List the things of shelf $i" \
		'      responses: {"200": {description: The things}}' >"$p/api/$i.yaml"
done
mk 0 "the code of $n servers" -j4 smelt-code
is 'each has a server' "$(find "$out" -path '*/server/smelt.json' | wc -l)" $n
like 'of its own words' "$(cat "$out/s77/tools.json")" 'shelf 77'
mk 0 'make again' smelt-code
is 'nothing ran' "$(ran)" ''
sed -i 's/shelf 42/shelf forty-two/' "$p/api/42.yaml"
mk 0 'one source changed' smelt-code
is 'one server was made' "$(ran)" 's42/ast s42/codegen s42/intake s42/tooldef'
rm "$p/api/7.yaml"
mk 2 'one source is gone' -k smelt-code
sed -i 's/shelf 43/shelf forty-three/' "$p/api/43.yaml"
mk 2 'and another one changed' -k smelt-code
is 'the other was made' "$(ran)" 's43/ast s43/codegen s43/intake s43/tooldef'
mk 0 'one server, whole' smelt.s42
ok 'it is whole' test -f "$out/s42/dist/VERIFY.txt"
done_testing
