import { expect, test } from "vitest";
import { ProvisioningError } from "../../src/model/errors.ts";
import { soonAfterTheAnswer } from "../../src/run/failures.ts";

test.each([
  ["at once", () => throwIt("NO_SPACE")],
  ["later, as a database does", async () => throwIt("NO_SPACE")],
])("a disk that is full when the server has answered is told as such, whether the journal fails %s", async (_, act) => {
  await expect(soonAfterTheAnswer(act)).rejects.toMatchObject({ errorCode: "NO_SPACE_AFTER_ANSWER" });
});

test("every other failure after the answer stays what it is", async () => {
  await expect(soonAfterTheAnswer(async () => throwIt("LEDGER_AWAY"))).rejects.toMatchObject({
    errorCode: "LEDGER_AWAY",
  });
});

function throwIt(code: "NO_SPACE" | "LEDGER_AWAY"): never {
  throw new ProvisioningError(code, "as it is");
}
