"""Processes of `tests.inventory.clients`, and what those that were killed had said."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection


class Process:
    """A process of `tests.inventory.clients`."""

    def __init__(self):
        settings = {key: connection.settings_dict[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
        environment = os.environ | {"CLIENTS_DATABASE": json.dumps(settings | {"OPTIONS": {}})}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.inventory.clients"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def tell(self, **order):
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def answer(self):
        line = self._process.stdout.readline()
        assert line, "the process of clients has died"
        return json.loads(line)

    def end(self):
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()


@pytest.fixture
def processes(request):
    started = [Process() for _number in range(request.param)]
    yield started
    for process in started:
        process.end()


class Said:
    """What dead workers had said: the operations begun and booked, by key, and those that got no answer."""

    def __init__(self, lines):
        said = [(word, json.loads(rest)) for word, _space, rest in (line.partition(" ") for line in lines)]
        self.began = {told["key"]: told for word, told in said if word == "began"}
        self.booked = {told["key"]: told["answer"] for word, told in said if word == "booked"}
        answered = {told["key"] for word, told in said if word != "began"}
        self.unanswered = [told for key, told in self.began.items() if key not in answered]
