"""A test with pytest: the simulator is a program beside it, which prints its port as one line of JSON.

Needs paho-mqtt 2 and the command `thermal-provision` (or its path in THERMAL_PROVISION).
"""

import contextlib
import json
import os
import queue
import shlex
import subprocess

import paho.mqtt.client as mqtt
import pytest

COMMAND = shlex.split(os.environ.get("THERMAL_PROVISION", "thermal-provision"))
KEY = {"provisionDeviceKey": "simulatorKey01234567", "provisionDeviceSecret": "simulatorSecret01234"}


@contextlib.contextmanager
def simulator(*options):
    """Starts a simulator and gives its port; the first line that it prints says that it listens."""
    process = subprocess.Popen(
        [*COMMAND, "simulator", "--port", "0", "--json", *options],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        listening = json.loads(process.stdout.readline())
        assert listening["type"] == "listening"
        yield listening["port"]
    finally:
        process.terminate()
        process.communicate(timeout=10)


def connect(port, user_name):
    """A connected client, and the queue of what happens to it."""
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
    client.username_pw_set(user_name)
    events = queue.Queue()
    client.on_connect = lambda _client, _data, _flags, reason, _properties: events.put(str(reason))
    client.on_subscribe = lambda *_: events.put("subscribed")
    client.on_message = lambda _client, _data, message: events.put(json.loads(message.payload))
    client.on_disconnect = lambda *_: events.put("disconnected")
    client.connect("127.0.0.1", port)
    client.loop_start()
    return client, events


def provision(port, **request):
    """The server's answer, or "disconnected"."""
    client, events = connect(port, "provision")
    assert events.get(timeout=10) == "Success"
    client.subscribe("/provision/response", qos=1)
    assert events.get(timeout=10) == "subscribed"
    client.publish("/provision/request", json.dumps({**KEY, **request}), qos=1)
    answer = events.get(timeout=10)
    client.disconnect()
    client.loop_stop()
    return answer


def test_a_camera_is_provisioned_and_logs_in():
    with simulator() as port:
        answer = provision(port, deviceName="camera-1")
        assert answer["status"] == "SUCCESS"
        client, events = connect(port, answer["credentialsValue"])
        assert events.get(timeout=10) == "Success"
        client.publish("v1/devices/me/telemetry", '{"t": 21.5}', qos=1).wait_for_publish(timeout=10)
        client.disconnect()
        client.loop_stop()


@pytest.mark.parametrize("scenario", ["reply-cut-off", "reset-before-work"])
def test_the_connection_ends_instead_of_an_answer(scenario):
    with simulator("--scenario", scenario) as port:
        assert provision(port, deviceName="camera-1", token="tokenOfCamera1") == "disconnected"


def test_the_database_is_away_for_a_moment():
    with simulator("--scenario", "database-hiccup") as port:
        assert provision(port, deviceName="camera-1")["status"] == "FAILURE"
        assert provision(port, deviceName="camera-1")["status"] == "SUCCESS"
