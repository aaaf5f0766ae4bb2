// A test of your own firmware's protocol code with vitest: the simulator lives in the test, without a port of its own
// choosing. Replace `yourClient` by what you want to test.
import { connectAsync } from "mqtt";
import { defaultProfile, Simulator } from "thermal-provision/simulator";
import { expect, test } from "vitest";

/** Stands for the code under test: asks once, and gives the answer's status; undefined when the connection ended. */
async function yourClient(url: string, deviceName: string): Promise<string | undefined> {
  const client = await connectAsync(url, { username: "provision", reconnectPeriod: 0 });
  const answer = new Promise<string | undefined>((resolve) => {
    client.once("message", (_topic, payload) => resolve(JSON.parse(payload.toString()).status));
    client.once("close", () => resolve(undefined));
  });
  const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
  await client.subscribeAsync("/provision/response", { qos: 1 });
  await client.publishAsync(
    "/provision/request",
    JSON.stringify({ deviceName, provisionDeviceKey, provisionDeviceSecret }),
    { qos: 1 },
  );
  const status = await answer;
  await client.endAsync();
  return status;
}

test("a camera is provisioned", async () => {
  await using server = await Simulator.start();
  expect(await yourClient(server.url, "camera-1")).toBe("SUCCESS");
  expect(server.devices).toMatchObject([{ name: "camera-1", profile: "thermal-camera" }]);
});

test("the answer is cut off after the device was created, and the next try meets FAILURE", async () => {
  await using server = await Simulator.start({
    scenario: [{ on: "request", do: "close", when: "after the acknowledgement" }],
  });
  expect(await yourClient(server.url, "camera-1")).toBeUndefined();
  expect(await yourClient(server.url, "camera-1")).toBe("FAILURE");
  expect(server.devices).toHaveLength(1);
  expect(server.heard.filter(({ packet }) => packet === "CONNECT")).toHaveLength(2);
  server.assertScenarioFinished();
});
