import { cpSync } from "node:fs";
import { join } from "node:path";
import type { DeviceProfile, SimulatorOptions } from "../../src/simulator/index.ts";
import { Simulator } from "../../src/simulator/index.ts";
import { done } from "./command.ts";
import { packageFor } from "./packages.ts";
import type { RootCopy, Suite } from "./root.ts";

export const folder = "/var/lib/thermal-camera";
export const service = "thermal-provision.service";

export const profile: DeviceProfile = {
  name: "thermal-camera",
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  provisionDeviceKey: "deploymentKey0123456",
  provisionDeviceSecret: "deploymentSecret0123",
};

export function startServer(options: SimulatorOptions = {}): Promise<Simulator> {
  return Simulator.start({ profiles: [profile], ...options });
}

/** The text of a right `provision.json`, but for `changes`. */
export function provisionJson(port: number, changes: Readonly<Record<string, unknown>> = {}): string {
  const right = {
    server_url: "127.0.0.1",
    server_port: port,
    provision_device_key: profile.provisionDeviceKey,
    provision_device_secret: profile.provisionDeviceSecret,
    use_ssl: false,
  };
  return `${JSON.stringify({ ...right, ...changes }, null, 2)}\n`;
}

/** The network of this process: only its loopback, and without it there is no way to any address. */
export async function setNetwork(state: "up" | "down"): Promise<void> {
  await done(["ip", "link", "set", "lo", state]);
  if (state === "down") await done(["ip", "address", "flush", "dev", "lo"]);
  else await done(["ip", "address", "replace", "127.0.0.1/8", "dev", "lo"]);
}

/** Installs the package that this Debian takes, without booting. */
export async function install(root: RootCopy, suite: Suite): Promise<void> {
  const inside = "/opt/camera.deb";
  cpSync(packageFor(suite), join(root.path, inside));
  await root.run("dpkg", "--install", inside);
}

/** A file of the camera in a root that is not booted. */
export async function lay(root: RootCopy, name: string, text: string): Promise<void> {
  const path = `${folder}/${name}`;
  const script = 'umask 077; cat > "$1"; chown thermal-camera: "$1"';
  await done(["chroot", root.path, "sh", "-c", script, "lay", path], { input: text });
}
