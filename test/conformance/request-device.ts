import { generate } from "mqtt-packet";
import { isSystemError } from "../../src/base/system-error.ts";
import { Mistake } from "../transcripts/mistake.ts";
import type { Target } from "./target.ts";
import { Wire } from "./wire.ts";

/** Asks for a device as a camera does, and gives the status of the answer. Throws Mistake when nobody answers. */
export async function requestDevice(
  target: Pick<Target, "name" | "host" | "port" | "tls">,
  asked: Readonly<Record<"key" | "secret" | "deviceName", string>> & Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const { key: provisionDeviceKey, secret: provisionDeviceSecret, ...fields } = asked;
  const wire = await Wire.open(target).catch((error: unknown) => {
    const reason = isSystemError(error) ? error.code : error instanceof Error ? error.message : error;
    throw new Mistake(`TB_HOST, TB_PORT: no connection to ${target.name} (${reason})`);
  });
  try {
    const login = { clientId: "", username: "provision", clean: true, keepalive: 60 };
    wire.write(generate({ cmd: "connect", protocolId: "MQTT", protocolVersion: 4, ...login }));
    const connack = await wire.next();
    if (connack?.[0] !== 0x20 || connack[3] !== 0) throw new Mistake(`TB_PORT: ${target.name} is not ThingsBoard`);
    const payload = JSON.stringify({ ...fields, provisionDeviceKey, provisionDeviceSecret });
    const topic = "/provision/request";
    wire.write(generate({ cmd: "publish", topic, payload, qos: 1, messageId: 1, dup: false, retain: false }));
    for (let answer = await wire.next(); answer !== undefined; answer = await wire.next()) {
      const status = /"status":"([A-Z_]+)"/.exec(answer.toString("latin1"))?.[1];
      if (status !== undefined) return status;
    }
    return "no answer";
  } finally {
    wire.close();
  }
}
