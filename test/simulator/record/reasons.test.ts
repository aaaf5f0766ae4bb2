import { expect, test } from "vitest";
import { seconds } from "../../../src/base/duration.ts";
import { accessToken, defaultProfile, type Simulator } from "../../../src/simulator/index.ts";
import { open, publish, request, requestBody, startSimulator } from "../client.ts";

function heard(simulator: Simulator): string[] {
  const told: string[] = [];
  simulator.on((event) => {
    if (event.type === "connection closed" || event.type === "request refused") told.push(event.why ?? event.type);
  });
  return told;
}

test("every close by the server says why", async () => {
  const { simulator, clock } = await startSimulator({ rateLimits: { telemetryDataPoints: "1:60" } });
  const told = heard(simulator);
  simulator.addDevice({ name: "cam", credentials: accessToken("tok") });
  const device = () => open(simulator, { userName: "tok" });
  await (await device()).send({ cmd: "disconnect" });
  await (await device()).send(publish("v1/devices/me/telemetry", "{bad"));
  await (await device()).send(publish("v1/devices/me/telemetry", '{"ts":"now","values":{"t":1}}'));
  await (await device()).send(publish("v1/devices/me/telemetry", '{"a":1,"b":2}'));
  await (await device()).write(Buffer.from("00", "hex"));
  await device();
  await device();
  simulator.setCredentials("cam", "new");
  await open(simulator, { userName: "nobody" });
  await (await open(simulator)).send(publish("somewhere", "{}"));
  await (await open(simulator)).send(request("{}"));
  await (await open(simulator)).send(request());
  await clock.advance(seconds(61));
  await simulator.restart();
  expect(told).toEqual([
    "the device said DISCONNECT",
    "an invalid payload: a name without a value",
    "the server's handler failed: the time of telemetry is not a number",
    "over the rate limit",
    "a packet that cannot be decoded",
    "the device has logged in a second time",
    "its credentials were changed, or it was deleted",
    "the CONNECT was refused: no device has these credentials",
    "a topic that is not for provisioning",
    "a provisioning request that cannot be read",
    "a provisioning session ends 60 s after an answer",
  ]);
  await simulator.close();
});

test("every refusal of a request says why, which the device is not told", async () => {
  const profiles = [
    defaultProfile,
    {
      name: "claims",
      provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
      provisionDeviceKey: "k",
      provisionDeviceSecret: "s",
    },
    { name: "off", provisionType: "DISABLED", provisionDeviceKey: "o", provisionDeviceSecret: "s" },
  ] as const;
  const { simulator } = await startSimulator({ profiles, deviceLimit: 2 });
  simulator.addDevice({ name: "mine", profile: "claims" });
  const told = heard(simulator);
  const client = await open(simulator);
  const claim = { provisionDeviceKey: "k", provisionDeviceSecret: "s" };
  for (const fields of [
    { deviceName: " " },
    { provisionDeviceSecret: "" },
    { provisionDeviceKey: "other" },
    { provisionDeviceSecret: "other" },
    { provisionDeviceKey: "o", provisionDeviceSecret: "s" },
    { ...claim, deviceName: "nobody" },
    { ...claim, deviceName: "mine" },
    { ...claim, deviceName: "mine" },
    { hash: "h" },
    { deviceName: "<script>" },
    { token: "tok" },
    { token: "tok" },
    { deviceName: "cam-2" },
  ]) {
    await client.send(request(requestBody(fields)));
  }
  expect(told).toEqual([
    "the device name is blank",
    "the key or the secret is empty",
    "no device profile has this key",
    "not the secret of the profile thermal-camera",
    "the profile off provisions no devices",
    "no device of this name is registered in the profile claims",
    "the device has been claimed already",
    "no credentials can be made of what was sent",
    "a device may not have this name",
    "there is a device of this name already",
    "the tenant has as many devices as it may",
  ]);
  await simulator.close();
});
