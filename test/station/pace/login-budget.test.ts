import { expect, test } from "vitest";
import { seconds } from "../../../src/base/duration.ts";
import { LoginBudget } from "../../../src/station/pace/login-budget.ts";
import { FakeClock } from "../../base/fake-clock.ts";

type Outcome = "accepted" | "refused" | "unknown";

/** Logins that are under way until the test ends them. */
class Logins {
  readonly clock = new FakeClock();
  readonly budget = new LoginBudget(this.clock);
  readonly underWay: ((outcome: Outcome) => void)[] = [];

  begin(count: number): void {
    for (let begun = 0; begun < count; begun++) {
      const login = () => new Promise<Outcome>((resolve) => this.underWay.push(resolve));
      void this.budget.spend(new AbortController().signal, login, (outcome) => outcome);
    }
  }

  async settled(): Promise<number> {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    return this.underWay.length;
  }

  async end(outcome: Outcome): Promise<void> {
    this.underWay.shift()?.(outcome);
    await this.settled();
  }
}

test("until one login has succeeded at most two are under way; then all", async () => {
  const logins = new Logins();
  logins.begin(10);
  expect(await logins.settled()).toBe(2);
  await logins.end("unknown");
  expect(await logins.settled()).toBe(2);
  await logins.end("accepted");
  expect(await logins.settled()).toBe(8);
});

test("after three refusals none begins for the rest of the minute", async () => {
  const logins = new Logins();
  logins.begin(10);
  await logins.settled();
  for (let refusal = 0; refusal < 3; refusal++) await logins.end("refused");
  for (const end of logins.underWay.splice(0)) end("unknown");
  expect(await logins.settled()).toBe(0);
  await logins.clock.advance(seconds(59));
  expect(await logins.settled()).toBe(0);
  await logins.clock.advance(seconds(2));
  expect(await logins.settled()).toBeGreaterThan(0);
});

test("a success forgets the refusals before it", async () => {
  const logins = new Logins();
  logins.begin(10);
  await logins.settled();
  await logins.end("refused");
  await logins.end("refused");
  await logins.end("accepted");
  expect(await logins.settled()).toBeGreaterThan(2);
});
