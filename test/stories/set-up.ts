import { copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Attributes } from "../../src/files/disk/file-system.ts";
import { type Connect, type FileSystem, nodeFileSystem, type ProvisionOptions } from "../../src/index.ts";
import { connectionError, type Progress } from "../../src/transport/connection-error.ts";
import { systemError } from "../files/disk/watched-file-system.ts";
import { authorityFile, type CertificateName, identity } from "../fixtures/tls/certificates.ts";
import { connack, puback } from "../transport/server-end.ts";
import { Camera, provisionKey, provisionSecret } from "./camera.ts";
import { bytesOf, HostileServer, type Manners } from "./hostile-server.ts";

/** A set-up as people make it, what is said of it, and what mends it when somebody does what is said. */
export interface SetUp {
  readonly camera: () => Promise<Camera>;
  /** Makes it what it is. */
  readonly broken?: (camera: Camera, until: Until) => unknown;
  /** What a run meets besides, as long as it is so. */
  readonly meets?: (camera: Camera, until: Until) => Meeting | Promise<Meeting>;
  /** How often the server was tried in vain, and for how many seconds a run waits between; absent: neither. */
  readonly inVain?: readonly [retries: number, seconds: number];
  /** The code and the first sentence of a run's end. */
  readonly says: string;
  /** The first line of `check` that is not as it should be; nothing where it sees nothing wrong. */
  readonly checkSays: string;
  /** Whether `check` asks the server whether it knows key and secret. */
  readonly asks?: boolean;
  /** What the words say; the next run is a success then. Absent: nothing has to be done, or nobody on the camera can. */
  readonly mended?: (camera: Camera, until: Until) => unknown;
}

export interface Meeting extends Pick<ProvisionOptions, "directory" | "files" | "connect" | "bodyFile"> {
  /** What access(2) says, where it is not that all may be written. */
  readonly mayWrite?: () => Error | undefined;
}

/** What is to be ended with the set-up. */
export type Until = (thing: AsyncDisposable | Disposable) => void;

export const plain = () => Camera.start();

/** A camera whose server speaks TLS with this certificate. */
export function secure(certificate: CertificateName, trusted: "authority" | "other-authority" = "authority") {
  return async () => {
    const camera = await Camera.start({ tls: identity(certificate) });
    copyFileSync(authorityFile(trusted), join(camera.directory, "authority.pem"));
    camera.credentials({ server_url: "localhost", use_ssl: true, ca_file: "authority.pem" });
    return camera;
  };
}

/** A profile of this kind. */
export function profiled(provisionType: "DISABLED" | "CHECK_PRE_PROVISIONED_DEVICES", changes: object = {}) {
  const profile = {
    name: "cameras",
    provisionType,
    provisionDeviceKey: provisionKey,
    provisionDeviceSecret: provisionSecret,
  };
  return () => Camera.start({ profiles: [profile] }, { ...changes });
}

/** The same text with something else in it. */
export function edited(camera: Camera, name: string, from: string | RegExp, to: string): void {
  camera.write(name, camera.read(name).replace(from, to));
}

/** The real disk, where opening or making these names is refused. */
export function refusing(code: "EACCES" | "EROFS", isMeant: (path: string, access: string) => boolean): Meeting {
  const refuse = (path: string, access: string) => {
    if (isMeant(path, access)) throw systemError(code, "open");
  };
  return {
    files: {
      ...nodeFileSystem,
      open: (path, access, mode) => {
        refuse(path, access);
        return nodeFileSystem.open(path, access, mode);
      },
      list: (path) => {
        refuse(path, "read");
        return nodeFileSystem.list(path);
      },
      makeFolder: (path, mode) => {
        refuse(path, "create");
        nodeFileSystem.makeFolder(path, mode);
      },
    },
    mayWrite: () => (isMeant("a new file", "create") ? systemError(code, "access") : undefined),
  };
}

/** A network that fails so. */
export function failing(
  code: string,
  environment: Record<string, string> = {},
  progress: Partial<Progress> = {},
): { connect: Connect } {
  return {
    connect: async (endpoint) => {
      const error = Object.assign(new Error(`connect ${code}`), { code });
      throw connectionError(endpoint, error, { addresses: [], environment, ...progress });
    },
  };
}

/** The camera is sent to a server with these manners. */
export function serves(manners: Manners, changes: Readonly<Record<string, unknown>> = {}, tls = false) {
  return async (camera: Camera, until: Until) => {
    const server = await HostileServer.start(manners, tls ? identity("server") : undefined);
    until(server);
    camera.credentials({ server_port: server.port, ...changes });
  };
}

export const toTheRightServer = (camera: Camera) => camera.credentials();

/** Answers each piece that comes with the next of these, and then no more. */
export function answering(...pieces: readonly (string | Buffer)[]): Manners {
  return (socket) => {
    const left = [...pieces];
    socket.on("data", () => {
      const next = left.shift();
      if (next !== undefined) socket.write(typeof next === "string" ? bytesOf(next) : next);
    });
  };
}

export const webPage = Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

/** A broker that lets everybody in, and does nothing with a request but acknowledge it. */
export const openBroker = answering(connack(), `9003 0001 00 ${puback}`);

export const quotesOfAWordProcessor = (camera: Camera) =>
  camera.write("provision.json", camera.read("provision.json").replaceAll('"', "\u201c"));

/** Both files in another folder than the camera's. */
export function elsewhere(camera: Camera): Meeting {
  const directory = join(camera.directory, "camera");
  mkdirSync(directory);
  return { directory };
}

/** The serial number of a board, as its firmware tells it. */
export function board(serial: string, until: Until): { bodyFile: string } {
  const folder = mkdtempSync(join(tmpdir(), "board-"));
  until({ [Symbol.dispose]: () => rmSync(folder, { recursive: true }) });
  writeFileSync(join(folder, "serial"), `${serial}\0`);
  return { bodyFile: join(folder, "serial") };
}

/** A camera of which every request got lost on the way. */
export const unheard = () =>
  Camera.start({
    scenario: [1, 2, 3, 4].map((nth) => ({ on: "request", do: "close", when: "before the work", nth }) as const),
  });

export function renamed({ directory }: Camera, from: string, to: string): void {
  renameSync(join(directory, from), join(directory, to));
}

/** As exFAT is: everybody may do everything, and chmod changes nothing. */
export function withoutModes(files: FileSystem): FileSystem {
  const open = <Kind extends Attributes | undefined>(found: Kind): Kind => found && { ...found, mode: 0o777 };
  return {
    ...files,
    stat: (handle) => open(files.stat(handle)),
    lstat: (path) => open(files.lstat(path)),
    chmod: () => {},
    link: () => {
      throw systemError("EPERM", "link");
    },
    space: (path) => ({ ...files.space(path), type: 0x2011bab0 }),
  };
}
