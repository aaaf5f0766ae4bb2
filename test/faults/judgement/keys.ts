import type { Known } from "../../../src/flow/known.ts";
import type { Intent, Received } from "../../../src/model/journal.ts";
import type { ConfiguredCredentials } from "../../../src/model/thermal-config.ts";
import { tokenOf } from "../../model/tokens.ts";
import type { Folder, Run, World } from "./world.ts";

/**
 * Tells states apart: two have the same key if, and only if, they are the same. Each part of a world gets a number when
 * it is first seen, and most of a world are parts of the one before it: writing out every state took more time than all
 * the rest.
 */
export class Keys {
  readonly #numbers = new WeakMap<object, number>();
  readonly #texts = new Map<string, number>();

  of(world: World): string {
    const { disk, servers, order, mistyped, given, lockFailed, faults, secrets, names, edits, misled } = world;
    const flags = `${order}${mistyped ? "k" : ""}${lockFailed ? "l" : ""}${given ?? ""}`;
    const parts = `${this.#folder(disk.durable)} ${this.#all(disk.unsynced)} ${this.#all(servers)}`;
    // Which of two runs is the first one makes no difference.
    const runs = world.runs.map((run) => this.#run(run)).sort();
    return `${parts} ${flags} ${faults} ${secrets} ${names} ${edits} ${misled} ${runs.join(" ")}`;
  }

  #number<Part extends object>(part: Part, inWords: (part: Part) => string): number {
    const known = this.#numbers.get(part);
    if (known !== undefined) return known;
    const text = inWords(part);
    const number = this.#texts.get(text) ?? this.#texts.size;
    this.#texts.set(text, number);
    this.#numbers.set(part, number);
    return number;
  }

  #all(parts: readonly object[], inWords: (part: object) => string = JSON.stringify): string {
    let numbers = "";
    for (const part of parts) numbers += `${this.#number(part, inWords)},`;
    return numbers;
  }

  #folder(folder: Folder): number {
    return this.#number(folder, ({ trigger, config, backups, intents, received, sent }) =>
      [
        trigger,
        this.#all([config]),
        backups.join(),
        this.#all(intents),
        this.#all(received),
        JSON.stringify(sent),
      ].join(" "),
    );
  }

  #run(run: Run | undefined): string {
    if (run === undefined) return "-";
    return `${run.host}${run.mistyped ? "!" : ""}:${this.#known(run.known)}:${this.#all(run.queue)}`;
  }

  /** The parts of it that can differ within one exploration. */
  #known(known: Known): number {
    return this.#number(known, ({ journal, configured, configuredHere, inAdvance, ...rest }) => {
      const { proof, ...learnt } = rest.run;
      const intents = journal.intents.map((intent) => this.#number(intent, intentInWords));
      const received = journal.received.map((record) => this.#number(record, receivedInWords));
      const config = configured === undefined ? "-" : this.#number(configured, configuredInWords);
      const proved = proof && [proof.candidate.origin, tokenOf(proof.candidate.credentials)];
      const given = inAdvance === undefined ? "-" : tokenOf(inAdvance);
      const there = rest.isUnfinishedElsewhere ?? false;
      return [intents, received, config, configuredHere, given, there, Object.values(learnt), proved ?? "-"].join(" ");
    });
  }
}

function intentInWords({ host, number, attemptId, deviceName, credentials, replaces, knownInAdvance }: Intent): string {
  return `intent ${[host, number, attemptId, deviceName, tokenOf(credentials), replaces, knownInAdvance].join()}`;
}

function receivedInWords({ number, attemptId, deviceName, credentials, contradicts }: Received): string {
  return `received ${[number, attemptId, deviceName, tokenOf(credentials), contradicts].join()}`;
}

function configuredInWords({ host, attemptId, credentials }: ConfiguredCredentials): string {
  return `configured ${[host, attemptId, tokenOf(credentials)].join()}`;
}
