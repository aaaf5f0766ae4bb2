import { describe, expect, it } from "vitest";
import { dryRun } from "../../src/dry-run.ts";
import type { FileSystem } from "../../src/files/disk/file-system.ts";
import { type Inspection, inspect } from "../../src/inspect.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { provision } from "../../src/provision.ts";
import type { Camera } from "../faults/memory-disk/history.ts";
import { directory } from "../faults/memory-disk/memory-disk.ts";
import { undisturbed } from "../faults/memory-disk/play.ts";
import { type Call, Session } from "../faults/memory-disk/session.ts";
import { World } from "../faults/memory-disk/world.ts";
import { systemError } from "../files/disk/watched-file-system.ts";

type Answer = Inspection["nextRun"];

const camera: Camera = {
  forgetting: "any subset",
  configuration: "commented",
  mode: 0o600,
  owner: 0,
  backups: 1,
  strategy: "new device",
  namesTaken: 0,
  formerWorks: true,
  kind: "ACCESS_TOKEN",
};

/** What `status` says of the next run. */
async function said(files: FileSystem): Promise<Answer> {
  return (await inspect({ directory, files })).nextRun;
}

/** The same by the dry run. */
async function rehearsed(files: FileSystem): Promise<Answer> {
  try {
    const { triggered, firstStep } = await dryRun({ directory, files });
    if (!triggered) return "nothing";
    if (firstStep === "finish") return "finish";
    return firstStep === "probe journal" ? "continue" : "provision";
  } catch (error) {
    if (ProvisioningError.is(error)) return "unclear";
    throw error;
  }
}

/** What the run really does, by its outcome and by the first bytes that it sends. */
async function done(world: World): Promise<Answer> {
  let first: string | undefined;
  world.onFirstBytes = (bytes) => {
    first ??= bytes.includes("/provision/request") || bytes.includes("formerToken") ? "provision" : "continue";
  };
  const [ended] = await world.run(undisturbed);
  const outcome = ended?.outcome;
  if (outcome?.result === "nothing_to_do") return "nothing";
  if (first === "provision" || first === "continue") return first;
  return outcome?.result === "provisioned" ? "finish" : "unclear";
}

async function answers(world: World): Promise<Readonly<Record<"status" | "dry run" | "run", Answer>>> {
  const { files } = new Session(world.disk, []);
  const [status, dry] = [await said(files), await rehearsed(files)];
  return { status, "dry run": dry, run: await done(world) };
}

function agreed(answer: Answer) {
  return { status: answer, "dry run": answer, run: answer };
}

/** What happens to the folder between the kill and the next start. */
const changes: Readonly<Record<string, (world: World) => void>> = {
  "nothing else": () => {},
  "the trigger is taken away": (world) => world.disk.remove(`${directory}/provision.txt`),
  "another server is named": (world) => {
    const text = JSON.stringify({
      server_url: "another.example",
      server_port: 1883,
      provision_device_key: "k",
      provision_device_secret: "s",
    });
    world.put("provision.json", text);
    world.disk.remove(`${directory}/provision.txt`);
  },
  "provision.json is damaged": (world) => world.put("provision.json", "{"),
};

describe("status, dry run and run say and do the same", () => {
  const former: Camera = { ...camera, configuration: "former" };
  const claimed: Camera = { ...camera, forgetting: "FAT", strategy: "claim, once" };
  const cases = [
    ...Object.keys(changes).map((change) => ({ ...camera, change })),
    { ...former, change: "nothing else" },
    { ...claimed, change: "nothing else" },
    { ...claimed, change: "the trigger is taken away" },
  ];
  it.each(cases)("wherever a run is killed, when $change ($configuration, $strategy)", async (each) => {
    const { change, ...killedCamera } = each;
    const seen = new Set<Answer>();
    const moments = await momentsOf(killedCamera);
    for (const nth of moments) {
      const world = new World(killedCamera);
      await world.run({ ...undisturbed, interruptions: [{ before: "call", nth, do: "kill" }] });
      changes[change]?.(world);
      const found = await answers(world);
      // Without a provision.json that can be read there is no request to show.
      const dry = change === "provision.json is damaged" ? "unclear" : found.run;
      expect(found, `killed before call ${nth}`).toEqual({ ...agreed(found.run), "dry run": dry });
      seen.add(found.run);
    }
    expect(moments.length).toBeGreaterThan(15);
    expect(seen.size).toBeGreaterThan(1);
  });
});

