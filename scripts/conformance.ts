// npm run conformance: plays recordings against a server and prints what was the same and what differed; --random COUNT
// [--seed SEED] plays sessions that nobody has written, --record FOLDER keeps what the server said, --take-away FILE
// takes away what an earlier run has left. The environment names the server, docs/how-to/compare-a-server.md says how;
// without it, it is the simulator.
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { CaseRecorder } from "../test/conformance/case-recorder.ts";
import { loginIn, targetOf } from "../test/conformance/environment.ts";
import { Interruption } from "../test/conformance/interruption.ts";
import { type Finding, Kit } from "../test/conformance/kit.ts";
import { compareRandomly } from "../test/conformance/random/compare.ts";
import { requestDevice } from "../test/conformance/request-device.ts";
import { Administrator } from "../test/conformance/server/administrator.ts";
import { Belongings } from "../test/conformance/server/belongings.ts";
import { simulatorTarget } from "../test/conformance/server/own-target.ts";
import { type TakenAway, takeAway } from "../test/conformance/server/take-away.ts";
import type { Target } from "../test/conformance/target.ts";
import { Mistake, tellingMistakes } from "../test/transcripts/mistake.ts";

const { values } = parseArgs({
  options: {
    random: { type: "string" },
    seed: { type: "string" },
    record: { type: "string" },
    "take-away": { type: "string" },
  },
});
// npm changes into the repository's folder; names of files are meant as they were typed.
const typed = (file: string) => resolve(process.env["INIT_CWD"] ?? ".", file);
const { TB_CA } = process.env;
const environment = { ...process.env, ...(TB_CA ? { TB_CA: typed(TB_CA) } : {}) };

using interruption = new Interruption(complain);

await tellingMistakes(async () => {
  const list = values["take-away"];
  if (list !== undefined) {
    const login = loginIn(environment);
    if (login === undefined) throw new Mistake("--take-away: TB_URL with a login says where");
    const belongings = Belongings.read(typed(list));
    if (belongings.server !== login.url) throw new Mistake(`TB_URL: ${list} is of ${belongings.server}`);
    tell({ ...(await takeAway(await Administrator.logIn(login), belongings)), file: belongings.file });
    return;
  }
  const named = loginIn(environment) !== undefined;
  await using target = await targetOf(environment, {
    signal: interruption.signal,
    fileFor: (prefix) => (named ? typed(`${prefix}.json`) : undefined),
    tookAway: tell,
  });
  print(
    target.isSimulator
      ? `This plays ${target.name} and proves nothing about a server: docs/how-to/compare-a-server.md says how to name one.`
      : `This plays ${target.name}, ThingsBoard ${target.version}.`,
  );
  const different = await interruption.unlessStopped(
    values.random === undefined ? playCases(target) : playRandomly(target),
  );
  process.exitCode ??= different === 0 ? 0 : 1;
});
// What was under way when the run was stopped need not be awaited.
if (interruption.signal.aborted) process.exit();

/** A difference that the simulator of the server's version has, too, is one between versions and is expected. */
async function playCases(target: Target): Promise<number> {
  const run = randomBytes(3).toString("hex");
  const kit = new Kit(target, run);
  await kit.logIn();
  if (kit.tellsIds) print("The tenant's rule chain tells devices their ids, which is no difference.");
  const recorder = recorderFor(target);
  const { signal } = interruption;
  const quiet = { signal, fileFor: () => undefined, tookAway: () => {} };
  await using other = await simulatorTarget({ TB_VERSION: target.version }, quiet);
  const expected = new Kit(other, run);
  const count = { same: 0, ofVersion: 0, different: 0, notCompared: 0 };
  for (const name of kit.names) {
    signal.throwIfAborted();
    const found = await kit.play(name, recorder).catch(failed);
    const simulator = found.is === "different" ? await expected.play(name).catch(failed) : undefined;
    const isOfVersion = simulator?.is === "different" && found.is === "different" && simulator.how === found.how;
    count[isOfVersion ? "ofVersion" : found.is === "not compared" ? "notCompared" : found.is]++;
    print(`${name}\t${isOfVersion ? `as the simulator of ${target.version}: ` : ""}${inWords(found)}`);
  }
  const { same, ofVersion, different, notCompared } = count;
  const left = notCompared === 0 ? "" : `, ${notCompared} not compared`;
  print(
    `${target.name} against ThingsBoard 4.3.1.3: ${same} same, ${ofVersion} as its version has it, ${different} different${left}`,
  );
  return different;
}

function failed(error: unknown): Finding {
  return { is: "different", how: error instanceof Error ? error.message : String(error) };
}

function inWords(finding: Finding): string {
  if (finding.is === "same") return finding.is;
  return finding.is === "different" ? finding.how : `not compared: ${finding.reason}`;
}

function recorderFor(target: Target): CaseRecorder | undefined {
  if (values.record === undefined) return undefined;
  if (target.own !== undefined) return new CaseRecorder(target, target.own, typed(values.record));
  throw new Mistake("--record needs TB_URL with a login: only keys and secrets of the kit's own are gone afterwards");
}

async function playRandomly(target: Target): Promise<number> {
  const [count, seed] = [numberOf("--random", values.random), numberOf("--seed", values.seed ?? "1")];
  const prefix = `${randomBytes(3).toString("hex")}-random`;
  const token = `${prefix}-token`;
  const { key, secret } = target;
  const created = await requestDevice(target, { key, secret, deviceName: prefix, token });
  if (created !== "SUCCESS") throw new Mistake(`TB_KEY, TB_SECRET: no device was created (${created})`);
  const { signal } = interruption;
  const { sessions, packets, differences } = await compareRandomly(target, { seed, count, token, prefix, signal });
  for (const difference of differences) print(difference);
  print(`${target.name}: ${sessions} random sessions, ${packets} packets, ${differences.length} different`);
  return differences.length;
}

function numberOf(option: string, text: string | undefined): number {
  if (text === undefined || !/^[0-9]{1,9}$/.test(text)) throw new Mistake(`${option}: a whole number, please`);
  return Number(text);
}

function tell({ things, devices, left, file }: TakenAway & { readonly file: string | undefined }): void {
  print(`Taken away: ${things} profiles and rule chains, ${devices} devices.`);
  if (left.length === 0) return;
  for (const one of left) complain(`Left behind: ${one}`);
  if (file !== undefined) complain(`Once more: npm run conformance -- --take-away ${file}`);
  process.exitCode = 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function complain(line: string): void {
  process.stderr.write(`${line}\n`);
}
