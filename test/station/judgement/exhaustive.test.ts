import { describe, expect, test } from "vitest";
import type { Server } from "../../faults/judgement/world.ts";
import { newRow } from "./model-ledger.ts";
import type { Rules } from "./moves.ts";
import { walk } from "./walk.ts";
import { deviceName, type World } from "./world.ts";

const emptyServer: Server = { devices: [], late: [], secretIsRight: true, strategy: "allow-create", claimed: false };

function world(faults: number, server: Partial<Server> = {}): World {
  return {
    ...{ row: newRow, server: { ...emptyServer, ...server }, folder: null, stations: [undefined, undefined] },
    ...{ faults, secrets: 0, misled: 0, isUnheard: false },
  };
}

const registered = [{ name: deviceName, token: "the server's", ours: true }];
const anothers = [{ name: deviceName, token: "another's", ours: false }];

interface Setting {
  readonly name: string;
  readonly server?: Partial<Server>;
  readonly method: Rules["method"];
}

const newByProvisioning: Setting = { name: "a new camera, by provisioning", method: "provisioning" };
const newByRegistration: Setting = { name: "a new camera, by registration", method: "registration" };
const saidOnce: Setting = {
  name: "a device that was registered beforehand, on a server that says its secret once",
  server: { devices: registered, strategy: "pre-provisioned, once" },
  method: "provisioning",
};
const settings: readonly Setting[] = [
  newByProvisioning,
  newByRegistration,
  saidOnce,
  {
    name: "a device that was registered beforehand, on a server that repeats its secret",
    server: { devices: registered, strategy: "pre-provisioned, repeated" },
    method: "provisioning",
  },
  { name: "a name that another has, by provisioning", server: { devices: anothers }, method: "provisioning" },
  { name: "a name that another has, by registration", server: { devices: anothers }, method: "registration" },
];

// Some seconds on a machine that does nothing else.
const patience = 120_000;

describe("two stations, in every interleaving with a world that fails twice", () => {
  test.each(settings)(
    "$name: one device, nothing lost, a justified end",
    ({ server, method }) => {
      const { states, violation } = walk(world(2, server), { method, omission: "none" });
      expect(violation).toBeUndefined();
      expect(states).toBeGreaterThan(1000);
    },
    patience,
  );
});

interface Mutant {
  readonly without: string;
  readonly omission: Rules["omission"];
  readonly setting: Setting;
  readonly promise: string;
}

const mutants: readonly Mutant[] = [
  {
    without: "a fence",
    omission: "no fence",
    setting: saidOnce,
    promise: "what was proved is proved no longer",
  },
  {
    without: "the secret in the ledger before the request",
    omission: "secret after the request",
    setting: newByRegistration,
    promise: "the server has a device whose secret is not in the ledger",
  },
  {
    without: "the first secret counting",
    omission: "not exclusive",
    setting: newByProvisioning,
    promise: "the secret of a camera changed",
  },
  {
    without: "an answer written down whoever has the camera",
    omission: "fenced answers",
    setting: saidOnce,
    promise: "a station stops with DEVICE_REFUSED for no reason",
  },
  {
    without: "an answer taking the camera from who does not know it",
    omission: "answers in silence",
    setting: saidOnce,
    promise: "a camera failed although the ledger has what was given",
  },
  {
    without: "the files before the word proved",
    omission: "proved before the files",
    setting: newByProvisioning,
    promise: "a camera is called proved and has no files",
  },
];

describe("the walk notices two stations without", () => {
  test.each(mutants)(
    "$without",
    ({ omission, setting, promise }) => {
      const { violation } = walk(world(2, setting.server), { method: setting.method, omission });
      expect(violation?.promise).toBe(promise);
    },
    patience,
  );
});
