#!/bin/sh
# The control loop with curl alone: the device reports, the hub's thermostat decides, the device's open poll is answered.
set -eu
hub=${HUB:-http://127.0.0.1:8080} device=${DEVICE:-fan-$$} since='' tag='' head=$(mktemp)
trap 'rm -f "$head"' EXIT
for celsius in 31.5 27; do
  echo "$device reports $celsius degrees"
  curl -fsS -o /dev/null --data "{\"celsius\":$celsius}" -H 'Content-Type: application/json' "$hub/v1/devices/$device/events/temperature"
  echo "$device is told $(curl -fsS -D "$head" -H "If-Modified-Since: $since" -H "If-None-Match: $tag" "$hub/sub?id=devices/$device/commands")"
  since=$(tr -d '\r' <"$head" | sed -n 's/^Last-Modified: //p') tag=$(tr -d '\r' <"$head" | sed -n 's/^Etag: //p')
done
