// What a provisioning costs at the least, for Node.js: two connections, the bytes of their packets made and read by hand,
// no module but node:net, and nothing is written down, checked further or kept. No SUBSCRIBE, since ThingsBoard answers
// without. The port of the simulator is its parameter.
"use strict";
const { connect } = require("node:net");

const [port = ""] = process.argv.slice(2);
const token = "B".repeat(20) + process.pid;

converse(
  "provision",
  "/provision/request",
  {
    deviceName: `bare-${process.pid}`,
    provisionDeviceKey: process.env["PROVISION_KEY"],
    provisionDeviceSecret: process.env["PROVISION_SECRET"],
    credentialsType: "ACCESS_TOKEN",
    token,
  },
  (answer) => {
    if (!answer.includes('"SUCCESS"')) throw new Error(answer);
    // The proof: the server lets the token in, and answers what is asked behind it.
    converse(token, "v2/a/req/j/1", { sharedKeys: "deviceId" }, () => {});
  },
);

/**
 * CONNECT and PUBLISH in one piece on a connection of its own, which ends with the answer.
 *
 * @param {string} username
 * @param {string} topic
 * @param {object} question
 * @param {(answer: string) => void} answered
 */
function converse(username, topic, question, answered) {
  // MQTT 3.1.1, a clean session, with a user name; kept alive for 60 s; no client id.
  const login = Buffer.from("00044d5154540482003c0000", "hex");
  const publish = Buffer.concat([text(topic), Buffer.from([0, 1]), Buffer.from(JSON.stringify(question))]);
  const socket = connect(Number(port), "127.0.0.1");
  let heard = Buffer.alloc(0);
  socket.write(Buffer.concat([packet(0x10, Buffer.concat([login, text(username)])), packet(0x32, publish)]));
  socket.on("data", (bytes) => {
    heard = Buffer.concat([heard, bytes]);
    for (let packet = first(heard); packet !== undefined; packet = first(heard)) {
      heard = heard.subarray(packet.end);
      if (packet.type === 2 && packet.body[1] !== 0) throw new Error(`the login was refused with ${packet.body[1]}`);
      if (packet.type !== 3) continue;
      socket.destroy();
      answered(packet.body.toString());
      return;
    }
  });
  socket.on("error", (error) => {
    throw error;
  });
}

/**
 * @param {number} type
 * @param {Buffer} body shorter than 16 KiB
 * @returns {Buffer}
 */
function packet(type, body) {
  const { length } = body;
  const size = length < 128 ? [length] : [(length & 127) | 128, length >> 7];
  return Buffer.concat([Buffer.from([type, ...size]), body]);
}

/**
 * @param {string} of
 * @returns {Buffer}
 */
function text(of) {
  return Buffer.concat([Buffer.from([0, of.length]), Buffer.from(of)]);
}

/**
 * The first packet in `bytes`, which is shorter than 16 KiB; undefined: it has not come as a whole.
 *
 * @param {Buffer} bytes
 */
function first(bytes) {
  const [head = 0, low = 0, high = 0] = bytes;
  const begin = low < 128 ? 2 : 3;
  const end = begin + (low < 128 ? low : (low & 127) | (high << 7));
  return bytes.length < begin || bytes.length < end
    ? undefined
    : { type: head >> 4, body: bytes.subarray(begin, end), end };
}
