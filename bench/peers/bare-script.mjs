// What a provisioning costs at the least: two connections, and nothing is written down, checked or kept. The port of the
// simulator is its parameter.
import { connect } from "node:net";
import mqtt from "mqtt-packet";

const [port = ""] = process.argv.slice(2);
const token = "B".repeat(20) + process.pid;
const asked = { deviceName: `bare-${process.pid}`, credentialsType: "ACCESS_TOKEN", token };
const keys = {
  provisionDeviceKey: process.env["PROVISION_KEY"],
  provisionDeviceSecret: process.env["PROVISION_SECRET"],
};

await converse("provision", "/provision/request", { ...asked, ...keys });
await converse(token, "v2/a/req/j/1", { sharedKeys: "deviceId" });

/**
 * Asks on a connection of its own; ends with the answer.
 *
 * @param {string} username
 * @param {string} topic
 * @param {object} question
 * @returns {Promise<void>}
 */
function converse(username, topic, question) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), "127.0.0.1");
    const parser = mqtt.parser({ protocolVersion: 4 });
    parser.on("packet", ({ cmd }) => {
      if (cmd !== "publish") return;
      socket.destroy();
      resolve();
    });
    socket.on("error", reject).on("data", (bytes) => parser.parse(bytes));
    const login = { cmd: "connect", protocolId: "MQTT", protocolVersion: 4, clientId: "", clean: true, keepalive: 60 };
    const publish = { cmd: "publish", topic, payload: JSON.stringify(question), qos: 1, messageId: 1 };
    for (const packet of [
      { ...login, username },
      { ...publish, dup: false, retain: false },
    ]) {
      socket.write(mqtt.generate(/** @type {import("mqtt-packet").Packet} */ (packet)));
    }
  });
}
