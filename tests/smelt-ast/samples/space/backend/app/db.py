from dataclasses import dataclass


@dataclass
class Answer:
    text: str


def query(words: str) -> Answer:
    with open(words) as file:
        return Answer(file.read())
