import { join } from "node:path";
import type { Duration } from "../base/duration.ts";
import { randomUuid } from "../base/randomness.ts";
import { configName } from "../files/file-names.ts";
import type { CameraState } from "../model/camera-state.ts";
import type { DeviceCredentials } from "../model/device-credentials.ts";
import type { Fact } from "../model/error-kind.ts";
import { type ErrorCode, errorKind, ProvisioningError } from "../model/errors.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Refusal } from "../model/provisioning-response.ts";
import {
  advance,
  idle,
  isFinal,
  type ProvisioningState,
  type ProvisioningStatus,
} from "../model/provisioning-status.ts";
import { written } from "../model/specification-form.ts";
import { type Warning, warning } from "../model/warnings.ts";
import type { Setting } from "./setting.ts";
import { ShownStatus } from "./shown-status.ts";

/** How long until a failed run is followed by another one; undefined where none follows. */
export type WaitAfter = (error: ProvisioningError) => Duration | undefined;

/** A server that tells a token once refuses the second request for a device that was registered beforehand. */
function ownClaim({ errorCode, message }: ProvisioningError): readonly string[] {
  if (errorCode !== "CONNECTION_LOST" && errorCode !== "NO_ANSWER") return [];
  const likely = message.includes("the request was acknowledged") ? "was probably" : "may have been";
  const remedy = "on the server delete the device's attribute provisionState, then start again";
  return [`this camera's own request ${likely} carried out, and its answer lost: ${remedy}`];
}

/** What a run tells the world: its status, warnings, setbacks, and in the end its outcome. */
export class Report {
  /** The id of an attempt that begins in this run. */
  newAttemptId: string;
  readonly #surroundings: Setting;
  readonly #waitAfter: WaitAfter;
  readonly #warnings: Warning[] = [];
  readonly #setbacks = new Map<ErrorCode, ProvisioningError>();
  #lastSetback: ErrorCode | undefined;
  #serverSaid = "";
  #status: ProvisioningStatus;
  /** The status that an earlier run has left, whatever it was about. */
  #earlier: ProvisioningStatus | undefined;
  readonly #shown: ShownStatus;

