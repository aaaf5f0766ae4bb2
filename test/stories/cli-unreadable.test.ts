import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";

it.each([
  ["camera.cjs", "where something is to be done"],
  ["rest.cjs", "where nothing is"],
])("a command without its %s ends with 74 %s, says so, and does not ask to be reported", (missing) => {
  const folder = mkdtempSync(join(tmpdir(), "installed-"));
  cpSync("dist/cli", folder, { recursive: true });
  rmSync(join(folder, missing));
  if (missing === "camera.cjs") writeFileSync(join(folder, "provision.txt"), "");
  const command = [join(folder, "thermal-provision.cjs"), "provision", "--directory", folder];
  const { status, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(stderr).toContain("error FILE_IO: the program's own files cannot be read (MODULE_NOT_FOUND)");
  expect(stderr).not.toContain("Please report");
  expect(status).toBe(74);
});
