import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { describe, expect, it } from "vitest";
import { readAuthorities as read } from "../../src/files/authorities.ts";
import { type FileSystem, nodeFileSystem } from "../../src/files/disk/file-system.ts";
import { cameraFolder } from "./camera-folder.ts";
import { failingAt, recorded, systemError } from "./disk/watched-file-system.ts";

const fs = nodeFileSystem;
const [one = "", other = ""] = rootCertificates;

function readAuthorities(...parameters: Parameters<typeof read>) {
  return read(...parameters).certificates;
}

/** A system that has these files and no others. */
function systemWith(directory: string, files: Readonly<Record<string, string>>): FileSystem {
  return {
    ...fs,
    open(path, access, mode) {
      if (path.startsWith(directory)) return fs.open(path, access, mode);
      const name = files[path];
      if (name === undefined) throw systemError("ENOENT", "open");
      return fs.open(join(directory, name), access, mode);
    },
  };
}

describe("the authorities of a ca_file", () => {
  it("are its certificates, one text each, beside the other files or anywhere", () => {
    const directory = cameraFolder({ "ca.pem": `# ours\n${one}\n\n${other}\n` });
    expect(readAuthorities(fs, directory, "ca.pem")).toEqual([one.trim(), other.trim()]);
    expect(readAuthorities(fs, "/nowhere", join(directory, "ca.pem"))).toHaveLength(2);
    symlinkSync("ca.pem", join(directory, "link.pem"));
    expect(readAuthorities(fs, directory, "link.pem")).toHaveLength(2);
  });

  it("must be there, be certificates, and be readable", () => {
    const directory = cameraFolder({
      "empty.pem": "",
      "key.pem": ["-----BEGIN PRIVATE", "KEY-----\nc2VjcmV0\n-----END PRIVATE", "KEY-----\n"].join(" "),
      "broken.pem": `${one}\n-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n`,
      "cut.pem": one.slice(0, 200),
      "large.pem": " ".repeat(4 * 1024 * 1024 + 1),
    });
    writeFileSync(join(directory, "ca.der"), new X509Certificate(one).raw);
    mkdirSync(join(directory, "folder.pem"));
    const message = (name: string, files = fs) => {
      try {
        readAuthorities(files, directory, name);
      } catch (error) {
        expect(error).toMatchObject({ errorCode: "AUTHORITIES_FILE_INVALID", exitStatus: 78 });
        return String(error).replace(`${directory}/`, "");
      }
      throw new Error("it was accepted");
    };
    expect(message("missing.pem")).toBe("ProvisioningError: missing.pem cannot be read (ENOENT)");
    expect(message("empty.pem")).toContain("empty.pem holds no certificate in PEM form");
    expect(message("key.pem")).toContain("key.pem holds no certificate in PEM form");
    expect(message("ca.der")).toContain(
      "ca.der holds a certificate in DER form; convert it to PEM: openssl x509 -inform der -in ca.der -out ca.pem",
    );
    expect(message("/dev/null")).toContain("/dev/null is not a regular file");
    expect(message("cut.pem")).toContain("cut.pem holds no certificate in PEM form");
    expect(message("broken.pem")).toContain("broken.pem holds a certificate that cannot be read, number 2 in the file");
    expect(message("broken.pem")).not.toContain("c2VjcmV0");
    expect(message("large.pem")).toContain("is not a regular file, or larger than 4 MiB");
    expect(message("folder.pem")).toContain("is not a regular file");
    expect(message("empty.pem", failingAt("open", "EACCES"))).toContain("cannot be read (EACCES)");
    const { files, openHandles } = recorded(failingAt("read", "EIO"));
    expect(message("broken.pem", files)).toContain("cannot be read (EIO)");
    expect(openHandles()).toBe(0);
  });

  it("may have 4 MiB, are not waited for, and may be cut while they are read", () => {
    const directory = cameraFolder({ "ca.pem": `${one}\n`.padEnd(4 * 1024 * 1024) });
    const { files, calls } = recorded();
    expect(readAuthorities(files, directory, "ca.pem")).toEqual([one.trim()]);
    expect(calls).toContain("open ca.pem read-through");
    const cut: FileSystem = { ...fs, stat: (handle) => ({ ...fs.stat(handle), size: 4 * 1024 * 1024 - 1 }) };
    const shorter = cameraFolder({ "ca.pem": `${one}\n` });
    expect(readAuthorities(cut, shorter, "ca.pem")).toEqual([one.trim()]);
  });

  it("are not opened where they are a pipe or a device, by a link neither", () => {
    const directory = cameraFolder({});
    execFileSync("mkfifo", [join(directory, "pipe.pem")]);
    symlinkSync("pipe.pem", join(directory, "link.pem"));
    symlinkSync("/dev/null", join(directory, "device.pem"));
    for (const name of ["pipe.pem", "link.pem", "device.pem"]) {
      const { files, calls } = recorded();
      expect(() => readAuthorities(files, directory, name)).toThrow(`${name} is not a regular file`);
      expect(calls).toEqual([`statThrough ${name}`]);
    }
  });

  it("that cannot be read give their reason as a cause, and a mistake of ours stays one", () => {
    expect(() => readAuthorities(failingAt("open", "EACCES"), "/nowhere", "ca.pem")).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: "EACCES" }) }),
    );
    const mistaken: FileSystem = {
      ...fs,
      open() {
        throw new TypeError("ours");
      },
    };
    expect(() => readAuthorities(mistaken, "/nowhere", "ca.pem")).toThrow(TypeError);
  });
});

