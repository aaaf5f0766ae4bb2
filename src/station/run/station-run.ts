import { type Duration, milliseconds, seconds } from "../../base/duration.ts";
import { type ErrorCode, errorKind, ProvisioningError } from "../../model/errors.ts";
import { countCameras } from "../ledger/cameras.ts";
import { type Claim, Claims } from "../ledger/claims.ts";
import { LoginBudget } from "../pace/login-budget.ts";
import { deviceNameOf, provisionCamera } from "./one-camera.ts";
import type { CameraEnd, StationEnd, StationSetup } from "./station-options.ts";

/** How often a run tries a camera that may pass later. */
const mostTries = 3;
/** How many such cameras a run goes on without: more have one cause, and it is not theirs. */
const mostGivenUp = 500;
const renewal = seconds(10);
const lookAgain = seconds(1);
const patienceAtTheEnd = milliseconds(400);

/** Errors that are not one camera's: the next one would end in the same. */
const fatal: readonly ErrorCode[] = [
  ...(["API_KEY_REFUSED", "PROVISION_DATA_NOT_FOUND", "TLS_UNTRUSTED", "TLS_WRONG_HOST", "INTERNAL"] as const),
];

interface UnderWay {
  readonly claim: Claim;
  readonly control: AbortController;
}

/** One run over the cameras of a ledger: claims, provisions and writes down what came of it, many at a time. */
export class StationRun {
  readonly #setup: StationSetup;
  readonly #claims: Claims;
  readonly #budget: LoginBudget;
  readonly #underWay = new Map<string, UnderWay>();
  /** Claimed, and nothing written of what came of it. */
  readonly #held = new Map<string, Claim>();
  readonly #tries = new Map<string, number>();
  /** Ends all cameras, and the run. */
  readonly #control = new AbortController();
  #vainInARow = 0;
  #error: ProvisioningError | undefined;
  #wake = () => {};

  constructor(setup: StationSetup) {
    this.#setup = setup;
    this.#claims = new Claims(setup.ledger, setup.station);
    this.#budget = new LoginBudget(setup.clock);
  }

  /** Every end is a value: the promise rejects for a mistake in this program only. */
  async run(): Promise<StationEnd> {
    const { signal } = this.#setup;
    const stop = () => this.#stop(asError(signal.reason));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    const renewing = this.#renew();
    try {
      await this.#loop();
    } catch (error) {
      this.#stop(asError(error));
    } finally {
      signal.removeEventListener("abort", stop);
    }
    // Without the ledger a run is soon over; but an answer that is in hand may never be given again.
    await this.#setup.ledger.settled;
    await this.#giveBack();
    this.#control.abort();
    await renewing;
    return this.#end();
  }

  async #loop(): Promise<void> {
    while (!this.#control.signal.aborted) {
      const free = this.#setup.pace.limit - this.#underWay.size;
      const claims = free > 0 ? await this.#claims.claim(free, this.#givenUp()) : [];
      for (const claim of claims) this.#begin(claim);
      if (this.#underWay.size === 0 && !(await this.#isWorthWaiting())) return;
      await this.#change(claims.length < free ? lookAgain : undefined);
    }
  }

