import { expect, it, vi } from "vitest";
import { Camera } from "./camera.ts";

const parsed: string[] = [];

vi.mock("../../src/files/json/json-tree.ts", async (original) => {
  const tree = await original<typeof import("../../src/files/json/json-tree.ts")>();
  return {
    ...tree,
    readTree: (...parameters: Parameters<typeof tree.readTree>) => {
      parsed.push(parameters[0]);
      return tree.readTree(...parameters);
    },
  };
});

/** What is remembered is given up when memory is short; here it never is. */
class LastingRef<Target> {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  deref(): Target {
    return this.#target;
  }
}

it("a provisioning parses a configuration once as it was and once as it is, however often it reads it: a large one takes long", async () => {
  vi.stubGlobal("WeakRef", LastingRef);
  await using camera = await Camera.start();
  parsed.length = 0;
  expect(await camera.run()).toMatchObject({ result: "provisioned" });
  const configurations = parsed.filter((text) => text.includes("measurement_spots"));
  expect(configurations).toHaveLength(2);
  expect(new Set(configurations).size).toBe(2);
});
