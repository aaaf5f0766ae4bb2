import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { errorKind } from "../../src/model/errors.ts";
import { tokenOf } from "../model/tokens.ts";
import { anyCamera, anyWorld, type Moment, playAny } from "./any-run.ts";

/** Holds for every run of any camera in any world. */
function always(claim: (moments: readonly Moment[]) => void): void {
  const run = fc.property(anyCamera, anyWorld, (camera, world) => claim(playAny(camera, world)));
  fc.assert(run, { numRuns: 400 });
}

const done = <Kind extends Moment["step"]["do"]>(moments: readonly Moment[], kind: Kind) =>
  moments.flatMap(({ step }) => (isOf(step, kind) ? [step] : []));

function isOf<Kind extends Moment["step"]["do"]>(
  step: Moment["step"],
  kind: Kind,
): step is Extract<Moment["step"], { do: Kind }> {
  return step.do === kind;
}

describe("whatever the camera holds and the world answers,", () => {
  test("a run ends", () => {
    always((moments) => {
      expect(["commit", "keep", "finish", "stop"]).toContain(moments.at(-1)?.step.do);
    });
  });

  test("an attempt has one secret, under every name and in every request", () => {
    always((moments) => {
      const last = moments.at(-1)?.known.journal.intents ?? [];
      expect(new Set(last.map(({ credentials }) => tokenOf(credentials))).size).toBeLessThanOrEqual(1);
      const outrun = moments.findLastIndex(({ event }) => event?.event === "journal-read");
      const asked = done(moments.slice(outrun + 1), "request").map(({ intent }) => tokenOf(intent.credentials));
      expect(new Set(asked).size).toBeLessThanOrEqual(1);
    });
  });

  test("nothing is asked for before it is written down and the configuration was read again", () => {
    always((moments) => {
      for (const { known, step } of moments) {
        if (step.do !== "request") continue;
        expect(known.journal.intents.at(-1)).toBe(step.intent);
        // A claim makes no device: the server has let its credentials in.
        if (step.proved === undefined) expect(known.run.lookedAgain).toBe(true);
        else expect(step.intent.credentials).toEqual(known.run.proof?.candidate.credentials);
      }
    });
  });

  test("nothing is committed or kept without a proof: the last probe was of these very credentials", () => {
    always((moments) => {
      const end = moments.at(-1);
      if (end === undefined || (end.step.do !== "commit" && end.step.do !== "keep")) return;
      const last = moments.findLastIndex(({ step, event }) => step.do === "probe" || event?.event === "proved-early");
      const { step, event } = moments[last] ?? {};
      const { candidate } = end.step.proof;
      expect(event).toMatchObject({
        event: expect.stringMatching(/^(probe-accepted|proved-early)$/),
        proof: end.step.proof,
      });
      if (step?.do === "probe") expect(step.candidates).toContain(candidate);
      else expect(step?.do === "request" && step.intent.credentials).toEqual(candidate.credentials);
      const isClaim = end.step.proof.candidate.origin === "known in advance";
      expect(moments.slice(last + 1, -1).length > 0 && !isClaim).toBe(false);
    });
  });

  test("whatever the server says to a claim, proved credentials are kept, or are said to be another device's", () => {
    always((moments) => {
      const claimed = moments.find(({ step }) => step.do === "request" && step.proved !== undefined);
      if (claimed === undefined) return;
      const end = moments.at(-1)?.step;
      expect(end?.do === "stop" ? end.code : end?.do).toMatch(/^(commit|finish|CREDENTIALS_OF_ANOTHER_DEVICE)$/);
    });
  });

  test("after a SUCCESS there is no new name, and no further request", () => {
    always((moments) => {
      const granted = moments.findIndex(({ event }) => event?.event === "granted");
      const later = granted < 0 ? [] : moments.slice(granted + 1);
      expect(later.filter(({ step }) => step.do === "write-intent" || step.do === "request")).toEqual([]);
    });
  });

  test("each name is asked for seven times at most, and there are three names at most", () => {
    always((moments) => {
      const requests = new Map<string, number>();
      for (const { step, event } of moments) {
        if (step.do !== "request" || event?.event === "unreachable") continue;
        requests.set(step.intent.deviceName, (requests.get(step.intent.deviceName) ?? 0) + 1);
      }
      for (const count of requests.values()) expect(count).toBeLessThanOrEqual(7);
      expect(requests.size).toBeLessThanOrEqual(3);
    });
  });

  test("between two requests for one name there is a wait", () => {
    always((moments) => {
      let waited = true;
      for (const { step, event } of moments) {
        if (step.do === "request") expect(waited).toBe(true);
        if (step.do === "wait" || step.do === "write-intent") waited = true;
        if (step.do === "request") waited = event?.event === "unreachable" ? waited : false;
      }
    });
  });

  test("waits are 1, 2 and 4 seconds, in this order", () => {
    always((moments) => {
      const waits = done(moments, "wait").map((step): number => step.for);
      waits.forEach((wait, index) => {
        const before = waits[index - 1] ?? 0;
        expect([1000, Math.max(1000, before * 2)]).toContain(wait);
        expect(wait).toBeLessThanOrEqual(4000);
      });
    });
  });

  test("a token that the server has revoked is never offered again", () => {
    always((moments) => {
      const refused = moments.findIndex(({ known }) => known.run.existing === "refused");
      for (const { known, step } of refused < 0 ? [] : moments.slice(refused)) {
        const revoked = known.configured && tokenOf(known.configured.credentials);
        // What an attempt had offered before the configuration was written is the attempt's own.
        if (step.do === "write-intent" && known.journal.intents.length === 0) {
          expect(step.credentials === undefined ? "new" : tokenOf(step.credentials)).not.toBe(revoked);
        }
      }
    });
  });

  test("a refusal for good comes after two FAILUREs to one name, each followed by a refused probe", () => {
    always((moments) => {
      const end = moments.at(-1)?.step;
      if (end?.do !== "stop" || (end.code !== "DEVICE_REFUSED" && end.code !== "NAMES_REFUSED")) return;
      const failures = moments.filter(({ event }) => event?.event === "failure");
      expect(failures.length).toBeGreaterThanOrEqual(2);
      expect(moments.at(-2)?.event?.event).toBe("probe-refused");
    });
  });

  test("whatever a run waits for may pass by itself: with its time up or its patience gone it ends retryable", () => {
    always((moments) => {
      for (const { because } of done(moments, "wait")) expect(errorKind(because).retryAfterSeconds).not.toBe("never");
      const [before, end] = moments.slice(-2);
      if (end?.step.do !== "stop" || !before?.known.run.waitDue) return;
      expect(errorKind(end.step.code).retryAfterSeconds).not.toBe("never");
    });
  });

  test("every probe has somebody to ask about", () => {
    always((moments) => {
      for (const { candidates } of done(moments, "probe")) expect(candidates.length).toBeGreaterThan(0);
    });
  });
});

test("when the faults stop, the camera ends provisioned, unless it had come to an end or to the end of its patience", () => {
  fc.assert(
    fc.property(anyCamera, anyWorld, fc.nat({ max: 40 }), (camera, world, mended) => {
      const moments = playAny(camera, world, mended);
      const later = moments[mended];
      if (later === undefined || later.step.do === "stop") return;
      const { run } = later.known;
      if (run.end !== undefined || (run.waitDue && run.waits >= 3)) return;
      expect(["commit", "keep", "finish"]).toContain(moments.at(-1)?.step.do);
    }),
  );
});
