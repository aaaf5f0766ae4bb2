import { expect, it } from "vitest";
import { readJournal, reserveReceived, writeIntent, writeReceived } from "../../../src/files/journal/journal.ts";
import { token } from "../../model/tokens.ts";
import { loginWith } from "../harness/login.ts";
import { recordsIn } from "../harness/records.ts";
import type { History } from "./history.ts";
import { Luck } from "./luck.ts";
import { directory, MemoryDisk } from "./memory-disk.ts";
import { play, undisturbed } from "./play.ts";
import { Session } from "./session.ts";

const host = "server.example";
const attempt = { attemptId: "44003925-778b-4da6-b494-3f19e768b8a8", deviceName: "thermal-camera-FIXED0", number: 1 };
const intent = {
  ...attempt,
  host,
  credentials: token("own"),
  replaces: null,
  newIdentity: false,
  body: null,
  knownInAdvance: false,
  createdAt: new Date(0),
};
const received = {
  ...attempt,
  credentials: token("granted"),
  deviceId: null,
  receivedAt: new Date(0),
  contradicts: null,
} as const;

// What the random histories brought to light, as small as it gets.

it("writes a received record again whose sync failed, because the kernel believes it to be on the disk", () => {
  const disk = new MemoryDisk("in order");
  disk.put(`${directory}/provision.txt`, "");
  const { files } = new Session(disk, []);
  writeIntent(files, directory, intent);
  reserveReceived(files, directory, host);
  const failing = new Session(disk, [{ before: "sync", nth: 1, do: "lose" }]);
  expect(() => writeReceived(failing.files, directory, host, received)).toThrow("EIO");
  expect(readJournal(new Session(disk, []).files, directory, host, new Date(0)).received).toHaveLength(1);
  for (let seed = 0; seed < 50; seed++) {
    const records = recordsIn(disk.afterPowerCut(new Luck(seed)).folder());
    expect(records.map(({ login }) => login)).toContain(loginWith("ACCESS_TOKEN", "granted"));
  }
});

const forgetful = ["in order", "any subset", "FAT"] as const;
const strategies = ["new device", "fixed name", "claim, repeated"] as const;
// Hundreds of histories, on a machine that does other things besides.
const patience = 120_000;

/** The first start was about to fill in what its former credentials lack; the second is no further than the server. */
it(
  "syncs a configuration that a killed start has moved, before anything else of it becomes durable on FAT",
  async () => {
    const former = { ...camera("FAT", "new device"), configuration: "former", formerWorks: true } as const;
    const kills = Array.from({ length: 200 }, (_, call) => ({ before: "call", nth: call + 1, do: "kill" }) as const);
    for (const kill of kills) {
      const first = { ...undisturbed, interruptions: [kill] };
      const { violations, story } = await play({
        camera: former,
        starts: [first, { ...undisturbed, before: ["wrong key"] }],
      });
      expect(violations, story.join("\n")).toEqual([]);
    }
  },
  patience,
);

const liar = { on: "request", nth: 1, do: "answerForAnotherDevice" } as const;

function camera(forgetting: (typeof forgetful)[number], strategy: (typeof strategies)[number]): History["camera"] {
  const plain = {
    configuration: "none",
    mode: 0o600,
    owner: 0,
    backups: 0,
    namesTaken: 0,
    formerWorks: false,
    kind: "ACCESS_TOKEN",
  } as const;
  return { forgetting, strategy, ...plain };
}

/** What a camera has from a former order is judged by that order, until the next is done. */
it.each(forgetful.flatMap((forgetting) => strategies.map((strategy) => [strategy, forgetting] as const)))(
  "a camera that was provisioned with another key keeps what it has while it is provisioned again (%s, %s)",
  async (strategy, forgetting) => {
    const history: History = {
      camera: camera(forgetting, strategy),
      starts: [
        { ...undisturbed, before: ["wrong key"], disturbances: [liar] },
        { ...undisturbed, before: ["trigger"] },
      ],
    };
    const { violations, story } = await play(history);
    const twice = ["wrong key, provisioned", "trigger, provisioned"];
    expect(story.map((each) => each.replace(/ after \d+ calls/, "")).slice(0, 2)).toEqual(twice);
    expect(violations).toEqual([]);
  },
);

