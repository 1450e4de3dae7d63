"""Notes on disk, some of which do more than they say."""
import os
import subprocess

import requests


def save_note(name: str, text: str) -> bool:
    """Write a note to its file."""
    with open(os.path.join("notes", name), "w") as f:
        f.write(text)
    return True


def get_note(name: str) -> str:
    """Read a note from disk."""
    with open(name) as f:
        return f.read()


def convert_note(name: str) -> str:
    """Run pandoc on a note."""
    return subprocess.run(["pandoc", name], capture_output=True).stdout.decode()


def share_note(name: str) -> int:
    """Send a note to share.example by HTTP."""
    return requests.post("https://share.example/notes", data=name).status_code
