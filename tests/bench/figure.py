"""How figures are measured and told: a line each, with the figure to reach, their
ratio, and what else says something; what a busy machine changes less is the CPU
time."""
import resource
import subprocess
import sys
import time

missed = 0


def say(what, got, want, unit, note=""):
    """One figure; want None: for information."""
    global missed
    number = "%.3f" if unit == "s" else "%.1f"
    line = f"{what:<48} {number % got:>9} {unit:<4}"
    if want is not None:
        missed += got > want
        line += f" of {want:g} {unit}  x{got / want if want else got:.2f}{'' if got <= want else '  MISSED'}"
    print(line + (f"  {note}" if note else ""), flush=True)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(what, want, unit, command, cwd=None, before=None, runs=11):
    """Say the median wall time, after one run to warm up."""
    times = []
    for i in range(runs + 1):
        if before:
            before()
        began, used = time.perf_counter(), cpu()
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        if i:
            times.append((time.perf_counter() - began, cpu() - used))
        if done.returncode:
            sys.exit(f"{command}: {done.returncode}\n{done.stderr}")
    times.sort()
    factor, digits = (1, 3) if unit == "s" else (1e3, 1)
    say(what, factor * times[len(times) // 2][0], want, unit,
        f"best {factor * times[0][0]:.{digits}f}, CPU {factor * min(t[1] for t in times):.{digits}f}")
