import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseAst } from "vitest/node";

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** What a module exports: the name, and where it is declared. */
interface Export {
  readonly name: string;
  readonly file: string;
  readonly declaredAs: string;
}

/**
 * docs/api-report.md: every name that the package exports with its declaration, from the declarations that are built.
 * A change of the public surface is a change of this page.
 */
export function apiReport(): string {
  const entries = {
    "thermal-provision": "dist/index.d.ts",
    "thermal-provision/simulator": "dist/simulator/index.d.ts",
  };
  const sections = Object.entries(entries).map(
    ([name, file]) => `## ${name}\n\n\`\`\`ts\n${declarationsOf(file).join("\n\n")}\n\`\`\`\n`,
  );
  return `<!-- Made from the built declarations by \`npm run generate\`. Do not edit. -->

# The library's public surface

Every name that the package exports, with its declaration. What is not here is internal, and may change in any version.

${sections.join("\n")}`;
}

function declarationsOf(entry: string): readonly string[] {
  return exportsOf(entry)
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(({ name, file, declaredAs }) => {
      const texts = declarationsIn(file, declaredAs).flatMap((text) => [text, ...behindAlias(file, text)]);
      if (texts.length === 0) throw new Error(`${file} does not declare ${declaredAs}`);
      return [...(name === declaredAs ? [] : [`// ${declaredAs}, exported as ${name}`]), ...texts].join("\n");
    });
}

/** `export { a, type B as C } from "./x.js"`, followed to where each name is declared. */
function exportsOf(file: string): readonly Export[] {
  return statementsOf(file).flatMap((statement) => {
    if (statement.type !== "ExportNamedDeclaration") return [];
    return nodesIn(statement["specifiers"]).map((specifier) => {
      const [local, name] = [nameOf(specifier["local"]), nameOf(specifier["exported"])];
      const from = literal(statement["source"]) ?? importOf(file, local);
      const module = join(dirname(file), from.replace(/\.[jt]s$/, ".d.ts"));
      const passedOn = exportsOf(module).find((each) => each.name === local);
      return passedOn === undefined ? { name, file: module, declaredAs: local } : { ...passedOn, name };
    });
  });
}

/** Of `export type A = B` with an imported B, what B is. */
function behindAlias(file: string, text: string): readonly string[] {
  const [, local = ""] = /^export type \w+ = (\w+);$/.exec(text) ?? [];
  const imported = importedAs(file, local);
  const from = importOf(file, local);
  if (imported === undefined) return [];
  const types = declarationsIn(join(dirname(file), from.replace(/\.[jt]s$/, ".d.ts")), imported);
  return types.filter((each) => !each.startsWith("export declare function")).map((each) => `// ${local} is:\n${each}`);
}

/** The module from which `name` is imported. */
function importOf(file: string, name: string): string {
  return literal(importing(file, name)?.["source"]) ?? file;
}

/** What `name` is called there. */
function importedAs(file: string, name: string): string | undefined {
  const specifier = nodesIn(importing(file, name)?.["specifiers"]).find(({ local }) => nameOf(local) === name);
  return specifier === undefined ? undefined : nameOf(specifier["imported"]);
}

function importing(file: string, name: string): Node | undefined {
  return statementsOf(file).find(
    ({ type, specifiers }) =>
      type === "ImportDeclaration" && nodesIn(specifiers).some(({ local }) => nameOf(local) === name),
  );
}

/** The declarations of `name`: an interface and a function may share one. */
function declarationsIn(file: string, name: string): readonly string[] {
  const text = readFileSync(file, "utf8");
  return statementsOf(file).flatMap((statement) => {
    const [declared] = nodesIn([statement["declaration"]]);
    if (declared === undefined) return [];
    const declarators = nodesIn(declared["declarations"]).map(({ id }) => nameOf(id));
    const names = declarators.length > 0 ? declarators : [nameOf(declared["id"])];
    return names.includes(name) ? [shortened(withoutComments(text.slice(statement.start, statement.end)))] : [];
  });
}

/** Of a table only its keys are told: what stands in a row is documentation, and changes with it. */
function shortened(text: string): string {
  if (!text.startsWith("export declare const") || text.split("\n").length < 40) return text;
  const [first = ""] = text.split("\n");
  const keys = [...text.matchAll(/^ {2}readonly (\w+):/gm)].map(([, key = ""]) => `  readonly ${key}: …;`);
  return [first, ...keys, "};"].join("\n");
}

/** Members that nobody can use from outside are left out, and so is what the declarations say in comments. */
function withoutComments(text: string): string {
  return text
    .replace(/^ *\/\*\*[\s\S]*?\*\/\n/gm, "")
    .replace(/^\s*(#private|private [^;]*);\n/gm, "")
    .replace(/^\s*\n/gm, "")
    .replace(/^ +/gm, (blanks) => " ".repeat(blanks.length / 2));
}

function statementsOf(file: string): readonly Node[] {
  if (!existsSync(file)) throw new Error(`${file} is not there: run \`npm run build\``);
  return nodesIn(parseAst(readFileSync(file, "utf8"), { lang: "dts" }).body);
}

function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "start" in value && "end" in value;
}

function nameOf(value: unknown): string {
  return isNode(value) && typeof value["name"] === "string" ? value["name"] : "";
}

function literal(value: unknown): string | undefined {
  return isNode(value) && typeof value["value"] === "string" ? value["value"] : undefined;
}
