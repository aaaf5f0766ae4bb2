import { expect, test } from "vitest";
import { accept } from "../../src/flow/accept.ts";
import { decide } from "../../src/flow/decide.ts";
import { camera, configured, intent } from "./story.ts";

const before = configured("before");
const looked = { event: "looked-again", configured: before, configuredHere: true } as const;

test("a token that was refused twice stays refused when it is seen again before the request", () => {
  const known = camera({ configured: before, configuredHere: true });
  const refused = { ...known, run: { ...known.run, existing: "refused" } } as const;
  expect(accept(refused, looked).run.existing).toBe("refused");
});

test("a token that nobody asked about is not refused for being the same as before", () => {
  const elsewhere = camera({ configured: before, configuredHere: false });
  expect(accept(elsewhere, { ...looked, configuredHere: false }).run.existing).toBe("none");
});

test("a configuration without an attempt is not taken for the end of any", () => {
  const configuration = configured("before", { attemptId: null });
  const journal = { intents: [intent(1)], received: [] };
  expect(decide(camera({ configured: configuration, configuredHere: true, journal })).do).toBe("probe");
});
