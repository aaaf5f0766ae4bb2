import { isObject } from "../../base/json-object.ts";
import { configName, processedName, triggerName } from "../../files/file-names.ts";
import type { Behaviour, Device, Simulator, SimulatorOptions } from "../../simulator/index.ts";
import { defaultProfile } from "../../simulator/tenant/device-profile.ts";
import { topics } from "../../wire/topics.ts";
import { CameraFolder, foreign } from "./camera-folder.ts";
import { isLetIn } from "./login.ts";
import type { Output } from "./output.ts";

/** A part of the demo; `folder` is a path for its camera. */
export type Scene = (output: Output, folder: string) => Promise<void>;

/** A camera is provisioned. */
export const provisioned: Scene = async (output, folder) => {
  await using server = await startServer();
  const camera = cameraFor(server, folder);
  introduce(output, server, camera);
  const { exitStatus, outcome } = await output.provision(camera);
  showDevices(output, server);
  output.showChange(camera);
  const backup = camera.list().find((name) => name.startsWith(`${configName}.backup.`)) ?? "";
  output.heading("Is it true?");
  output.claim("the run ended with exit status 0", exitStatus === 0 && outcome["result"] === "provisioned");
  output.claim("the server has one device, by the name that the camera made", isOnly(server.devices, nameIn(outcome)));
  output.claim("comments, measurement spots and keys of others are there, byte for byte", keepsForeign(camera));
  output.claim(
    `${backup || "a backup"} holds the former file, byte for byte`,
    camera.read(backup) === camera.configBefore,
  );
  output.claim(`${triggerName} is ${processedName} now`, isProcessed(camera));
  output.claim("a fresh MQTT connection with the written token is accepted", await isAccepted(output, server, camera));
};

/** The server makes the device, and its answer is lost. */
export const replyLost: Scene = async (output, folder) => {
  const cut: Behaviour = { on: "request", do: "close", when: "before the answer" };
  await using server = await startServer({ scenario: [cut] });
  const camera = cameraFor(server, folder);
  introduce(output, server, camera);
  output.fact("Fault", "the server makes the device, then the connection is cut before its answer");
  const { exitStatus, outcome } = await output.provision(camera);
  showDevices(output, server);
  const requests = server.heard.filter(({ from, topic }) => from === "client" && topic === topics.provisionRequest);
  const answers = server.heard.filter(({ from, topic }) => from === "server" && topic === topics.provisionResponse);
  output.heading("Is it true?");
  output.claim("the server was asked once and never answered", requests.length === 1 && answers.length === 0);
  output.claim(
    "the camera found out by itself: it is provisioned",
    exitStatus === 0 && outcome["result"] === "provisioned",
  );
  output.claim("still one device on the server, under the camera's name", isOnly(server.devices, nameIn(outcome)));
  const [device] = server.devices;
  const same = camera.token !== "" && device?.credentials.credentialsId === camera.token;
  output.claim("the token in the configuration is the one that the server knows", same);
  output.claim("a fresh MQTT connection with it is accepted", await isAccepted(output, server, camera));
};

/** The secret is wrong: what a technician sees. */
export const wrongSecret: Scene = async (output, folder) => {
  const secret = "aSecretWithATypo";
  await using server = await startServer();
  const camera = cameraFor(server, folder, { provision_device_secret: secret });
  introduce(output, server, camera);
  output.fact("Fault", "somebody mistyped provision_device_secret; this is what a technician sees:");
  const { exitStatus, lines } = await output.provisionForPeople(camera);
  const text = lines.join("\n");
  output.heading("Is it true?");
  output.claim("exit status 77: refused, and trying again alone will not help", exitStatus === 77);
  output.claim("the message names the cause, and not the secret", text.includes(code) && !text.includes(secret));
  output.claim("no device on the server", server.devices.length === 0);
  output.claim(`${configName} and ${triggerName} are untouched`, isUntouched(camera));
};
const code = "PROVISION_DATA_NOT_FOUND";

/** The very file with which `thermal-provision simulator` plays a server. */
async function startServer(options: SimulatorOptions = {}): Promise<Simulator> {
  const { Simulator } = await import("../bundles/simulator.ts");
  return Simulator.start(options);
}

function cameraFor({ host, port }: Simulator, folder: string, changes: Readonly<Record<string, unknown>> = {}) {
  return new CameraFolder(folder, {
    server_url: host,
    server_port: port,
    provision_device_key: defaultProfile.provisionDeviceKey,
    provision_device_secret: defaultProfile.provisionDeviceSecret,
    use_ssl: false,
    ...changes,
  });
}

function introduce(output: Output, { url }: Simulator, { path }: CameraFolder): void {
  output.fact("Server", `ThingsBoard simulator at ${url}, strategy allow-create`);
  output.fact("Camera", path);
}

function showDevices(output: Output, { devices }: Simulator): void {
  output.heading("What the server has now");
  output.fact("Devices", `${devices.length}`);
  for (const { name, id } of devices) {
    output.fact("Name", name);
    output.fact("Id", id);
  }
}

function isOnly(devices: readonly Device[], name: string | undefined): boolean {
  return devices.length === 1 && devices[0]?.name === name;
}

/** The device's name as the outcome says it. */
function nameIn({ credentials }: Readonly<Record<string, unknown>>): string | undefined {
  const name = isObject(credentials) ? credentials["device_name"] : undefined;
  return typeof name === "string" ? name : undefined;
}

function keepsForeign({ config }: CameraFolder): boolean {
  return foreign.every((text) => config.includes(text));
}

function isProcessed(camera: CameraFolder): boolean {
  return camera.read(triggerName) === undefined && camera.read(processedName) !== undefined;
}

function isUntouched(camera: CameraFolder): boolean {
  return camera.config === camera.configBefore && camera.read(triggerName) !== undefined;
}

async function isAccepted({ io }: Output, { host, port }: Simulator, { token }: CameraFolder): Promise<boolean> {
  return isLetIn({ host, port }, token, io.clock, io.signal);
}
