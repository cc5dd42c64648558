#!/usr/bin/env python3
"""A thermostat in a process of its own. Python 3's standard library is all it needs.

    python3 thermostat.py                             for a hub on this machine whose admin API is at 127.0.0.1:8081
    python3 thermostat.py --admin http://hub:8081     for another one
    python3 thermostat.py --turns 3                   ends after three turns

signalbox.yaml beside this file is the configuration that the hub needs. The token, when there is one, is read from the
environment variable SIGNALBOX_TOKEN.
"""

import argparse
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

LIMIT = 30  # degrees Celsius
PAUSE_SECONDS = 2  # before asking again a hub that did not answer
GONE = (404, 409, 412)  # the turn is no longer ours: it was done, or it comes again


class Hub:
    """The hub, as one logic server sees it."""

    def __init__(self, admin, name):
        self.turns = f"{admin}/v1/logic/{name}/turns"
        token = os.environ.get("SIGNALBOX_TOKEN")
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def next_turns(self):
        """Waits for turns, half a minute at most; a list, which may be empty."""
        return self.ask("POST", "next?wait=30&max=10") or []

    def answer(self, turn, reply):
        self.ask("POST", turn["lock"], reply)

    def state(self, turn, key, name):
        """One value of what this logic server keeps; None when there is none."""
        query = urllib.parse.urlencode({"key": key, "name": name})
        values = self.ask("GET", f"{turn['lock']}/state?{query}")["values"]
        return values[0]["value"] if values else None

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {**self.headers, **({"Content-Type": "application/json"} if data else {})}
        request = urllib.request.Request(f"{self.turns}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=70) as answer:
            text = answer.read()
        return json.loads(text) if text else None


def decide(hub, turn):
    """What a turn comes to: it only decides, and the hub does it."""
    if turn["kind"] == "timer":
        fan = turn["timer"]["key"]
        return {"commands": [{"device": fan, "name": "fan.set", "params": {"on": False}, "key": "fan"}]}
    fan, celsius = turn["key"], turn["event"]["data"]["celsius"]
    on = celsius > LIMIT
    if hub.state(turn, fan, "on") == on:
        return {"skip": "the fan was told already"}
    timer = {"after": "15m"} if on else {"cancel": True}
    return {
        "commands": [{"device": fan, "name": "fan.set", "params": {"on": on}, "ttl": "10m", "key": "fan"}],
        "state": [{"key": fan, "name": "on", "value": on}],
        "timers": [{"name": "fan-off", **timer}],
    }


def work(hub, turn):
    try:
        reply = decide(hub, turn)
    except (KeyError, TypeError) as fault:  # an event that is not what it should be: it goes to the dead letters
        reply = {"reject": f"{type(fault).__name__}: {fault}"}
    hub.answer(turn, reply)
    print(turn["kind"], turn["key"], json.dumps(reply), flush=True)


def main():
    options = argparse.ArgumentParser(description="A thermostat in a process of its own.")
    options.add_argument("--admin", default="http://127.0.0.1:8081", help="the hub's admin API")
    options.add_argument("--name", default="heating", help="its name in logic_servers")
    options.add_argument("--turns", type=int, default=0, help="end after so many turns")
    asked = options.parse_args()
    hub, count = Hub(asked.admin, asked.name), 0
    while True:
        try:
            for turn in hub.next_turns():
                work(hub, turn)
                count += 1
                if count == asked.turns:
                    return
        except urllib.error.HTTPError as refusal:
            print(refusal.code, refusal.read().decode(), file=sys.stderr)
            if refusal.code not in GONE:
                time.sleep(PAUSE_SECONDS)
        except OSError as trouble:
            print(f"The hub cannot be reached ({trouble}).", file=sys.stderr)
            time.sleep(PAUSE_SECONDS)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
