# Samples for the rules beside: what follows `ruleid:` must be found, what
# follows `ok:` must not.
import subprocess as sp
from subprocess import run as r


def listing(path):
    # ruleid: py-subprocess-shell
    sp.run('ls ' + path, shell=True)
    # ruleid: py-subprocess-shell
    r(f'ls {path}', check=True, shell=True)
    # ruleid: py-subprocess-shell
    sp.check_output(path, shell=True)

# ok: py-subprocess-shell
sp.run(['ls', path], check=True)

# ok: py-subprocess-shell
sp.run('ls -l', shell=True)

import os


def remove(name):
    # ruleid: py-os-system
    os.system('rm ' + name)
    # ruleid: py-os-system
    os.popen(f'cat {name}')

# ok: py-os-system
os.system('clear')

cmd = 'date'
# ok: py-os-system
os.system(cmd)

def calculate(text):
    # ruleid: py-eval
    return eval(text)

def load(text, scope):
    # ruleid: py-eval
    exec(text, scope)

def small():
    # ok: py-eval
    return eval('1 + 1')

def mine(eval):
    # ok: py-eval
    return eval(text)

from mcp.server.fastmcp import FastMCP
import os
import subprocess

mcp = FastMCP('x')


@mcp.tool()
def ping(host: str) -> int:
    # ruleid: py-os-system
    # ruleid: py-mcp-tool-shell
    return os.system('ping ' + host)


@mcp.tool()
def trace(host: str, n: int) -> int:
    # ruleid: py-subprocess-shell
    # ruleid: py-mcp-tool-shell
    return subprocess.run(f'traceroute {host}', shell=True)

@mcp.tool()
def ping_list(host: str):
    # ok: py-mcp-tool-shell
    return subprocess.run(['ping', host])
