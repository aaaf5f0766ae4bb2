import type { Line } from "../test/audit/line.ts";
import { lines } from "../test/audit/lines.ts";

/** `docs/specification-audit.md`, from the lines that the test plays. */
export function auditPage(): string {
  const counts = ["holds", "otherwise", "another language"].map(
    (verdict) => `${lines.filter((line) => verdictOf(line) === verdict).length} ${verdict}`,
  );
  return `<!-- Made from test/audit by \`npm run generate\`. Do not edit. -->

# The specification line by line, and what shows it

\`npm test\` plays all of it (\`test/audit\`): the simulator's command, and \`thermal-provision provision\` in one folder a camera,
with a server that has an answer for each; of the entities' rules the library as it is shipped. A line that is shown by a test
of its own names it. "Otherwise" is a difference that has a row, with its reason, in
[specification.md](specification.md#differences); a line without one is as the specification has it.

${counts.join(", ")}.

| line | the specification | here | what is looked at |
| --- | --- | --- | --- |
${lines.map(rowOf).join("\n")}
`;
}

function verdictOf(line: Line): "holds" | "otherwise" | "another language" {
  if ("elsewhere" in line) return "another language";
  return line.differs === undefined ? "holds" : "otherwise";
}

function rowOf(line: Line): string {
  const verdict = verdictOf(line);
  const here = line.differs === undefined ? verdict : `${verdict}: ${line.differs}`;
  const shown = "test" in line ? `${line.seen} (${line.test[0]}: ${line.test[1]})` : line.seen;
  return `| ${[`${line.line}`, line.says, here, shown].map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}
