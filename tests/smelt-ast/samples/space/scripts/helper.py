import os


def work():
    os.remove("x")