/** What the first then did is documented, and lost nothing of the second: who has credentials is done. */
it.each(forgetful)(
  "the second of two starts goes on when the first has finished for another device (%s)",
  async (forgetting) => {
    const starts = [{ ...undisturbed, disturbances: [liar], secondAt: 5 }];
    const { violations, story } = await play({ camera: camera(forgetting, "claim, repeated"), starts });
    expect(story.map((each) => each.replace(/ after \d+ calls/, "")).slice(0, 2)).toEqual([
      "provisioned",
      "provisioned",
    ]);
    expect(violations).toEqual([]);
  },
);

/** With one at work the name that comes next is asked for only when this one is given up: nobody believes in both. */
it.each(forgetful)(
  "a server that mixes up two answers is one too many where two starts ask for further names (%s)",
  async (forgetting) => {
    const disturbances = [{ on: "attributes", nth: 1, do: "answer", payload: "" } as const, { ...liar, nth: 4 }];
    const starts = [{ ...undisturbed, disturbances, secondAt: 1 }];
    const { violations } = await play({ camera: { ...camera(forgetting, "new device"), namesTaken: 2 }, starts });
    expect(violations).toEqual([]);
  },
);

/** With the key mistyped, and a server that mixed up two answers: what was killed behind its commit had carried that order out. */
it.each(forgetful)(
  "an order that was killed behind its commit is carried out, and the next one is another (%s)",
  async (forgetting) => {
    const kills = (["unlink", "rename", "sync"] as const).flatMap((before) =>
      Array.from({ length: 20 }, (_, call) => ({ before, nth: call + 1, do: "kill" }) as const),
    );
    for (const kill of kills) {
      const first = { ...undisturbed, before: ["wrong key" as const], disturbances: [liar], interruptions: [kill] };
      const { violations, story } = await play({
        camera: camera(forgetting, "claim, repeated"),
        starts: [first, undisturbed],
      });
      expect(violations, story.join("\n")).toEqual([]);
    }
  },
);

/** Of two starts without a lock the first is killed while it tidies up, behind the success of the other one. */
it("a camera that is found provisioned makes it last that the journal is gone, on FAT too", async () => {
  const former = { ...camera("FAT", "new device"), configuration: "former" } as const;
  const unreachable = { on: "connection", nth: 1, do: "refuse" } as const;
  for (let nth = 1; nth <= 20; nth++) {
    const kill = { before: "sync", nth, do: "kill" } as const;
    const first = { ...undisturbed, interruptions: [kill], disturbances: [unreachable], secondAt: 1 };
    const { violations, story } = await play({
      camera: former,
      starts: [first, { ...undisturbed, before: ["trigger"] }],
    });
    expect(violations, story.join("\n")).toEqual([]);
  }
});

/** What was never sent is removed when the server gets another name; the run that did that was killed before its sync. */
it.each(forgetful)(
  "what was never sent does not come back behind a success under another name (%s)",
  async (forgetting) => {
    const unreachable = { on: "connection", nth: 1, do: "refuse" } as const;
    const first = {
      ...undisturbed,
      disturbances: [unreachable],
      interruptions: [{ before: "connect", nth: 1, do: "kill" }],
    } as const;
    for (let nth = 1; nth <= 12; nth++) {
      const second = {
        ...undisturbed,
        before: ["other name"],
        interruptions: [{ before: "sync", nth, do: "kill" }],
      } as const;
      const { violations, story } = await play({ camera: camera(forgetting, "new device"), starts: [first, second] });
      expect(violations, story.join("\n")).toEqual([]);
    }
  },
);
