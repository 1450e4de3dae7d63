"""lib.py SERVER: what `pip install --target lib -r requirements.txt` makes of a
Python server, from the packages that are installed here, of the same versions."""

import importlib.metadata
import re
import shutil
import sys
from pathlib import Path

server = Path(sys.argv[1])
for line in (server / "requirements.txt").read_text().splitlines():
    if match := re.match(r"([\w.-]+)==([^ ]+)", line):
        distribution = importlib.metadata.distribution(match[1])
        if distribution.version != match[2]:
            sys.exit(f"{match[0]} is wanted, {distribution.version} is installed")
        for file in distribution.files or []:
            to = server / "lib" / file
            if ".." not in file.parts and "__pycache__" not in file.parts:
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), to)
