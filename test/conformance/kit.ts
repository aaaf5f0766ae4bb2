import type { StoredCredentials } from "../../src/simulator/index.ts";
import { committedRecordings } from "../transcripts/data.ts";
import { factsOf } from "../transcripts/facts.ts";
import { knowledgeOf } from "../transcripts/knowledge.ts";
import { Mistake } from "../transcripts/mistake.ts";
import { type Recording, recordingOf } from "../transcripts/recording.ts";
import { cases, claims, sessions } from "./cases.ts";
import { play } from "./play.ts";
import { requestDevice } from "./request-device.ts";
import { scripted } from "./scripted.ts";
import { ownTexts, substitutionFor } from "./substitution.ts";
import type { Target } from "./target.ts";

const recordings = new Map(
  committedRecordings("4.3.1.3")
    .flatMap((one) => ("other" in one ? [] : [recordingOf(one)]))
    .map((recording) => [recording.name, recording]),
);

/** The comparison of one server with what was recorded of another. */
export class Kit {
  readonly #target: Target;
  /** Six hexadecimal digits that no other run has; names and tokens end in them and two more for the case. */
  readonly #run: string;
  readonly #knowledge = knowledgeOf([...recordings.values()].map((recording) => factsOf(recording)));
  readonly #devices = new Map<string, ReadonlyMap<string, string>>();

  constructor(target: Target, run: string) {
    this.#target = target;
    this.#run = run;
  }

  /** Every case that this server can be asked. */
  get names(): readonly string[] {
    const { claims: registered } = this.#target;
    return [...cases, ...sessions, ...scripted.map(({ name }) => name), ...(registered === undefined ? [] : claims)];
  }

  /** Asks once for everything that the cases need. Throws Mistake with the reason when the server is not that. */
  async logIn(): Promise<void> {
    const { key, secret, claims: registered } = this.#target;
    const created = await requestDevice(this.#target, { key, secret, deviceName: `conformance-${this.#run}` });
    if (created === "NOT_FOUND") throw new Mistake("TB_KEY, TB_SECRET: the server knows no device profile with these");
    if (created !== "SUCCESS") {
      throw new Mistake(`TB_KEY: no device was created (${created}); does the profile allow to create new devices?`);
    }
    if (registered === undefined) return;
    const { key: claimKey, secret: claimSecret } = registered;
    const deviceName = `conformance-nobody-${this.#run}`;
    const claimed = await requestDevice(this.#target, { key: claimKey, secret: claimSecret, deviceName });
    if (claimed === "NOT_FOUND") {
      throw new Mistake("TB_CLAIM_KEY, TB_CLAIM_SECRET: the server knows no device profile with these");
    }
    if (claimed !== "FAILURE") {
      throw new Mistake(`TB_CLAIM_KEY: the profile does not check for pre-provisioned devices (${claimed})`);
    }
  }

  /** The first difference to the recording of this name; undefined when there is none. */
  async play(name: string): Promise<string | undefined> {
    const recording = scripted.find((one) => one.name === name) ?? recordings.get(name);
    if (recording === undefined) throw new Error(`There is no recording ${name}.`);
    const own = new Map<string, string>();
    for (const credentials of this.#needed(recording)) {
      for (const [text, other] of await this.#deviceWith(credentials)) own.set(text, other);
    }
    const unique = this.#run + (this.names.indexOf(name) + 1).toString(16).padStart(2, "0");
    return play(recording, this.#target, substitutionFor(recording, this.#target, own, unique));
  }

  /** Credentials that its logins have something of, and that it does not ask for itself. */
  #needed(recording: Recording): StoredCredentials[] {
    const { logins, requests } = factsOf(recording);
    const said = new Set(
      logins.flatMap(({ packet: { username, clientId, password } }) => [username, clientId, password?.toString()]),
    );
    const asked = new Set(requests.flatMap(({ request }) => [request.token, request.userName]));
    return this.#knowledge.devices.flatMap(({ credentials }) => {
      const texts = [...ownTexts(credentials, "").keys()];
      return texts.some((text) => said.has(text)) && !texts.some((text) => asked.has(text)) ? [credentials] : [];
    });
  }

  async #deviceWith(credentials: StoredCredentials): Promise<ReadonlyMap<string, string>> {
    const known = this.#devices.get(credentials.credentialsId);
    if (known !== undefined) return known;
    const texts = ownTexts(credentials, this.#run);
    const other = (text: string | null) => (text === null ? undefined : texts.get(text));
    const asked =
      credentials.credentialsType === "MQTT_BASIC"
        ? {
            clientId: other(credentials.credentialsValue.clientId),
            username: other(credentials.credentialsValue.userName),
            password: other(credentials.credentialsValue.password),
          }
        : { token: other(credentials.credentialsId) };
    const { key, secret } = this.#target;
    const deviceName = `conformance-${credentials.credentialsId.slice(0, 16)}-${this.#run}`;
    const { credentialsType } = credentials;
    const created = await requestDevice(this.#target, { key, secret, deviceName, credentialsType, ...asked });
    if (created !== "SUCCESS") throw new Error(`the kit's own device ${deviceName} was not created: ${created}`);
    this.#devices.set(credentials.credentialsId, texts);
    return texts;
  }
}
