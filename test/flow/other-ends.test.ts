import { describe, expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { decide } from "../../src/flow/decide.ts";
import { camera, configured, intent, play } from "./story.ts";

describe("a broker that accepts everyone", () => {
  test("gives no proof: its probes are not answered as ThingsBoard does, so nothing is committed", () => {
    // CONNACK 0 without an answer to the attribute request arrives here as a probe that nobody answered.
    const told = play(camera(), ["silence", "unreachable", "unreachable", "unreachable", "unreachable"]);
    expect(told.at(-1)).toBe("stop: CONNECT_TIMEOUT");
    expect(told.join()).not.toContain("commit");
  });
});

describe("what only a person can change", () => {
  test.each(["TLS_UNTRUSTED", "CREDENTIALS_TYPE_UNSUPPORTED"] as const)("ends a run at once: %s", (code) => {
    const probing = camera({ journal: { intents: [intent(1)], received: [] } });
    expect(decide(accept(probing, { event: "ended", code }))).toEqual({ do: "stop", code });
  });

  test("does not keep finished work from being tidied", () => {
    const { attemptId } = intent(1);
    const done = { configured: configured("own-token", { attemptId }), configuredHere: true };
    const known = camera({ ...done, journal: { intents: [intent(1)], received: [] } });
    expect(decide(accept(known, { event: "ended", code: "TLS_UNTRUSTED" })).do).toBe("finish");
  });
});

describe("several names", () => {
  test("of one run: which one won is not certain when only the probe speaks", () => {
    const told = play(camera(), ["FAILURE", "refused", "FAILURE", "refused", "silence", "accepted"]);
    expect(told.at(-1)).toBe("commit cam-NAME02 with own-token, the name is not certain");
  });
});

describe("a camera that was sent to another server", () => {
  test("starts there with a journal of its own, and a new token", () => {
    // The journal is kept per server: that of the other one is not among what is known.
    const known = camera({
      configured: configured("token-of-the-other-server", { host: "other" }),
      configuredHere: false,
    });
    expect(play(known, [])[0]).toBe("write down cam-NAME01 with own-token");
  });
});
