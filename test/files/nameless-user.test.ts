import { expect, it, vi } from "vitest";
import { nodeSystem } from "../../src/files/system.ts";

vi.mock("node:os", async (original) => ({
  ...(await original<object>()),
  userInfo: () => {
    throw Object.assign(new Error("no such user"), { code: "ERR_SYSTEM_ERROR" });
  },
}));

it("a user whom the system has no name for, as in a container, is told by the number", () => {
  const number = process.getuid?.();
  expect(nodeSystem.user()).toEqual({ number, name: `${number}` });
});
