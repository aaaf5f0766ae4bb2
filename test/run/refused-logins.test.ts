import { expect, it } from "vitest";
import { seconds } from "../../src/base/duration.ts";
import { RefusedLogins } from "../../src/run/refused-logins.ts";
import { FakeClock } from "../base/fake-clock.ts";

it("three refused logins within a minute are no longer few, and a minute later they are", async () => {
  const clock = new FakeClock();
  const refused = new RefusedLogins(clock);
  for (const few of [true, true, true]) {
    expect(refused.areFew).toBe(few);
    refused.note();
    await clock.advance(seconds(10));
  }
  expect(refused.areFew).toBe(false);
  await clock.advance(seconds(30));
  expect(refused.areFew).toBe(true);
});
