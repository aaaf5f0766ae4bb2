import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

function endWithout(missing: string, { trigger }: { readonly trigger: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), "installed-"));
  cpSync("dist/cli", folder, { recursive: true });
  rmSync(join(folder, missing));
  if (trigger) writeFileSync(join(folder, "provision.txt"), "");
  const command = [join(folder, "thermal-provision.cjs"), "provision", "--directory", folder];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  return { status, stdout, stderr };
}

it("a command without its camera.cjs ends with 74 where something is to be done, says so, and does not ask to be reported", () => {
  const { status, stderr } = endWithout("camera.cjs", { trigger: true });
  expect(stderr).toContain("error FILE_IO: the program's own files cannot be read (MODULE_NOT_FOUND)");
  expect(stderr).not.toContain("Please report");
  expect(status).toBe(74);
});

it("a command without its rest.cjs, which is for speed, says all the same that nothing is to be done", () => {
  const { status, stdout, stderr } = endWithout("rest.cjs", { trigger: false });
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toContain('"result":"nothing_to_do"');
});
