#!/bin/sh
# A rehearsal in a shell script: the simulator in the background, mosquitto's clients as the camera.
# Needs mosquitto_rr and mosquitto_pub (Debian: mosquitto-clients), and `thermal-provision` (or THERMAL_PROVISION).
set -eu

folder="$(mktemp -d)"
simulator=
finish() {
  [ -z "$simulator" ] || kill "$simulator" 2> /dev/null || true
  rm -rf "$folder"
}
trap finish EXIT

# shellcheck disable=SC2086 # the command may have parameters
${THERMAL_PROVISION:-thermal-provision} simulator --port 0 --json > "$folder/events" &
simulator=$!

# The first line says that it listens, and where.
tries=0
until port="$(sed -n 's/^{"type":"listening".*"port":\([0-9]*\).*/\1/p' "$folder/events")" && [ -n "$port" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 100 ] || { echo "the simulator does not start" >&2; exit 1; }
  sleep 0.1
done

request='{"deviceName":"camera-1","provisionDeviceKey":"simulatorKey01234567","provisionDeviceSecret":"simulatorSecret01234"}'
answer="$(mosquitto_rr -h 127.0.0.1 -p "$port" -u provision -q 1 -W 10 \
  -t /provision/request -e /provision/response -m "$request")"
token="$(printf '%s' "$answer" | sed -n 's/.*"credentialsValue":"\([^"]*\)".*/\1/p')"
[ -n "$token" ] || { echo "not provisioned: $answer" >&2; exit 1; }

mosquitto_pub -h 127.0.0.1 -p "$port" -u "$token" -q 1 -t v1/devices/me/telemetry -m '{"t":21.5}'
grep -q '"type":"device_created","device_name":"camera-1"' "$folder/events"
echo "camera-1 is provisioned, and its token was accepted"
