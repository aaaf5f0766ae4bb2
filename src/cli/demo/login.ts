import { type Clock, deadline } from "../../base/clock.ts";
import { seconds } from "../../base/duration.ts";
import { Secret } from "../../base/secret.ts";
import { connect } from "../../transport/connect.ts";
import { DeviceSession } from "../../transport/device-session.ts";
import type { Endpoint } from "../../transport/link.ts";
import { decodeDeviceIdMessage, encodeDeviceIdRequest } from "../../wire/device-id-attribute.ts";
import { loginOf } from "../../wire/login.ts";
import { shortTopics } from "../../wire/topics.ts";

/** Whether a fresh MQTT connection with `token` is accepted, and its attribute request answered. */
export async function isLetIn(endpoint: Endpoint, token: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  using limit = deadline(clock, seconds(5), signal);
  const opening = {
    login: loginOf({ type: "ACCESS_TOKEN", accessToken: new Secret(token) }),
    subscriptions: [],
    publish: { topic: shortTopics.request(1), payload: encodeDeviceIdRequest() },
  };
  const session = await DeviceSession.open(await connect(endpoint, limit.signal), opening, clock, limit.signal);
  if (session === "refused") return false;
  using device = session;
  const message = await device.nextMessage(limit.signal);
  return message !== undefined && decodeDeviceIdMessage(message.topic, message.payload)?.isAnswer === true;
}
