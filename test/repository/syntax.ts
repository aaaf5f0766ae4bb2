import { parseAst } from "vitest/node";
import { read } from "./tree.ts";

/** What the repository's rules ask about a TypeScript file. */
export interface Module {
  /** Every module that it names: `import`, `import type`, `export … from`, `import()`, in code and in types. */
  readonly imports: readonly string[];
  /** The names that it passes on from other files, sorted. */
  readonly exports: readonly string[];
  /** Kinds of its statements other than `export { … } from`. */
  readonly otherStatements: readonly string[];
  /** Names that it uses and that are not the name of a property: variables and globals. */
  readonly names: ReadonlySet<string>;
  /** Properties that it calls: `secret.reveal()` is the call of `reveal`. */
  readonly calledMethods: ReadonlySet<string>;
  /** The types of its `as`, apart from `as const`. */
  readonly assertions: readonly string[];
  /** Its texts, those of templates in pieces. */
  readonly texts: readonly string[];
}

/** Reads a file with a real parser, so that comments and texts are not taken for code. */
export function parseModule(path: string): Module {
  return describeModule(read(path));
}

export function describeModule(text: string): Module {
  const imports: string[] = [];
  const names = new Set<string>();
  const calledMethods = new Set<string>();
  const assertions: string[] = [];
  const exports: string[] = [];
  const texts: string[] = [];
  const program = parseAst(text, { lang: "ts" });
  const statements = program.body.filter(isNode);
  const otherStatements = statements.filter((node) => !(node.type === "ExportNamedDeclaration" && node["source"]));

  walk(program, (node, isPropertyName) => {
    switch (node.type) {
      case "ImportDeclaration":
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
      case "ImportExpression":
      case "TSImportType": {
        const specifier = nodeAt(node, "source")?.["value"];
        if (typeof specifier === "string") imports.push(specifier);
        break;
      }
      case "Literal":
        if (typeof node["value"] === "string") texts.push(node["value"]);
        break;
      case "TemplateElement":
        texts.push(text.slice(Number(node["start"]), Number(node["end"])));
        break;
      case "ExportSpecifier":
        exports.push(String(nodeAt(node, "exported")?.["name"]));
        break;
      case "Identifier":
        if (!isPropertyName) names.add(String(node["name"]));
        break;
      case "CallExpression": {
        const method = nodeAt(nodeAt(node, "callee"), "property")?.["name"];
        if (typeof method === "string") calledMethods.add(method);
        break;
      }
      case "TSAsExpression": {
        const type = nodeAt(node, "typeAnnotation");
        const asConst = nodeAt(type, "typeName")?.["name"] === "const";
        if (!asConst) assertions.push(text.slice(Number(type?.["start"]), Number(type?.["end"])));
        break;
      }
      default:
    }
  });
  return {
    imports,
    exports: exports.sort(),
    otherStatements: otherStatements.map(({ type }) => type),
    names,
    calledMethods,
    assertions,
    texts,
  };
}

interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && typeof value.type === "string";
}

function nodeAt(node: Node | undefined, key: string): Node | undefined {
  const value = node?.[key];
  return isNode(value) ? value : undefined;
}

function walk(value: unknown, visit: (node: Node, isPropertyName: boolean) => void, isPropertyName = false): void {
  if (Array.isArray(value)) {
    for (const element of value) walk(element, visit);
  } else if (isNode(value)) {
    visit(value, isPropertyName);
    const named = value["computed"] !== true && value["shorthand"] !== true;
    for (const [key, child] of Object.entries(value)) {
      walk(child, visit, named && (key === "key" || key === "property"));
    }
  }
}
