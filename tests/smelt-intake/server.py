"""A small HTTP server on loopback: prints its port; paths say what to answer.

server.py LOG [CERTIFICATE KEY]
"""
import gzip
import http.server
import ssl
import sys


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        with open(sys.argv[1], "a", encoding="utf-8") as log:
            log.write(self.path + " " + self.headers.get("Authorization", "-") + "\n")

    def reply(self, status, body=b"", **headers):
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        document = b'openapi: 3.0.3\ninfo: {title: served, version: "1"}\npaths: {}\n'
        here = "http://%s" % self.headers["Host"]
        if self.path.startswith("/api.yaml") or self.path == "/v3/api-docs":
            self.reply(200, document)
        elif self.path == "/hop.yaml":
            self.reply(302, Location="/api.yaml")
        elif self.path == "/loop.yaml":
            self.reply(302, Location="/loop.yaml")
        elif self.path == "/away.yaml":
            self.reply(302, Location=here.replace("127.0.0.1", "localhost") + "/api.yaml")
        elif self.path == "/file.yaml":
            self.reply(302, Location="file:///etc/passwd")
        elif self.path == "/metadata.yaml":
            self.reply(302, Location="http://169.254.169.254/latest/meta-data")
        elif self.path == "/bomb.yaml":
            self.reply(200, gzip.compress(b" " * (80 << 20)), Content_Encoding="gzip")
        elif self.path == "/refs.yaml":
            self.reply(200, document.replace(b"paths: {}", b"paths: {/a: {$ref: a.yaml}}"))
        elif self.path == "/page":
            self.reply(200, b"<title>Page</title><p>Words</p>", Content_Type="text/html")
        elif self.path.startswith("/hop/"):
            port = self.headers["Host"].rpartition(":")[2]
            where = {"away": "https://a.localhost:%s/hop/x" % port, "metadata": "https://169.254.169.254/x",
                     "file": "file:///etc/passwd", "out": "/s/plain", "within": "/s/plain", "loop": "/hop/loop"}
            self.reply(302, Location=where[self.path[5:]])
        elif self.path.startswith("/chain/"):
            self.reply(200, b'{"not": {"$ref": "%d"}}' % (int(self.path[7:]) + 1))
        elif self.path.startswith("/circle/"):
            self.reply(200, b'{"items": {"$ref": "%d"}}' % (3 - int(self.path[8:])))
        elif self.path == "/many":
            self.reply(200, b"allOf: [%s]" % b", ".join(b'{$ref: "part/%d"}' % i for i in range(300)))
        elif self.path.startswith("/part/"):
            self.reply(200, b"{}")
        elif self.path == "/bad.yaml":
            self.reply(200, b"a: [")
        elif self.path == "/refs/out":
            self.reply(200, b'{"$ref": "https://evil.example/x"}')
        elif self.path == "/refs/up":
            self.reply(200, b'{"$ref": "../s/plain"}')
        elif self.path.startswith("/r.git/") or self.path.startswith("/s/") or self.path == "/api.txt":
            super().do_GET()
        else:
            self.reply(404, b"no")


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    server.socket = context.wrap_socket(server.socket, server_side=True)
print(server.server_address[1], flush=True)
server.serve_forever()
