import { describe, expect, test } from "vitest";
import { deadline, Expired, systemClock } from "../../src/base/clock.ts";
import { milliseconds, seconds } from "../../src/base/duration.ts";
import { FakeClock, settle } from "./fake-clock.ts";

describe("a deadline", () => {
  test("aborts with Expired when its time is up, and not before", async () => {
    const clock = new FakeClock();
    using within = deadline(clock, seconds(30));
    await clock.advance(milliseconds(29_999));
    expect(within.signal.aborted).toBe(false);
    await clock.advance(milliseconds(1));
    expect(within.signal.reason).toBeInstanceOf(Expired);
  });

  test("aborts with the reason of the signal that it was given", () => {
    const stop = new AbortController();
    using within = deadline(new FakeClock(), seconds(30), stop.signal);
    stop.abort("stop");
    expect(within.signal.reason).toBe("stop");
  });

  test("that is disposed stops its timer and never expires", async () => {
    const clock = new FakeClock();
    const within = deadline(clock, seconds(30));
    within[Symbol.dispose]();
    expect(clock.sleepers).toBe(0);
    await clock.advance(seconds(60));
    expect(within.signal.aborted).toBe(false);
  });

  test("says what is left of it", async () => {
    const clock = new FakeClock();
    using within = deadline(clock, seconds(30));
    await clock.advance(seconds(12));
    expect(within.remaining()).toBe(seconds(18));
    await clock.advance(seconds(60));
    expect(within.remaining()).toBe(0);
  });

  test("of no time at all is over at once", async () => {
    using within = deadline(new FakeClock(), milliseconds(0));
    await settle();
    expect(within.signal.aborted).toBe(true);
  });
});

describe("the system's clock", () => {
  test("never goes back", () => {
    const first = systemClock.elapsed();
    expect(systemClock.elapsed()).toBeGreaterThanOrEqual(first);
  });

  test("does not sleep for nothing", async () => {
    await expect(systemClock.sleep(milliseconds(0))).resolves.toBeUndefined();
    await expect(systemClock.sleep(milliseconds(-5))).resolves.toBeUndefined();
  });

  test("ends a sleep that is aborted with the signal's own reason", async () => {
    const stop = new AbortController();
    const sleeping = systemClock.sleep(seconds(3600), stop.signal);
    stop.abort(new Expired("enough"));
    await expect(sleeping).rejects.toBeInstanceOf(Expired);
  });

  test("does not begin a sleep that was aborted before", async () => {
    await expect(systemClock.sleep(seconds(3600), AbortSignal.abort("before"))).rejects.toBe("before");
  });
});
