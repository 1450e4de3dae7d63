#!/usr/bin/env python3
"""measure.py: run commands, one after the other, and say what each took.

Reads JSON Lines on stdin: {"id":…, "commands":[[PROGRAM, ARGUMENT…]…],
"timeout":SECONDS}; writes one line an input: {"id":…, "runs":[{"status",
"signal"?, "cpu" (seconds), "wall", "rss" (KiB), "stderr" (its last 20,000
bytes)}…]}. The commands of one line stop at the first that does not exit 0.
Their stdout goes nowhere."""
import json
import os
import signal
import sys
import tempfile
import time


def run(command, timeout):
    with tempfile.TemporaryFile() as errors:
        began = time.monotonic()
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, errors.fileno(), 2),
        ]
        pid = os.posix_spawnp(command[0], command, os.environ,
                              file_actions=actions)
        signal.signal(signal.SIGALRM, lambda *_: os.kill(pid, signal.SIGKILL))
        signal.alarm(timeout)
        _, status, usage = os.wait4(pid, 0)
        signal.alarm(0)
        result = {
            "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime,
            "wall": time.monotonic() - began,
            "rss": usage.ru_maxrss,
        }
        if os.WIFSIGNALED(status):
            result["signal"] = signal.Signals(os.WTERMSIG(status)).name
        size = errors.seek(0, os.SEEK_END)
        errors.seek(max(0, size - 20000))
        result["stderr"] = errors.read().decode("utf-8", "replace")
        return result


def main():
    for line in sys.stdin:
        job = json.loads(line)
        runs = []
        for command in job["commands"]:
            runs.append(run(command, job["timeout"]))
            if runs[-1]["status"] != 0:
                break
        print(json.dumps({"id": job["id"], "runs": runs}), flush=True)


main()
