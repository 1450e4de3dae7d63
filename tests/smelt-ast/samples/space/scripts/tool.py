"""Not a package: imported by nobody, runs in its own folder."""
import helper


def run():
    helper.work()
