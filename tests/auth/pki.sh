#!/bin/sh
# pki.sh DIR: throw-away certificates. ca.pem signs server.pem (for localhost,
# 127.0.0.1, api.example, login.example) and the clients alice.pem and bob.pem;
# other.pem is an authority that nobody trusts, mallory.pem its client. sealed.key is
# alice's key under the word in the file word.
set -eu

cd "$1"
EC='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'

authority() {
	# shellcheck disable=SC2086
	openssl req -x509 $EC -keyout "$1.key" -out "$1.pem" -days 2 -subj "/CN=$1" \
		-addext basicConstraints=critical,CA:TRUE \
		-addext keyUsage=critical,keyCertSign,cRLSign
}
signed() {
	cat >"$1.ext" <<E2
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = $3
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
$4
E2
	# shellcheck disable=SC2086
	openssl req $EC -keyout "$1.key" -out "$1.csr" -subj "/CN=$1"
	openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial \
		-days 2 -extfile "$1.ext" -out "$1.pem"
}
{
	authority ca
	authority other
	signed server ca serverAuth 'subjectAltName = DNS:localhost,DNS:api.example,DNS:login.example,IP:127.0.0.1'
	signed alice ca clientAuth ''
	signed bob ca clientAuth ''
	signed mallory other clientAuth ''
	echo 'key-word-of-alice' >word
	openssl pkcs8 -topk8 -in alice.key -out sealed.key -v2 aes-256-cbc -passout file:word
} >log 2>&1 || { cat log >&2; exit 1; }