describe("what is trusted is told", () => {
  it("with the names of the certificates in ca_file", () => {
    const directory = cameraFolder({
      "ca.pem": `${one}\n${other}\n`,
      "five.pem": rootCertificates.slice(0, 5).join("\n"),
    });
    const name = /CN=(.*)/.exec(new X509Certificate(one).subject)?.[1] ?? "";
    expect(read(fs, directory, "ca.pem").inWords).toContain(`ca.pem with "${name}", "`);
    expect(read(fs, directory, "five.pem").inWords).toMatch(/^five\.pem with .* and 1 more$/);
  });

  it("with the system's beside it where that is named, and each certificate once", () => {
    const directory = cameraFolder({ "bundle.crt": `${other}\n`, "ca.pem": one });
    const debian = systemWith(directory, { "/etc/ssl/certs/ca-certificates.crt": "bundle.crt" });
    expect(read(debian, directory, ["system", "ca.pem", "ca.pem"])).toMatchObject({
      certificates: [`${other}\n`, one.trim()],
      named: [one.trim()],
      alsoNodes: false,
      inWords: expect.stringMatching(/^the system's authorities and ca\.pem with "/),
    });
    expect(read(debian, directory, undefined)).toMatchObject({ named: [], inWords: "the system's authorities" });
  });

  it("with Node's own where the system has none", () => {
    const directory = cameraFolder({ "ca.pem": one });
    const none = systemWith(directory, {});
    expect(read(none, directory, "system")).toMatchObject({ certificates: undefined, alsoNodes: false });
    expect(read(none, directory, ["system", "ca.pem"])).toMatchObject({
      certificates: [one.trim()],
      alsoNodes: true,
      inWords: expect.stringMatching(
        /^the authorities that Node\.js was built with \(the system has none\) and ca\.pem/,
      ),
    });
  });
});

describe("the authorities of the system", () => {
  it("are those of the first bundle that is there", () => {
    const directory = cameraFolder({ "bundle.crt": `${one}\n${other}\n`, "empty.crt": "" });
    const debian = systemWith(directory, { "/etc/ssl/certs/ca-certificates.crt": "bundle.crt" });
    expect(readAuthorities(debian, directory, undefined)).toEqual([`${one}\n${other}\n`]);
    const odd = systemWith(directory, {
      "/etc/ssl/certs/ca-certificates.crt": "empty.crt",
      "/etc/ssl/cert.pem": "bundle.crt",
    });
    expect(readAuthorities(odd, directory, undefined)).toEqual([`${one}\n${other}\n`]);
  });

  it("are looked for where Linux distributions have them", () => {
    const tried: string[] = [];
    const none: FileSystem = {
      ...fs,
      open(path) {
        tried.push(path);
        throw systemError("ENOENT", "open");
      },
    };
    readAuthorities(none, "/nowhere", undefined);
    expect(tried).toEqual([
      "/etc/ssl/certs/ca-certificates.crt",
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
      "/etc/pki/tls/certs/ca-bundle.crt",
      "/etc/ssl/ca-bundle.pem",
      "/etc/ssl/cert.pem",
    ]);
  });

  it("are Node's own where the system has none", () => {
    const directory = cameraFolder();
    expect(readAuthorities(systemWith(directory, {}), directory, undefined)).toBeUndefined();
    for (const code of ["ENOENT", "ENOTDIR", "EACCES", "ELOOP"] as const) {
      expect(readAuthorities(failingAt("open", code), directory, undefined)).toBeUndefined();
    }
  });

  it("are not passed over when the disk fails", () => {
    expect(() => readAuthorities(failingAt("open", "EIO"), "/nowhere", undefined)).toThrow(
      "the disk reported an error (EIO)",
    );
  });
});