/** The calls of an undisturbed run, counted from 1, before which the folder is another than before the one ahead. */
async function momentsOf(undisturbedCamera: Camera): Promise<readonly number[]> {
  const [whole] = await new World(undisturbedCamera).run(undisturbed);
  const calls = whole?.session.calls ?? [];
  const changing = ["write", "rename", "link", "unlink", "makeFolder", "removeFolder"];
  const isChange = ([call, , access]: Call) => changing.includes(call) || access === "create";
  return calls.flatMap((call, index) => (isChange(call) ? [index + 2] : [])).filter((nth) => nth <= calls.length);
}

/** A camera whose files are as `files` say, and that has not run yet. */
function withFiles(files: Readonly<Record<string, string | undefined>>): World {
  const world = new World(camera);
  for (const [name, text] of Object.entries(files)) {
    if (text === undefined) world.disk.remove(`${directory}/${name}`);
    else world.put(name, text);
  }
  return world;
}

it("a journal of another server is no work without a trigger", async () => {
  const world = withFiles({ "provision.txt": undefined, ".thermal-provision/another.example/intent-1.json": "" });
  expect(await answers(world)).toEqual(agreed("nothing"));
});

it("an intent that was cut off in writing is no work without a trigger", async () => {
  const cutOff = '{"version":1,"sha';
  const world = withFiles({ "provision.txt": undefined, ".thermal-provision/server.example/intent-1.json": cutOff });
  expect(await answers(world)).toEqual(agreed("nothing"));
});

const damaged = '{"version":1,"sha256":"no","body":{}}\n';

it("a damaged intent stops all three, also without a trigger", async () => {
  const world = withFiles({ "provision.txt": undefined, ".thermal-provision/server.example/intent-1.json": damaged });
  expect(await answers(world)).toEqual(agreed("unclear"));
});

it("an answer that was written and not yet named leads on, although the intent before it is damaged", async () => {
  const claiming: Camera = { ...camera, strategy: "claim, once" };
  const [whole] = await new World(claiming).run(undisturbed);
  const calls = whole?.session.calls ?? [];
  const naming = calls.findIndex(([call, from]) => call === "rename" && String(from).endsWith(".received.reserved"));
  const world = new World(claiming);
  await world.run({ ...undisturbed, interruptions: [{ before: "call", nth: naming + 1, do: "kill" }] });
  world.put(".thermal-provision/server.example/intent-1.json", damaged);
  expect(await answers(world)).toEqual(agreed("continue"));
});

it("a journal waits for its provision.json where nobody asks, and is missed where somebody does", async () => {
  const journal = { ".thermal-provision/server.example/intent-1.json": '{"version":1,"sha' };
  expect(await said(new Session(withFiles({ ...journal, "provision.json": undefined }).disk, []).files)).toBe(
    "unclear",
  );
  const alone = withFiles({ ...journal, "provision.json": undefined, "provision.txt": undefined });
  const { files } = new Session(alone.disk, []);
  expect(await said(files)).toBe("nothing");
  expect(await provision({ directory, files })).toMatchObject({ result: "nothing_to_do" });
});

it("a disk that fails while the folder is looked into is told as that", async () => {
  const world = new World(camera);
  for (const nth of [1, 2, 3, 4]) {
    const { files } = new Session(world.disk, []);
    let lists = 0;
    const failing: FileSystem = {
      ...files,
      list(path) {
        if (path === directory && ++lists === nth) throw systemError("EIO", "list");
        return files.list(path);
      },
    };
    const outcome = await provision({ directory, files: failing, connect: () => Promise.reject(new Error("unused")) });
    if (lists >= nth) expect(outcome).toMatchObject({ result: "failed", error: { errorCode: "FILE_IO" } });
  }
});
