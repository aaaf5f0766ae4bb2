import type { StoredCredentials } from "../../src/simulator/index.ts";
import { committedRecordings } from "../transcripts/data.ts";
import { factsOf } from "../transcripts/facts.ts";
import { knowledgeOf } from "../transcripts/knowledge.ts";
import { Mistake } from "../transcripts/mistake.ts";
import { type Recording, recordingOf } from "../transcripts/recording.ts";
import type { CaseRecorder } from "./case-recorder.ts";
import { cases, claims, sessions } from "./cases.ts";
import { toldId } from "./device-id.ts";
import { play } from "./play.ts";
import { requestDevice } from "./request-device.ts";
import { scripted } from "./scripted.ts";
import { restCases } from "./server/rest-cases.ts";
import { ownTexts, substitutionFor } from "./substitution.ts";
import type { OwnSetUp, Target } from "./target.ts";

const recordings = new Map(
  committedRecordings("4.3.1.3")
    .flatMap((one) => ("other" in one ? [] : [recordingOf(one)]))
    .map((recording) => [recording.name, recording]),
);

/** What came of a case. */
export type Finding =
  | { readonly is: "same" }
  | { readonly is: "different"; readonly how: string }
  | { readonly is: "not compared"; readonly reason: string };

/** The case of the kit's own profile whose rule chain tells devices their ids. */
const deviceIdCase = "own-device-id";

/** The comparison of one server with what was recorded of another. */
export class Kit {
  readonly #target: Target;
  /** Six hexadecimal digits that no other run has; names and tokens begin with them and two more for the case. */
  readonly #run: string;
  readonly #knowledge = knowledgeOf([...recordings.values()].map((recording) => factsOf(recording)));
  readonly #devices = new Map<string, OwnDevice>();
  #tellsIds = false;

  constructor(target: Target, run: string) {
    this.#target = target;
    this.#run = run;
  }

  /** Every case that this server can be asked. */
  get names(): readonly string[] {
    const { claims: registered, own } = this.#target;
    return [
      ...cases,
      ...sessions,
      ...scripted.map(({ name }) => name),
      ...(registered === undefined ? [] : claims),
      ...(own === undefined ? [] : [deviceIdCase, ...Object.keys(restCases)]),
    ];
  }

  /** Whether a rule chain that somebody has wired into the tenant's tells the devices of the cases their ids. */
  get tellsIds(): boolean {
    return this.#tellsIds;
  }

  /** Asks once for everything that the cases need. Throws Mistake with the reason when the server is not that. */
  async logIn(): Promise<void> {
    const { key, secret, claims: registered } = this.#target;
    const token = `${this.#run}-conformance`;
    const created = await requestDevice(this.#target, { key, secret, deviceName: token, token });
    if (created === "NOT_FOUND") throw new Mistake("TB_KEY, TB_SECRET: the server knows no device profile with these");
    if (created !== "SUCCESS") {
      throw new Mistake(`TB_KEY: no device was created (${created}); does the profile allow to create new devices?`);
    }
    this.#tellsIds = (await toldId(this.#target, token, this.#patience)) !== undefined;
    if (registered === undefined) return;
    const { key: claimKey, secret: claimSecret } = registered;
    const deviceName = `${this.#run}-nobody`;
    const claimed = await requestDevice(this.#target, { key: claimKey, secret: claimSecret, deviceName });
    if (claimed === "NOT_FOUND") {
      throw new Mistake("TB_CLAIM_KEY, TB_CLAIM_SECRET: the server knows no device profile with these");
    }
    if (claimed !== "FAILURE") {
      throw new Mistake(`TB_CLAIM_KEY: the profile does not check for pre-provisioned devices (${claimed})`);
    }
  }

  /** Whether the recording of this name is answered as it was, and else the first difference. */
  async play(name: string, recorder?: CaseRecorder): Promise<Finding> {
    const different = await this.#differenceIn(name, recorder);
    if (different === undefined) return { is: "same" };
    const { own, claims: registered } = this.#target;
    if (name === "pre-claim-first" && own === undefined && / here .*FAILURE/.test(different)) {
      const reason = `${registered?.deviceName} was claimed before, as it can be once; another one is needed for this case`;
      return { is: "not compared", reason };
    }
    return { is: "different", how: different };
  }

  async #differenceIn(name: string, recorder: CaseRecorder | undefined): Promise<string | undefined> {
    const { own } = this.#target;
    if (own !== undefined && name === deviceIdCase) return this.#playDeviceId(own);
    const restCase = restCases[name];
    if (own === undefined || restCase === undefined) return this.#playRecording(name, recorder);
    const { administrator, restProfileId: profileId } = own;
    return restCase({ administrator, profileId, prefix: `${this.#run}-${name}` });
  }

  /** How long a rule chain may take, in milliseconds; a simulator's is as fast as its answers. */
  get #patience(): number {
    return this.#target.isSimulator ? 200 : 3000;
  }

  async #playRecording(name: string, recorder: CaseRecorder | undefined): Promise<string | undefined> {
    const recording = scripted.find((one) => one.name === name) ?? recordings.get(name);
    if (recording === undefined) throw new Error(`There is no recording ${name}.`);
    const own = new Map<string, string>();
    const devices: string[] = [];
    for (const credentials of this.#needed(recording)) {
      const device = await this.#deviceWith(credentials);
      devices.push(device.name);
      for (const [text, other] of device.texts) own.set(text, other);
    }
    const unique = this.#run + (this.names.indexOf(name) + 1).toString(16).padStart(2, "0");
    const substitution = substitutionFor(recording, this.#target, own, unique);
    const playing = { substitution, tellsIds: this.#tellsIds };
    if (recorder === undefined) return play(recording, this.#target, playing);
    return recorder.record(recording, devices, (tape) => play(recording, this.#target, { ...playing, tape }));
  }

  async #playDeviceId(own: OwnSetUp): Promise<string | undefined> {
    const { key, secret } = own.tellingIds;
    const deviceName = `${this.#run}-device-id`;
    const token = `${deviceName}-token`;
    const created = await requestDevice(this.#target, { key, secret, deviceName, token });
    if (created !== "SUCCESS") return `the device was not created: ${created}`;
    const [told, device] = [
      await toldId(this.#target, token, this.#patience),
      await own.administrator.device(deviceName),
    ];
    if (told === undefined) return "the rule chain tells the device nothing";
    return told === device?.id ? undefined : "the rule chain tells the device another id than its own";
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

  async #deviceWith(credentials: StoredCredentials): Promise<OwnDevice> {
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
    const name = `${this.#run}-${credentials.credentialsId.slice(0, 16)}`;
    const { credentialsType } = credentials;
    const created = await requestDevice(this.#target, { key, secret, deviceName: name, credentialsType, ...asked });
    if (created !== "SUCCESS") throw new Error(`the kit's own device ${name} was not created: ${created}`);
    const device = { name, texts };
    this.#devices.set(credentials.credentialsId, device);
    return device;
  }
}

/** A device that the kit has provisioned, and what it has in place of recorded texts. */
interface OwnDevice {
  readonly name: string;
  readonly texts: ReadonlyMap<string, string>;
}
