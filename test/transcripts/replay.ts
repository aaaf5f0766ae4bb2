import type { Duplex } from "node:stream";
import { milliseconds } from "../../src/base/duration.ts";
import { Simulator } from "../../src/simulator/index.ts";
import { FakeClock, settle } from "../base/fake-clock.ts";
import { anotherOrder, differences, type Outcome } from "./compare.ts";
import { contentOf, explained } from "./explained.ts";
import { type Facts, factsOf } from "./facts.ts";
import { isOfAnotherServer, profilesFor } from "./foreign-profiles.ts";
import { type Knowledge, knowledgeOf } from "./knowledge.ts";
import type { Recording } from "./recording.ts";
import { type SetUp, setUpOf } from "./set-up.ts";

/** One recording, played against the simulator of its version. */
export interface Replayed {
  readonly name: string;
  readonly version: string;
  /** Packets that the recorded server sent, and their bytes. */
  readonly packets: number;
  readonly bytes: number;
  /** Empty: the simulator answered the same. */
  readonly differences: readonly string[];
  /** Why it is meant to answer differently, where it is. */
  readonly reason: string | undefined;
}

/**
 * Plays recordings of one version. What they know of each other's devices counts, and what `others` tell, unless these
 * are of another server.
 */
export async function replayAll(recordings: readonly Recording[], others: readonly Recording[]): Promise<Replayed[]> {
  const facts = recordings.map((recording) => factsOf(recording));
  const helpful = facts.some(isOfAnotherServer) ? [] : others.map((recording) => factsOf(recording));
  const knowledge = knowledgeOf([...facts, ...helpful]);
  const results: Replayed[] = [];
  for (const recording of recordings) results.push(await replay(recording, knowledge));
  return results;
}

export async function replay(recording: Recording, knowledge: Knowledge): Promise<Replayed> {
  const facts = factsOf(recording, profilesFor(factsOf(recording), knowledge));
  const setUp = setUpOf(facts, knowledge);
  const clock = new FakeClock();
  await using simulator = await Simulator.start({ ...setUp.options, clock });
  for (const device of setUp.devices) simulator.addDevice(device);
  for (const { name, attributes } of setUp.devices) ownId(simulator, name, attributes?.shared ?? {});
  const outcome = await play(facts, setUp, simulator, clock);
  const received = recording.packets.filter(({ sent }) => !sent);
  const found = differences(facts, outcome);
  const onlyOrder = found.length > 0 && found.every((difference) => difference.endsWith(anotherOrder));
  return {
    name: recording.name,
    version: recording.version,
    packets: received.length,
    bytes: received.reduce((sum, packet) => sum + packet.bytes.length, 0),
    differences: found,
    reason: onlyOrder ? anotherOrder : explained[contentOf(recording)],
  };
}

/** The simulator makes ids of its own: a device that knew its id on the recorded server knows it here, too. */
function ownId(simulator: Simulator, name: string, shared: Readonly<Record<string, unknown>>): void {
  const id = simulator.device(name)?.id;
  if (id !== undefined && "deviceId" in shared) simulator.setAttributes(name, { deviceId: id });
}

interface Step {
  readonly at: number;
  run(): void | Promise<void>;
}

async function play(facts: Facts, setUp: SetUp, simulator: Simulator, clock: FakeClock): Promise<Outcome> {
  const { recording } = facts;
  const clients = new Map<number, Client>();
  const lastAt = Math.max(0, ...recording.packets.map(({ at }) => at));
  const clientOf = (connection: number) => {
    const known = clients.get(connection);
    if (known !== undefined) return known;
    const certificates = setUp.certificates.get(connection) ?? [];
    const client = new Client(simulator.connect({ certificates }), clock);
    clients.set(connection, client);
    return client;
  };
  const steps: Step[] = [
    ...recording.packets.flatMap(({ sent, at, connection, bytes }, index) => [
      {
        at,
        run: () => {
          if (sent) clientOf(connection).send(bytes, isLastOfSegment(recording, index));
          else clientOf(connection).due++;
        },
      },
    ]),
    ...setUp.deeds.map(({ at, act }) => ({ at, run: () => act(simulator) })),
    ...recording.connections.flatMap(({ number, endedBy, endedAt }) =>
      endedBy === "client" ? [{ at: endedAt ?? lastAt, run: () => clientOf(number).leave() }] : [],
    ),
    ...(setUp.killedAt === undefined ? [] : [{ at: setUp.killedAt, run: () => simulator.restart() }]),
  ];
  for (const step of steps.toSorted((one, other) => one.at - other.at)) {
    await advanceTo(step.at, clock);
    await step.run();
    await settle();
  }
  const end = Math.max(...recording.connections.map(({ endedAt }) => endedAt ?? 0), ...steps.map(({ at }) => at));
  await advanceTo(end + 1500, clock);
  await settle();
  return {
    clients: new Map([...clients].map(([number, client]) => [number, client.result])),
    devices: simulator.devices,
  };
}

async function advanceTo(moment: number, clock: FakeClock): Promise<void> {
  await clock.advance(milliseconds(Math.max(0, moment - clock.elapsed())));
}

/** Packets of one segment are written in one go. */
function isLastOfSegment({ packets }: Recording, index: number): boolean {
  const [here, next] = [packets[index], packets[index + 1]];
  return !(next?.sent && next.segment === here?.segment && next.connection === here?.connection);
}

/** The client's end: keeps what comes, and notices who ends. */
class Client {
  due = 0;
  readonly #stream: Duplex;
  readonly #clock: FakeClock;
  readonly #received: Buffer[] = [];
  readonly #waiting: Buffer[] = [];
  #late = 0;
  #ended: { by: "server" | "client"; at: number } | undefined;

  constructor(stream: Duplex, clock: FakeClock) {
    this.#stream = stream;
    this.#clock = clock;
    stream.on("data", (chunk: Buffer) => this.#received.push(chunk));
    stream.once("end", () => this.#end("server"));
    stream.on("error", () => this.#end("server"));
  }

  send(bytes: Buffer, flush: boolean): void {
    this.#late = Math.max(this.#late, this.due - this.#received.length);
    this.#waiting.push(bytes);
    if (!flush || !this.#stream.writable) return;
    this.#stream.write(Buffer.concat(this.#waiting.splice(0)));
  }

  leave(): void {
    this.#end("client");
    this.#stream.destroy();
  }

  get result(): Outcome["clients"] extends ReadonlyMap<number, infer Result> ? Result : never {
    return { received: this.#received, ended: this.#ended, late: this.#late };
  }

  #end(by: "server" | "client"): void {
    this.#ended ??= { by, at: this.#clock.elapsed() };
    if (by === "server") this.#stream.end();
  }
}
