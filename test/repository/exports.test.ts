import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseModule } from "./syntax.ts";
import { readJson } from "./tree.ts";

const manifest = v.parse(v.looseObject({ dependencies: v.record(v.string(), v.string()) }), readJson("package.json"));

describe("the public names", () => {
  test("of thermal-provision are these", () => {
    expect(parseModule("src/index.ts").exports).toMatchInlineSnapshot(`
      [
        "Access",
        "AccessList",
        "AccessToken",
        "Attributes",
        "Backup",
        "CameraLabel",
        "CameraState",
        "Check",
        "CheckGroup",
        "CheckLine",
        "CheckOptions",
        "CheckStatus",
        "Checked",
        "ClientCertificate",
        "ClientCertificateFiles",
        "ClientIdentity",
        "Clock",
        "Connect",
        "ConnectionChoices",
        "Credentials",
        "CredentialsType",
        "DecommissionOptions",
        "DeviceCredentials",
        "Diagnose",
        "Diagnostics",
        "DryRun",
        "Duration",
        "Endpoint",
        "ErrorCode",
        "ErrorDetails",
        "ErrorKind",
        "ErrorType",
        "Exchange",
        "Fact",
        "FailedState",
        "FileSystem",
        "GivenCredentials",
        "Grant",
        "Handle",
        "HttpProxy",
        "Inspection",
        "JournalSummary",
        "KnownDevice",
        "Label",
        "Link",
        "LinkDetails",
        "ListedFile",
        "LocatedProblem",
        "Locking",
        "LoginChoices",
        "LookingTools",
        "MqttBasic",
        "Naming",
        "Outcome",
        "OwnType",
        "PossibleCause",
        "Problem",
        "ProvisionOptions",
        "ProvisioningCredentials",
        "ProvisioningError",
        "ProvisioningErrorFields",
        "ProvisioningRequest",
        "ProvisioningResponse",
        "ProvisioningState",
        "ProvisioningStatus",
        "PutAside",
        "Randomness",
        "Receipt",
        "Refusal",
        "Removal",
        "RestoreOptions",
        "Restored",
        "Retry",
        "Secret",
        "Security",
        "ServerIdentity",
        "ServersAnswer",
        "ServiceUnit",
        "Space",
        "SpecificationForm",
        "System",
        "TlsSettings",
        "Try",
        "Warning",
        "WarningCode",
        "WarningKind",
        "Written",
        "adopt",
        "check",
        "connect",
        "decommission",
        "diagnostics",
        "dryRun",
        "errorTable",
        "inspect",
        "label",
        "linkOver",
        "listOfBackups",
        "milliseconds",
        "nodeFileSystem",
        "nodeSystem",
        "planDecommission",
        "provision",
        "provisioningStates",
        "reset",
        "restore",
        "restoreLastSuccess",
        "seconds",
        "systemClock",
        "systemRandomness",
        "transitions",
        "warningTable",
      ]
    `);
  });

  test("of thermal-provision/simulator are these", () => {
    expect(parseModule("src/simulator/index.ts").exports).toMatchInlineSnapshot(`
      [
        "Action",
        "AddressBlockOptions",
        "AttributeScope",
        "Behaviour",
        "Device",
        "DeviceProfile",
        "DeviceReference",
        "Exchange",
        "JsonValue",
        "Listener",
        "MemoryConnectOptions",
        "Moment",
        "MqttBasic",
        "NewDevice",
        "NotUnique",
        "Occasion",
        "OccasionKind",
        "ProvisionType",
        "RateLimits",
        "Recorder",
        "ScenarioFile",
        "Secrecy",
        "ServerVersion",
        "Simulator",
        "SimulatorEvent",
        "SimulatorOptions",
        "SimulatorState",
        "StoredCredentials",
        "Transcript",
        "TranscriptConnection",
        "TranscriptPacket",
        "WrongOptions",
        "accessToken",
        "defaultProfile",
        "describe",
        "differences",
        "mqttBasic",
        "newestVersion",
        "packetLine",
        "parseScenario",
        "parseState",
        "recordedVersion",
        "serverVersions",
        "x509Certificate",
      ]
    `);
  });

  test.each(["src/index.ts", "src/simulator/index.ts"])("are only passed on by %s, one by one", (path) => {
    const { imports, otherStatements } = parseModule(path);
    expect(imports[0]).toMatch(/\/require-supported-node\.ts$/);
    expect(otherStatements).toEqual(["ImportDeclaration"]);
  });
});

describe("the packed package", () => {
  let folder = "";
  let tarball = "";

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "thermal-provision-pack-"));
    const parameters = ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder];
    tarball = join(folder, execFileSync("npm", parameters, { encoding: "utf8" }).trim());
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("is in order for publint", async () => {
    const { buffer, byteOffset, byteLength } = readFileSync(tarball);
    const { messages } = await publint({
      pack: { tarball: buffer.slice(byteOffset, byteOffset + byteLength) },
      strict: true,
    });
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("has types that every ES module resolution finds (attw)", () => {
    const attw = "node_modules/@arethetypeswrong/cli/dist/index.js";
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [attw, tarball, "--profile", "esm-only", "--no-color"],
      {
        encoding: "utf8",
      },
    );
    expect(status, `${stdout}${stderr}`).toBe(0);
  }, 120_000);

  test("is a library that can be imported where only its own dependencies are installed", () => {
    const modules = join(folder, "elsewhere", "node_modules");
    const ours = join(modules, "thermal-provision");
    mkdirSync(ours, { recursive: true });
    execFileSync("tar", ["--extract", "--file", tarball, "--directory", ours, "--strip-components", "1"]);
    for (const name of Object.keys(manifest.dependencies))
      symlinkSync(resolve("node_modules", name), join(modules, name));

    const script = `
      const { provision } = await import("thermal-provision");
      const { Simulator } = await import("thermal-provision/simulator");
      console.log(typeof provision, typeof Simulator.start);
    `;
    const parameters = ["--input-type=module", "--eval", script];
    const said = execFileSync(process.execPath, parameters, { cwd: join(folder, "elsewhere"), encoding: "utf8" });
    expect(said.trim()).toBe("function function");
  });
});
