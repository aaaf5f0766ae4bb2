import type { Intent, Journal, Received } from "../../../src/model/journal.ts";
import { intentOf, receivedOf } from "../../faults/judgement/world.ts";
import type { Row } from "./model-ledger.ts";
import { deviceName } from "./world.ts";

const intents = new Map<string, Intent>();
const answers = new Map<string, Received>();
const attempt = "attempt 1";

/** One object for each secret: a hundred thousand states would make too many. */
export function intentWith(token: string): Intent {
  const stored = { host: 0, number: 1, attempt, name: deviceName, token, replaces: null, knownInAdvance: false };
  const known = intents.get(token) ?? intentOf(stored);
  intents.set(token, known);
  return known;
}

export function receivedWith(token: string, number: number): Received {
  const key = `${number} ${token}`;
  const known =
    answers.get(key) ?? receivedOf({ host: 0, number, attempt, name: deviceName, token, contradicts: null });
  answers.set(key, known);
  return known;
}

/** What a station reads in the ledger. */
export function journalIn({ intent, answers: given }: Row): Journal {
  return {
    intents: intent === null ? [] : [intentWith(intent)],
    received: given.map((token, index) => receivedWith(token, index + 1)),
  };
}
