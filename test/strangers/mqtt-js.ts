import { connectAsync } from "mqtt";
import { defaultProfile } from "../../src/simulator/index.ts";
import { deviceName, type Stranger, telemetry, tokenIn } from "./stranger.ts";

/** MQTT.js, a development dependency: it is always there. */
export const mqttJs: readonly Stranger[] = ([4, 5] as const).map((protocolVersion) => ({
  name: `MQTT.js, protocol level ${protocolVersion}`,
  missing: async () => undefined,
  async meet({ url }) {
    const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
    const request = JSON.stringify({ deviceName, provisionDeviceKey, provisionDeviceSecret });
    const options = { protocolVersion, reconnectPeriod: 0 };
    const session = await connectAsync(url, { ...options, username: "provision" });
    const answer = new Promise<string>((resolve) => {
      session.once("message", (_topic, payload) => resolve(new TextDecoder().decode(payload)));
      session.once("close", () => resolve("the connection ended"));
    });
    await session.subscribeAsync("/provision/response", { qos: 1 });
    await session.publishAsync("/provision/request", request, { qos: 1 });
    const username = tokenIn(await answer);
    await session.endAsync();
    const device = await connectAsync(url, { ...options, username });
    await device.publishAsync("v1/devices/me/telemetry", JSON.stringify(telemetry), { qos: 1 });
    await device.endAsync();
  },
}));