  /** `before` is the status in which the round before this one ended, of the same provisioning. */
  constructor(surroundings: Setting, before?: ProvisioningStatus, waitAfter: WaitAfter = () => undefined) {
    this.#surroundings = surroundings;
    this.#waitAfter = waitAfter;
    this.#shown = new ShownStatus(surroundings, (error) =>
      this.warn(warning("STATUS_NOT_WRITTEN", ProvisioningError.from(error).message)),
    );
    const { clock, randomness } = surroundings;
    this.newAttemptId = before?.correlationId ?? randomUuid(randomness);
    this.#status = idle(clock.now(), this.newAttemptId);
    if (before !== undefined) this.remember(before);
  }

  get correlationId(): string {
    return this.#status.correlationId;
  }

  get state(): ProvisioningState {
    return this.#status.currentState;
  }

  /** All that was noticed so far. */
  get warnings(): readonly Warning[] {
    return this.#warnings;
  }

  /** Shows where every run begins. */
  begin(): void {
    this.#surroundings.onStatus(this.#status);
  }

  /** From here on the status file is this run's. */
  lockTaken(): void {
    this.#shown.open(this.#status);
  }

  /** Goes on counting where an earlier run of the same provisioning stopped; the status of another one is no matter. */
  remember(status: ProvisioningStatus | undefined): void {
    this.#earlier = status;
    if (status === undefined || status.correlationId !== this.#status.correlationId) return;
    const { startedAt, errorCount } = status;
    this.#status = { ...this.#status, startedAt, errorCount };
  }

  /** Goes on under the id of an earlier start that ended before it had a journal: its status alone carries it. */
  resume(status: ProvisioningStatus): void {
    this.newAttemptId = status.correlationId;
    this.#status = { ...this.#status, correlationId: status.correlationId };
  }

  /** The provisioning has a name for the logs, and perhaps the device one already. */
  about(correlationId: string, deviceName: string): void {
    const isAnother = correlationId !== this.#status.correlationId;
    this.#status = { ...this.#status, correlationId, deviceName };
    if (isAnother) this.remember(this.#earlier);
  }

  /** Moves on to `state`; to stay where the run is already is not a move. */
  enter(state: ProvisioningState): void {
    if (state !== this.#status.currentState) this.#show(advance(this.#status, state));
  }

  warn(...warnings: readonly Warning[]): void {
    for (const each of warnings) {
      if (this.#warnings.some(({ code, message }) => code === each.code && message === each.message)) continue;
      this.#warnings.push(each);
      this.#surroundings.onWarning(each);
    }
  }

  /** A repetition is announced: a request with its probe, or a probe alone. */
  countRepetition(): void {
    this.#status = { ...this.#status, errorCount: this.#status.errorCount + 1 };
  }

  /** Remembers why a try was in vain, in case patience ends here. */
  setback(error: ProvisioningError): ErrorCode {
    error.occurredAt = this.#surroundings.clock.now();
    this.#setbacks.set(error.errorCode, error);
    this.#lastSetback = error.errorCode;
    this.#status = { ...this.#status, lastError: inOneLine(error) };
    return error.errorCode;
  }

  /** Keeps what the server said with a refusal, for the error that ends the run. Gives it as the end of a sentence. */
  serverSaid({ errorMessage, errorCode }: Pick<Refusal, "errorMessage" | "errorCode">): string {
    const code = errorCode === "FAILURE" || errorCode === "NOT_FOUND" ? "" : errorCode;
    const said = [...(errorMessage === "" ? [] : [`"${errorMessage}"`]), ...(code === "" ? [] : [`(${code})`])];
    this.#serverSaid = said.length === 0 ? "" : `; it said: ${said.join(" ")}`;
    return this.#serverSaid;
  }

  /** What the server said with its last refusal, as the end of a sentence. */
  get said(): string {
    return this.#serverSaid;
  }

  /** The time of the whole run is up: what stood in the way until then is still the reason. */
  timeIsUp(): ErrorCode {
    return this.#lastSetback ?? this.setback(new ProvisioningError("NO_ANSWER", "the time of the whole run is up"));
  }

  /** The setback with this code; the table's own words where the judgement alone came to it. */
  errorFor(code: ErrorCode): ProvisioningError {
    const found = this.#setbacks.get(code);
    if (found !== undefined) return found;
    const isRefusal = code === "DEVICE_REFUSED" || code === "NAMES_REFUSED";
    const said = isRefusal ? this.#serverSaid : "";
    const { meaning } = errorKind(code);
    return new ProvisioningError(code, said === "" ? meaning : meaning.replace(/\.$/, "") + said);
  }

  /**
   * The error that ends the run, with what went wrong before it: a malformed answer says more than the silence after. What
   * is `known` by then rules causes out.
   */
  lastErrorFor(code: ErrorCode, known: readonly Fact[] = []): ProvisioningError {
    const found = this.errorFor(code);
    const before = [...this.#setbacks.values()].filter(({ errorCode }) => errorCode !== code);
    if (before.length === 0 && known.length === 0) return found;
    const own = code === "DEVICE_REFUSED" ? before.flatMap(ownClaim).slice(0, 1) : [];
    const lines = [...own, found.message, ...before.map((each) => `Before that, ${inOneLine(each)}`)];
    return new ProvisioningError(code, lines.join("\n"), { cause: found.cause, facts: [...found.facts, ...known] });
  }

  /** The camera is left as it is: COMPLETED is said only where its configuration carries the attempt. */
  nothingToDo(camera: CameraState, lastError?: string): Outcome {
    this.enter("DETECTING_FILES");
    const { device } = camera;
    if (device !== undefined && device.attemptId !== null) {
      this.about(device.attemptId, device.deviceName);
      this.remember(this.#earlier);
      this.#complete(device.provisionedAt ?? undefined);
    } else {
      this.#show(advance(this.#status, "IDLE", lastError === undefined ? {} : { lastError }));
    }
    return { result: "nothing_to_do", exitStatus: 0, ...this.#ended(), camera };
  }

  provisioned(credentials: DeviceCredentials, { isNew }: { readonly isNew: boolean }): Outcome {
    this.#complete();
    const configuration = { path: join(this.#surroundings.directory, configName), isNew };
    return { result: "provisioned", exitStatus: 0, ...this.#ended(), credentials: written(credentials), configuration };
  }

  alreadyProvisioned(credentials: DeviceCredentials): Outcome {
    this.#complete();
    return { result: "already_provisioned", exitStatus: 0, ...this.#ended(), credentials: written(credentials) };
  }

  failed(error: ProvisioningError): Outcome {
    const { clock } = this.#surroundings;
    error.occurredAt = clock.now();
    const { state, exitStatus } = errorKind(error.errorCode);
    const lastError = inOneLine(error);
    if (state !== "unchanged" && this.state === "IDLE") this.enter("DETECTING_FILES");
    const wait = this.#waitAfter(error);
    const next = wait === undefined ? {} : { nextTryAt: new Date(clock.now().getTime() + wait) };
    if (state === "unchanged" || isFinal(this.#status.currentState))
      this.#show({ ...this.#status, lastError, ...next });
    else this.#show(advance(this.#status, state, { lastError, completedAt: clock.now(), ...next }));
    return { result: "failed", exitStatus, ...this.#ended(), error };
  }

  /** What went wrong on the way is no longer of interest. */
  #complete(completedAt = this.#surroundings.clock.now()): void {
    const { lastError: _, ...status } = this.#status;
    // What was completed before this run had begun before it, too.
    const startedAt = status.startedAt < completedAt ? status.startedAt : completedAt;
    this.#show(advance({ ...status, startedAt }, "COMPLETED", { completedAt }));
  }

  #ended(): { readonly status: ProvisioningStatus; readonly warnings: readonly Warning[] } {
    this.#shown.close();
    this.warn(...this.#surroundings.listeners.failures);
    return { status: written(this.#status), warnings: this.#warnings };
  }

  #show(status: ProvisioningStatus): void {
    this.#status = status;
    this.#shown.show(status);
    this.#surroundings.onStatus(status);
  }
}

const longestLine = 1000;

/** The whole message, with its reasons, for a field of one line. */
function inOneLine({ errorCode, message }: ProvisioningError): string {
  const [first = "", ...reasons] = message.split("\n").map((line) => line.trim());
  const whole = reasons.reduce((line, reason) => `${line}${/[.:]$/.test(line) ? " " : "; "}${reason}`, first);
  const line = `${errorCode}: ${whole}`;
  return line.length <= longestLine ? line : `${line.slice(0, longestLine - 1)}…`;
}
