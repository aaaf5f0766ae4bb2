// The same conversation with MQTT.js, as its documentation and that of ThingsBoard have it. The port of the simulator is
// its parameter.
import { connectAsync } from "mqtt";

const [port = ""] = process.argv.slice(2);
const server = `mqtt://127.0.0.1:${port}`;
const token = "M".repeat(20) + process.pid;
const asked = { deviceName: `mqtt-js-${process.pid}`, credentialsType: "ACCESS_TOKEN", token };
const keys = {
  provisionDeviceKey: process.env["PROVISION_KEY"],
  provisionDeviceSecret: process.env["PROVISION_SECRET"],
};

await converse("provision", "/provision/response", "/provision/request", { ...asked, ...keys });
await converse(token, "v1/devices/me/attributes/response/+", "v1/devices/me/attributes/request/1", {
  sharedKeys: "deviceId",
});

/**
 * @param {string} username
 * @param {string} answer where it comes
 * @param {string} topic
 * @param {object} question
 */
async function converse(username, answer, topic, question) {
  const client = await connectAsync(server, { username });
  const answered = new Promise((resolve) => client.once("message", resolve));
  await client.subscribeAsync(answer, { qos: 1 });
  await client.publishAsync(topic, JSON.stringify(question), { qos: 1 });
  await answered;
  await client.endAsync();
}
