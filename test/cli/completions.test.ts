import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { longName } from "../../src/cli/command/command.ts";
import { commands } from "../../src/cli/program.ts";

const folder = mkdtempSync(join(tmpdir(), "completions-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** In the continuous integration every shell is there; elsewhere what is there is tried. */
function isTried(shell: string): boolean {
  return process.env["CI"] !== undefined || spawnSync(shell, ["-c", ":"]).status === 0;
}

/** What is typed before the tab, and what a shell offers or completes then. */
const typed: readonly (readonly [line: string, offered: string])[] = [
  ["thermal-provision prov", "provision"],
  ["thermal-provision provision --dry", "--dry-run"],
  ["thermal-provision provision --log-level si", "silent"],
  ["thermal-provision explain DEVICE_REF", "DEVICE_REFUSED"],
  ["thermal-provision explain 13", "130"],
  ["thermal-provision help exit", "exit-statuses"],
  ["thermal-provision simulator --strategy check", "check-pre-provisioned"],
  ["thermal-provision station imp", "import"],
  ["thermal-provision station label --al", "--all"],
];

describe("in a real bash", () => {
  const run = (script: string) => {
    const file = "packaging/completions/thermal-provision.bash";
    const { stdout, stderr } = spawnSync("bash", ["-c", `source ${file}\n${script}`], { encoding: "utf8" });
    return { out: stdout.split("\n").filter((word) => word !== ""), err: stderr };
  };
  const completed = (words: readonly string[]) =>
    run(`COMP_WORDS=(${words.map((word) => JSON.stringify(word)).join(" ")}); COMP_CWORD=${words.length - 1}
      compopt() { :; }
      _thermal_provision; printf '%s\\n' "\${COMPREPLY[@]}"`);

  it.each(typed)("%s", (line, offered) => {
    const { out, err } = completed(line.split(" "));
    expect(err).toBe("");
    expect(out).toContain(offered);
  });

  it.each(commands.map(({ name, options }) => [name, options] as const))(
    "%s offers all of its options",
    (name, options) => {
      expect(completed(["thermal-provision", name, "--"]).out).toEqual(expect.arrayContaining(options.map(longName)));
    },
  );

  it("a folder is completed to folders, a file to files", () => {
    expect(completed(["thermal-provision", "status", "-d", "pack"]).out).toEqual(["packaging"]);
    expect(completed(["thermal-provision", "provision", "--ca-file", "package.j"]).out).toEqual(["package.json"]);
  });

  it("it is bound to the command", () => {
    expect(run("complete -p thermal-provision").out).toEqual(["complete -F _thermal_provision thermal-provision"]);
  });
});

describe("in a real zsh", () => {
  it.runIf(isTried("zsh")).each(typed)("%s", (line, offered) => {
    const word = line.split(" ").at(-1) ?? "";
    const script = `zmodload zsh/zpty
      zpty -b shell zsh -f -i
      zpty -w shell "autoload -Uz compinit; compinit -u -d ${join(folder, "dump")}"
      zpty -w shell "source packaging/completions/_thermal-provision; print LO''ADED"
      zpty -r shell out '*LOADED*'
      zpty -w -n shell ${JSON.stringify(line)}$'\\t'
      zpty -r shell out ${JSON.stringify(`*${line}*${offered.slice(word.length)}*`)} && print -r -- "$out"`;
    const { stdout, status } = spawnSync("zsh", ["-f", "-c", script], { encoding: "utf8", timeout: 20_000 });
    expect({ status, isCompleted: stdout.includes(offered.slice(word.length)) }).toEqual({
      status: 0,
      isCompleted: true,
    });
  });
});

describe("in a real fish", () => {
  it.runIf(isTried("fish")).each(typed)("%s", (line, offered) => {
    const script = `source packaging/completions/thermal-provision.fish; complete -C ${JSON.stringify(line)}`;
    const { stdout } = spawnSync("fish", ["--no-config", "-c", script], {
      encoding: "utf8",
      env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    });
    expect(stdout.split("\n").map((each) => each.split("\t")[0])).toContain(offered);
  });
});
