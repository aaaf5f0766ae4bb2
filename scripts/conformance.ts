// npm run conformance: plays recordings against a server and prints what was the same and what differed, and with
// --random COUNT [--seed SEED] sessions that nobody has written. TB_HOST, TB_PORT, TB_KEY and TB_SECRET name a real
// server; without them it is the simulator. docs/simulator.md has what to set up.
import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { Kit } from "../test/conformance/kit.ts";
import { compareRandomly } from "../test/conformance/random/compare.ts";
import { requestDevice } from "../test/conformance/request-device.ts";
import { simulated, type Target, targetOf } from "../test/conformance/target.ts";
import { Mistake, tellingMistakes } from "../test/transcripts/mistake.ts";

const { values } = parseArgs({ options: { random: { type: "string" }, seed: { type: "string" } } });

await tellingMistakes(async () => {
  await using target = await targetOf(process.env);
  if (target.isSimulator) {
    print(`This plays ${target.name} and proves nothing about a server: TB_HOST, TB_KEY and TB_SECRET name one.`);
  }
  const different = values.random === undefined ? await playCases(target) : await playRandomly(target);
  process.exitCode = different === 0 ? 0 : 1;
});

/** A difference that the simulator of the server's version has, too, is one between versions and is expected. */
async function playCases(target: Target): Promise<number> {
  const run = randomBytes(3).toString("hex");
  const kit = new Kit(target, run);
  await kit.logIn();
  await using other = await simulated(target.version);
  const expected = new Kit(other, run);
  let [same, ofVersion, different] = [0, 0, 0];
  for (const name of kit.names) {
    const found = await kit.play(name).catch(String);
    const simulator = found === undefined ? undefined : await expected.play(name).catch(String);
    if (found === undefined) same++;
    else if (found === simulator) ofVersion++;
    else different++;
    const verdict =
      found !== undefined && found === simulator ? `as the simulator of ${target.version}: ${found}` : found;
    print(`${name}\t${verdict ?? "same"}`);
  }
  print(
    `${target.name} against ThingsBoard 4.3.1.3: ${same} same, ${ofVersion} as its version has it, ${different} different`,
  );
  return different;
}

async function playRandomly(target: Target): Promise<number> {
  const [count, seed] = [numberOf("--random", values.random), numberOf("--seed", values.seed ?? "1")];
  const prefix = `conformance-${randomBytes(3).toString("hex")}`;
  const token = `${prefix}-token`;
  const { key, secret } = target;
  const created = await requestDevice(target, { key, secret, deviceName: prefix, token });
  if (created !== "SUCCESS") throw new Mistake(`TB_KEY, TB_SECRET: no device was created (${created})`);
  const { sessions, packets, differences } = await compareRandomly(target, { seed, count, token, prefix });
  for (const difference of differences) print(difference);
  print(`${target.name}: ${sessions} random sessions, ${packets} packets, ${differences.length} different`);
  return differences.length;
}

function numberOf(option: string, text: string | undefined): number {
  if (text === undefined || !/^[0-9]{1,9}$/.test(text)) throw new Mistake(`${option}: a whole number, please`);
  return Number(text);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
