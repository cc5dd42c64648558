#!/usr/bin/env python3
"""Prints each message of a channel, by long-polls alone. Python 3's standard library is all it needs.

    python3 subscriber.py                                        follows the channel "demo" of a hub on this machine
    python3 subscriber.py 'http://hub.example:8080/sub?id=news'  follows another one
    python3 subscriber.py --count 3                              ends after three messages

The two headers that an answer brings go back with the next request: they say which message was the last, so that the
next one is the one behind it, whether it waits already or comes in an hour.
"""

import argparse
import sys
import time
import urllib.error
import urllib.request

NOTHING_NEW = 304  # the hub answers an open poll with it when no message came in time
PAUSE_SECONDS = 2  # before asking again a hub that did not answer, or did not like to


def next_message(url, last_modified, etag):
    """Waits for the message behind the one that the two headers name; empty ones ask for the oldest."""
    headers = {"If-Modified-Since": last_modified, "If-None-Match": etag}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        return answer.headers, answer.read()


def follow(url):
    """Yields the messages at `url` one after the other, for ever."""
    last_modified, etag = "", ""
    while True:
        try:
            headers, body = next_message(url, last_modified, etag)
        except urllib.error.HTTPError as refusal:
            if refusal.code != NOTHING_NEW:
                pause(f"The hub answered {refusal.code}")
        except OSError as trouble:
            pause(f"The hub cannot be reached ({trouble})")
        else:
            last_modified, etag = headers["Last-Modified"], headers["Etag"]
            yield body.decode(headers.get_content_charset("utf-8"), "replace")


def pause(trouble):
    print(f"{trouble}; asking again in {PAUSE_SECONDS} s.", file=sys.stderr)
    time.sleep(PAUSE_SECONDS)


def main():
    parser = argparse.ArgumentParser(description="Prints each message of a channel.")
    parser.add_argument("url", nargs="?", default="http://127.0.0.1:8080/sub?id=demo", help="default: %(default)s")
    parser.add_argument("--count", type=int, metavar="N", help="end after N messages; default: never")
    options = parser.parse_args()
    for number, message in enumerate(follow(options.url), start=1):
        print(message, flush=True)
        if number == options.count:
            return


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
