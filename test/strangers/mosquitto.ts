import { defaultProfile } from "../../src/simulator/index.ts";
import { deviceName, isThere, run, type Stranger, telemetry, tokenIn } from "./stranger.ts";

/** The clients of the Mosquitto project, in both protocol versions that they speak. */
export const mosquitto: readonly Stranger[] = ["mqttv311", "mqttv5"].map((version) => ({
  name: `mosquitto_rr and mosquitto_pub, ${version}`,
  async missing() {
    const there = (await isThere("mosquitto_rr", "--help")) && (await isThere("mosquitto_pub", "--help"));
    return there ? undefined : "not installed (Debian: mosquitto-clients)";
  },
  async meet({ host, port }) {
    const { provisionDeviceKey, provisionDeviceSecret } = defaultProfile;
    const request = JSON.stringify({ deviceName, provisionDeviceKey, provisionDeviceSecret });
    const server = ["-V", version, "-h", host, "-p", String(port), "-q", "1"];
    const topics = ["-t", "/provision/request", "-e", "/provision/response"];
    const answer = await run("mosquitto_rr", [...server, "-u", "provision", "-W", "20", ...topics, "-m", request]);
    const message = ["-t", "v1/devices/me/telemetry", "-m", JSON.stringify(telemetry)];
    await run("mosquitto_pub", [...server, "-u", tokenIn(answer), ...message]);
  },
}));
