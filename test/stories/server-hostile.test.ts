import { describe, expect, it } from "vitest";
import { systemClock } from "../../src/base/clock.ts";
import { seconds } from "../../src/base/duration.ts";
import { connack, puback, publish } from "../transport/server-end.ts";
import { Camera } from "./camera.ts";
import { type Ending, endings, fails, provisionsTheSame } from "./hostile-encounter.ts";
import { answersRequests, HostileServer, type Manners, says } from "./hostile-server.ts";
import { hurriedClock } from "./hurried-clock.ts";

const responseTopic = "/provision/response";
const answer = (payload: string) => connack() + puback + publish(responseTopic, payload);

/** A camera whose provision.json leads to a server of those manners; what it meets, and then a healthy server. */
async function encounter(manners: Manners, ending: Ending): Promise<void> {
  const waits = await encounterWithin(300, manners, ending);
  expect(waits.slice(0, 3)).toEqual([1000, 2000, 4000]);
}

/** The same with a server that no other try in the run would turn into ThingsBoard. */
async function hopeless(manners: Manners, ending: Ending): Promise<void> {
  const waits = await encounterWithin(2, manners, ending, { least: 1, clock: systemClock });
  expect(waits.length).toBeLessThan(2);
}

/** The same with a server that lets the time run out: how often it is asked depends on the machine's haste. */
async function silence(manners: Manners, ending: Ending): Promise<void> {
  const waits = await encounterWithin(25, manners, ending);
  expect(waits.length).toBeGreaterThan(0);
}

async function encounterWithin(
  timeoutSeconds: number,
  manners: Manners,
  ending: Ending,
  { least = 2, clock = hurriedClock } = {},
): Promise<readonly number[]> {
  await using hostile = await HostileServer.start(manners);
  await using camera = await Camera.start();
  camera.credentials({ server_port: hostile.port, timeout_seconds: timeoutSeconds });
  await fails(camera, ending, { clock });
  expect(hostile.connections).toBeGreaterThanOrEqual(least);
  await hostile.left();
  camera.credentials();
  await provisionsTheSame(camera);
  return camera.retries.map(({ wait }) => wait);
}

