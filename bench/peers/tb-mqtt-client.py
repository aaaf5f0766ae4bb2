"""The same conversation with ThingsBoard's own client for Python: PORT REPORT. What it took is written into REPORT, in the
names that Node.js has for it."""

import json
import os
import resource
import sys
import threading

from tb_device_mqtt import TBDeviceMqttClient

port, report = int(sys.argv[1]), sys.argv[2]
credentials = TBDeviceMqttClient.provision(
    "127.0.0.1",
    os.environ["PROVISION_KEY"],
    os.environ["PROVISION_SECRET"],
    port=port,
    device_name=f"python-{os.getpid()}",
    access_token="P" * 20 + str(os.getpid()),
)
if credentials is None or credentials.get("status") != "SUCCESS":
    sys.exit(f"not provisioned: {credentials}")

answered = threading.Event()
client = TBDeviceMqttClient("127.0.0.1", port, credentials["credentialsValue"])
client.connect()
client.request_attributes(shared_keys=["deviceId"], callback=lambda *_: answered.set())
if not answered.wait(20):
    sys.exit("no answer to the attribute request")
client.disconnect()
client.stop()

used = resource.getrusage(resource.RUSAGE_SELF)
with open(report, "w", encoding="utf-8") as file:
    json.dump(
        {"userCPUTime": used.ru_utime * 1e6, "systemCPUTime": used.ru_stime * 1e6, "maxRSS": used.ru_maxrss}, file
    )
