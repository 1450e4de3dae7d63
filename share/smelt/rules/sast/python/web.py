# Samples for the rules beside: what follows `ruleid:` must be found, what
# follows `ok:` must not.
def book(cur, key):
    # ruleid: py-sql-text
    cur.execute('SELECT * FROM book WHERE id = %s' % key)
    # ruleid: py-sql-text
    cur.execute(f'SELECT * FROM book WHERE id = {key}')
    # ruleid: py-sql-text
    cur.execute('SELECT * FROM book WHERE id = ' + key)
    query = f'DELETE FROM book WHERE id = {key}'
    # ruleid: py-sql-text
    cur.execute(query)
    # ruleid: py-sql-text
    cur.execute('SELECT * FROM book WHERE id = {}'.format(key))

# ok: py-sql-text
cur.execute('SELECT * FROM book WHERE id = %s', (key,))

# ok: py-sql-text
cur.execute('SELECT 1 ' + 'FROM book')

import os

import flask
from flask import Flask, request, send_file, send_from_directory

app = Flask(__name__)


@app.route('/file')
def read_file():
    # ruleid: py-path-from-request
    return open(request.args['name']).read()


@app.route('/file/<name>')
def send(name):
    # ruleid: py-path-from-request
    return send_file('files/' + name)

@app.route('/safe/<name>')
def send_safely(name):
    # ok: py-path-from-request
    return send_from_directory('files', name)

def constant():
    # ok: py-path-from-request
    return open('readme.txt').read()

import requests


@app.route('/fetch')
def fetch():
    # ruleid: py-ssrf
    return requests.get(request.args.get('url'), timeout=5).text

@mcp.tool()
def fetch_tool(url: str):
    # ruleid: py-ssrf
    return requests.get(url, timeout=5).text

@app.route('/status')
def status():
    # ok: py-ssrf
    return requests.get('https://status.example.org', timeout=5).text

from flask import render_template_string


def hello(name):
    # ruleid: py-template-text
    return render_template_string('Hello ' + name)

# ok: py-template-text
render_template_string('Hello {{ name }}', name=name)

import jinja2

# ruleid: py-autoescape-off
env = jinja2.Environment(loader=None)
# ruleid: py-autoescape-off
other = jinja2.Environment(autoescape=False)

# ok: py-autoescape-off
safe = jinja2.Environment(autoescape=True)

# ruleid: py-debug-mode
app.run(host='127.0.0.1', debug=True)

# ruleid: py-debug-mode
app.debug = True

# ok: py-debug-mode
app.run(debug=False)

# ok: py-debug-mode
app.run()

# ruleid: py-bind-all
app.run(host='0.0.0.0')

import uvicorn

# ruleid: py-bind-all
uvicorn.run(app, host='0.0.0.0', port=8000)

# ok: py-bind-all
app.run(host='127.0.0.1')

@app.route('/go')
def go():
    # ruleid: py-redirect
    return flask.redirect(request.args['next'])

# ok: py-redirect
flask.redirect('/home')

from fastapi.middleware.cors import CORSMiddleware

# ruleid: py-cors-any
api.add_middleware(CORSMiddleware, allow_origins=['*'], allow_credentials=True)

# ok: py-cors-any
api.add_middleware(CORSMiddleware, allow_origins=['https://a.example'], allow_credentials=True)


@app.route('/named')
def named_file():
    name = request.args.get('name')
    # ruleid: py-path-from-request
    return open('files/' + name).read()


@app.route('/proxied')
def proxied():
    address = request.args['url']
    # ruleid: py-ssrf
    return requests.get(address, timeout=5).text