describe.concurrent("a server that", () => {
  const ends: Record<string, [Manners, Ending]> = {
    "closes every connection at once": [
      (socket) => socket.end(),
      { ...endings.unheard, says: "closed from the other side without one byte" },
    ],
    "closes after the first bytes": [
      says("", (socket) => socket.end()),
      { ...endings.unheard, says: "closed from the other side without one byte" },
    ],
    "closes after the CONNACK": [
      says(connack(), (socket) => socket.end()),
      { ...endings.lost, says: "closed from the other side before an answer to the attribute request came" },
    ],
    "closes after the acknowledgement": [says(connack() + puback, (socket) => socket.end()), endings.lost],
    "closes in the middle of the answer": [
      says(answer('{"status":"SUCCESS"}').slice(0, 50), (socket) => socket.end()),
      endings.lost,
    ],
    "resets every connection at once": [(socket) => socket.resetAndDestroy(), endings.unheard],
    "resets after the acknowledgement": [says(connack() + puback, (socket) => socket.resetAndDestroy()), endings.lost],
    "resets in the middle of the answer": [
      says(answer('{"status":"SUCCESS"}').slice(0, 50), (socket) => socket.resetAndDestroy()),
      endings.lost,
    ],
  };
  it.each(Object.entries(ends))("%s: the connection ends, and the same device later", async (_, [manners, ending]) => {
    await encounter(manners, ending);
  });

  const silences: Record<string, [Manners, Ending]> = {
    "accepts connections and says nothing": [says(""), endings.silent],
    "accepts requests and says no more": [answersRequests(connack()), endings.silent],
    "acknowledges requests and says no more": [answersRequests(connack() + puback), endings.silent],
    "announces 256 MB and says no more": [answersRequests(`${connack()}${puback}30ffffff7f`), endings.silent],
    "lets the answer drip, a byte a second": [dripping, endings.silent],
  };
  it.each(Object.entries(silences))("%s: NO_ANSWER, and the same device later", async (_, [manners, ending]) => {
    await silence(manners, ending);
  });

  const http = Buffer.from("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n").toString("hex");
  const noise: Record<string, [Manners, Ending]> = {
    "sends zeros": [says("00".repeat(100)), endings.notMqtt],
    "sends MQTT and then noise": [says(`${connack()}ffffffffff`), endings.notMqtt],
    "answers CONNECT with another packet": [
      says("d000"),
      { ...endings.notMqtt, says: "PINGRESP instead of an answer to the login" },
    ],
  };
  it.each(Object.entries(noise))("%s: NOT_MQTT, and the same device later", async (_, [manners, ending]) => {
    await encounter(manners, ending);
  });

  const others: Record<string, [Manners, Ending]> = {
    "is a web server": [
      says(http, (socket) => socket.end()),
      { ...endings.notMqtt, says: /what answers there is a web server \(HTTP\), not MQTT$/ },
    ],
    "greets first, as SSH does": [
      (socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"),
      { ...endings.notMqtt, says: "what answers there is an SSH server, not MQTT" },
    ],
    "greets first, as a mail server does": [
      (socket) => socket.write("220 mail.example.com ESMTP\r\n"),
      { ...endings.notMqtt, says: "what answers there is a mail or FTP server, not MQTT" },
    ],
    "is a web server that waits for a whole line": [
      waitingForALine,
      { ...endings.notMqtt, says: "what answers there is a web server (HTTP), not MQTT" },
    ],
    "is a broker that wants a password, code 5": [
      says(connack(5), (socket) => socket.end()),
      {
        ...endings.otherBroker,
        says: "that is not ThingsBoard: the provisioning session was refused (code 5, not authorised)",
      },
    ],
    "is a broker that wants a password, code 4": [says(connack(4), (socket) => socket.end()), endings.otherBroker],
  };
  it.each(Object.entries(others))("%s: told at once, and the same device later", async (_, [manners, ending]) => {
    await hopeless(manners, ending);
  });

  it.each([1, 2, 3])("refuses every session with code %d: SESSION_REFUSED", async (code) => {
    const refusal = { ...endings.refused, says: `session was refused (code ${code}, ` };
    await encounter(
      says(connack(code), (socket) => socket.end()),
      refusal,
    );
  });

  it("accepts everyone and answers nobody, as a plain broker does, proves nothing: never a commit", async () => {
    const subacks = "9003000101 9003000201 40020003";
    const broker: Manners = async (socket, caller) => {
      const isDevice = (await caller) === "device";
      socket.write(Buffer.from((connack() + (isDevice ? subacks : puback)).replaceAll(" ", ""), "hex"));
    };
    await hopeless(broker, { ...endings.otherBroker, says: "it lets everybody in, and does not answer" });
  });

  it("accepts everyone after a malformed answer: what was malformed is told with the end", async () => {
    const nonsense: Manners = async (socket, caller) => {
      const hex = (await caller) === "device" ? connack() : answer("Welcome to the broker!");
      socket.write(Buffer.from(hex.replaceAll(" ", ""), "hex"));
    };
    await hopeless(nonsense, { ...endings.otherBroker, says: /\nBefore that, REPLY_MALFORMED: .*usable/ });
  });

  it("accepts everyone and pushes somebody's attributes proves nothing either", async () => {
    const id = "784f394c-42b6-435a-983c-b7beff2784f9";
    await hopeless(says(connack() + publish("v1/devices/me/attributes", `{"deviceId":"${id}"}`)), endings.otherBroker);
  });
});

describe.concurrent("a provisioning answer", () => {
  const id = "784f394c-42b6-435a-983c-b7beff2784f9";
  const token = "SvvenToken0123456789";
  const success = (fields: object) => JSON.stringify({ status: "SUCCESS", credentialsType: "ACCESS_TOKEN", ...fields });
  const incomplete: Record<string, string> = {
    "without credentials": '{"status":"SUCCESS"}',
    "with null for credentials": success({ credentialsValue: null }),
    "with an empty token": success({ credentialsValue: "" }),
    "with a number for a token": success({ credentialsValue: 12345678 }),
    "with a control character in the token": success({ credentialsValue: `${token}\u0007` }),
    "with a token of 2001 characters": success({ credentialsValue: "t".repeat(2001) }),
    "with the token that means provisioning": success({ credentialsValue: "provision" }),
    "with an unknown kind of credentials": success({ credentialsType: "KERBEROS", credentialsValue: token }),
    "with a device id that is not a UUID": success({ credentialsValue: token, deviceId: "42" }),
  };
  it.each(Object.entries(incomplete))("SUCCESS %s: REPLY_INCOMPLETE, and the same device later", async (_, payload) => {
    await encounter(answersRequests(answer(payload)), endings.incomplete);
  });

  const malformed: Record<string, string> = {
    "is empty": "",
    "is no JSON": '{"status":"SUCC',
    "is a list": '[{"status":"SUCCESS"}]',
    "has a status in small letters": '{"status":"success"}',
    "is nested ten thousand levels deep": `${'{"status":['.repeat(1)}${"[".repeat(6000)}${"]".repeat(6000)}]}`,
    "has SUCCESS only in what it inherits": '{"__proto__":{"status":"SUCCESS"}}',
  };
  it.each(Object.entries(malformed))("that %s: REPLY_MALFORMED, and the same device later", async (_, payload) => {
    await encounter(answersRequests(answer(payload)), endings.malformed);
  });

  it("for another device: REPLY_FOR_OTHER_DEVICE, and the same device later", async () => {
    const payload = success({ credentialsValue: token, deviceName: "thermal-camera-OTHER1", deviceId: id });
    const ending = { ...endings.incomplete, code: "REPLY_FOR_OTHER_DEVICE" } as const;
    await encounter(answersRequests(answer(payload)), ending);
  });

  it.each(["X509_CERTIFICATE", "LWM2M_CREDENTIALS"])(
    "with %s credentials: refused for good, 77, and the same device later",
    async (credentialsType) => {
      await using hostile = await HostileServer.start(
        answersRequests(answer(success({ credentialsType, credentialsValue: '{"userName":"u","password":"p"}' }))),
      );
      await using camera = await Camera.start();
      camera.credentials({ server_port: hostile.port });
      const ending = {
        code: "CREDENTIALS_TYPE_UNSUPPORTED",
        type: "VALIDATION",
        exitStatus: 77,
        state: "FAILED_VALIDATION",
        says: credentialsType,
      } as const;
      await fails(camera, ending);
      expect(camera.retries).toEqual([]);
      camera.credentials();
      await provisionsTheSame(camera);
    },
  );

  it("NOT_FOUND ends with 77 at once, and a corrected secret goes on with the same device", async () => {
    await using camera = await Camera.start({}, { provision_device_secret: "mistyped" });
    const ending = {
      code: "PROVISION_DATA_NOT_FOUND",
      type: "AUTH",
      exitStatus: 77,
      state: "FAILED_VALIDATION",
    } as const;
    await fails(camera, ending);
    expect(camera.retries).toEqual([]);
    camera.credentials();
    await provisionsTheSame(camera);
  });

  it("FAILURE, always: three names are tried with one token, then 77; later one device, with that token", async () => {
    await using hostile = await HostileServer.start(answersRequests(answer('{"status":"FAILURE"}')));
    await using camera = await Camera.start();
    camera.credentials({ server_port: hostile.port });
    await fails(camera, { code: "NAMES_REFUSED", type: "SERVER", exitStatus: 77, state: "FAILED_VALIDATION" });
    expect(camera.journal.map((name) => name.split("/").at(-1)).sort()).toEqual([
      "intent-1.json",
      "intent-2.json",
      "intent-3.json",
      "sent-1.json",
    ]);
    camera.credentials();
    await provisionsTheSame(camera);
  });

  it("FAILURE for a name that is fixed: 77 after the second asking, and the same device later", async () => {
    await using hostile = await HostileServer.start(answersRequests(answer('{"status":"FAILURE"}')));
    await using camera = await Camera.start();
    camera.credentials({ server_port: hostile.port, device_name: "furnace 3" });
    await fails(camera, { code: "DEVICE_REFUSED", type: "SERVER", exitStatus: 77, state: "FAILED_VALIDATION" });
    expect(camera.retries.map(({ wait }) => wait)).toEqual([1000]);
    camera.credentials({ device_name: "furnace 3" });
    await provisionsTheSame(camera);
  });
});

describe("too much from the server", () => {
  it("is cut off: of 256 MB almost nothing is taken, and the memory stays flat", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(65_536);
    const pouring: Manners = async (socket, caller) => {
      await caller;
      socket.write(Buffer.from(`${connack()}30ffffff7f`.replaceAll(" ", ""), "hex"));
      const pour = () => {
        while (!socket.destroyed && sent < 2 ** 28) {
          sent += chunk.byteLength;
          if (!socket.write(chunk)) return void socket.once("drain", pour);
        }
      };
      pour();
    };
    const before = process.memoryUsage().rss;
    await encounter(pouring, endings.tooMuch);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
    expect(sent).toBeLessThan(8 * 2 ** 23);
  });

  it("is cut off, too, when it comes as a flood of small messages", async () => {
    const filler = Buffer.from(publish("v1/devices/me/flood", "{}"), "hex");
    const wave = Buffer.concat(Array.from({ length: 1000 }, () => filler));
    const flooding: Manners = async (socket, caller) => {
      await caller;
      socket.write(Buffer.from(connack().replaceAll(" ", ""), "hex"));
      const flood = () => {
        while (!socket.destroyed) if (!socket.write(wave)) return void socket.once("drain", flood);
      };
      flood();
    };
    await encounter(flooding, endings.tooMuch);
  });
});

it("keeps its reason when the time of the whole run is up in the middle of a try", async () => {
  await using hostile = await HostileServer.start(answersRequests(connack() + puback));
  await using camera = await Camera.start();
  camera.credentials({ server_port: hostile.port, timeout_seconds: 4 });
  await fails(camera, {
    ...endings.silent,
    says: /^127.*: the request was acknowledged, but the answer did not come in time$/,
  });
});

/** A web server reads a whole line before it answers. */
function waitingForALine(...[socket]: Parameters<Manners>): void {
  let line = "";
  socket.on("data", (bytes: Uint8Array) => {
    line += Buffer.from(bytes).toString("latin1");
    if (line.includes("\n")) socket.end("HTTP/1.0 501 Unsupported method\r\n\r\n");
  });
}

/** The answer's bytes, one a second; devices are refused. */
async function dripping(...[socket, caller]: Parameters<Manners>): Promise<void> {
  if ((await caller) === "device") return void socket.end(Buffer.from("20020005", "hex"));
  for (const byte of Buffer.from(answer('{"status":"FAILURE"}').replaceAll(" ", ""), "hex")) {
    if (socket.destroyed) return;
    socket.write(Uint8Array.of(byte));
    await hurriedClock.sleep(seconds(1));
  }
}