  #begin(claim: Claim): void {
    const control = new AbortController();
    this.#underWay.set(claim.serial, { claim, control });
    this.#held.set(claim.serial, claim);
    if (this.#control.signal.aborted) control.abort(this.#control.signal.reason);
    this.#provision(claim, control.signal)
      .catch((error: unknown) => this.#stop(asError(error)))
      .finally(() => {
        this.#underWay.delete(claim.serial);
        this.#wake();
      });
  }

  async #provision(claim: Claim, signal: AbortSignal): Promise<void> {
    const deviceName = deviceNameOf(claim, this.#setup.server.credentials);
    try {
      const { candidate, deviceId } = await provisionCamera(this.#setup, claim, this.#budget, signal);
      await this.#claims.finish(claim, { state: "proved", deviceId, credentialsType: candidate.credentials.type });
      this.#held.delete(claim.serial);
      this.#vainInARow = 0;
      this.#setup.pace.speedUp();
      this.#tell(claim, { deviceName: candidate.deviceName, state: "proved", deviceId });
    } catch (error) {
      const failure = asError(error);
      // Somebody else has it, or it is given back with all others when the run ends.
      if (failure.errorCode === "LEASE_LOST" || signal.aborted) return;
      if (isFatal(failure)) throw failure;
      await this.#judge(claim, deviceName, failure);
    }
  }

  /** What did not succeed: may it pass, or is it for a person? */
  async #judge(claim: Claim, deviceName: string, failure: ProvisioningError): Promise<void> {
    const [message = ""] = failure.message.split("\n", 1);
    const cause = { code: failure.errorCode, message };
    const state = failure.isRetryable ? "waiting" : "failed";
    try {
      if (state === "failed") await this.#claims.finish(claim, { state, ...cause });
      else await this.#claims.finish(claim, { state, ...cause, wait: this.#waitFor(claim) });
      this.#held.delete(claim.serial);
    } catch (error) {
      if (asError(error).errorCode === "LEASE_LOST") return;
      throw error;
    }
    if (state === "waiting") this.#countVain(failure);
    this.#tell(claim, { deviceName, state, deviceId: null, cause: cause.code, message });
  }

  #waitFor({ serial }: Claim): Duration {
    const tries = (this.#tries.get(serial) ?? 0) + 1;
    this.#tries.set(serial, tries);
    return milliseconds(seconds(8) * 2 ** (tries - 1) * (1 - this.#setup.randomness.fraction() / 2));
  }

  /** When nothing succeeds any more it is not the cameras: pauses, and in the end the run is over. */
  #countVain(failure: ProvisioningError): void {
    const { concurrency, pace } = this.#setup;
    this.#vainInARow++;
    if (this.#vainInARow >= pace.limit) pace.slowDown(undefined);
    if (this.#vainInARow >= 3 * concurrency + 10) this.#stop(failure);
  }

  #givenUp(): readonly string[] {
    return [...this.#tries].filter(([, tries]) => tries >= mostTries).map(([serial]) => serial);
  }

  async #isWorthWaiting(): Promise<boolean> {
    const givenUp = this.#givenUp();
    if (givenUp.length > mostGivenUp) return false;
    const { running, waiting } = await this.#claims.outlook(givenUp);
    return running + waiting > 0;
  }

  /** Until a camera ends, or the run, or `within` has passed. */
  async #change(within: Duration | undefined): Promise<void> {
    const { signal } = this.#control;
    if (signal.aborted) return;
    const changed = new AbortController();
    this.#wake = () => changed.abort();
    signal.addEventListener("abort", this.#wake, { once: true });
    await this.#setup.clock.sleep(within ?? seconds(60), changed.signal).catch(() => {});
    signal.removeEventListener("abort", this.#wake);
  }

  async #renew(): Promise<void> {
    const { signal } = this.#control;
    while (!signal.aborted) {
      await this.#setup.clock.sleep(renewal, signal).catch(() => {});
      if (signal.aborted) return;
      const claims = [...this.#underWay.values()].map(({ claim }) => claim);
      const lost = await this.#claims.renew(claims).catch(() => []);
      const reason = new ProvisioningError("LEASE_LOST", "another station has taken the camera over");
      for (const serial of lost) this.#underWay.get(serial)?.control.abort(reason);
    }
  }

  #stop(error: ProvisioningError): void {
    this.#error ??= error;
    this.#control.abort(error);
    for (const { control } of this.#underWay.values()) control.abort(error);
    this.#wake();
  }

  /** What has no result goes back, so that others need not wait for the leases to end. */
  async #giveBack(): Promise<void> {
    await this.#withinPatience(this.#claims.giveBack([...this.#held.values()]));
  }

  /** A ledger that does not answer must not keep a process from ending: its leases end by themselves. */
  async #withinPatience(act: Promise<unknown>): Promise<void> {
    const done = new AbortController();
    const settled = act.catch(() => {}).finally(() => done.abort());
    await Promise.race([settled, this.#setup.clock.sleep(patienceAtTheEnd, done.signal).catch(() => {})]);
  }

  async #end(): Promise<StationEnd> {
    const none = { new: 0, running: 0, waiting: 0, proved: 0, failed: 0 };
    const error = this.#error;
    let counts: StationEnd["counts"] = none;
    await this.#withinPatience(
      countCameras(this.#setup.ledger).then((counted) => {
        counts = counted;
      }),
    );
    if (error !== undefined && !error.isRetryable) return { exitStatus: error.exitStatus, counts, error };
    const isStopped = error?.errorCode === "INTERRUPTED" || error?.errorCode === "TERMINATED";
    if (error !== undefined && isStopped) return { exitStatus: error.exitStatus, counts, error };
    if (counts.failed > 0) return { exitStatus: 77, counts, error };
    const left = counts.new + counts.running + counts.waiting;
    return { exitStatus: error !== undefined || left > 0 ? 75 : 0, counts, error };
  }

  #tell(claim: Claim, end: Omit<CameraEnd, "serial" | "cause" | "message"> & Partial<CameraEnd>): void {
    this.#setup.onCamera({ cause: undefined, message: undefined, ...end, serial: claim.serial });
  }
}

/** Whether an error concerns all cameras: the ledger's, the disk's, and those that the server has for all. */
function isFatal({ errorCode }: ProvisioningError): boolean {
  if (errorCode === "LEDGER_UNUSABLE") return false;
  const { state } = errorKind(errorCode);
  return fatal.includes(errorCode) || state === "FAILED_UPDATE" || state === "FAILED_CONFIG";
}

function asError(error: unknown): ProvisioningError {
  return ProvisioningError.from(error);
}
