"""Provisions a device with ThingsBoard's own client, and publishes with the credentials: HOST PORT."""

import sys

from tb_device_mqtt import TBDeviceMqttClient, TBPublishInfo

host, port = sys.argv[1], int(sys.argv[2])
credentials = TBDeviceMqttClient.provision(
    host, "simulatorKey01234567", "simulatorSecret01234", port=port, device_name="stranger"
)
if credentials is None or credentials.get("status") != "SUCCESS":
    sys.exit(f"not provisioned: {credentials}")
client = TBDeviceMqttClient(host, port, credentials["credentialsValue"])
client.connect(timeout=20)
sent = client.send_telemetry({"t": 21.5}, quality_of_service=1).get()
client.disconnect()
if sent != TBPublishInfo.TB_ERR_SUCCESS:
    sys.exit(f"telemetry was not taken: {sent}")
