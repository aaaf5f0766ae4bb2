// Where packages are put, when they say that they were made, and what lies beside them.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { runtimeVersion } from "./runtime.mjs";

export const output = "packages";
const sumsName = "SHA256SUMS";
const sbomName = "sbom.cdx.json";

/** The same for everybody who builds these sources: the last commit's, or what the environment says. */
export const date = new Date(
  1000 *
    Number(
      process.env["SOURCE_DATE_EPOCH"] ??
        execFileSync("git", ["log", "-1", "--format=%ct"], { encoding: "utf8" }).trim(),
    ),
);

/** Writes the list of what is inside, and the checksums of everything that lies there by now. */
export async function sums() {
  writeFileSync(join(output, sbomName), `${JSON.stringify(bill(), null, 2)}\n`);
  const lines = [];
  const files = readdirSync(output, { withFileTypes: true }).filter((entry) => entry.isFile());
  for (const name of files
    .map((file) => file.name)
    .filter((file) => file !== sumsName)
    .sort()) {
    const hash = createHash("sha256");
    await pipeline(createReadStream(join(output, name)), hash);
    lines.push(`${hash.digest("hex")}  ${name}\n`);
  }
  writeFileSync(join(output, sumsName), lines.join(""));
}

/**
 * npm's bill of materials (CycloneDX), of what is really shipped: the libraries that are bundled, development
 * dependencies by npm's words, among them, and Node.js, which some packages bring.
 */
function bill() {
  const options = ["--sbom-format=cyclonedx", "--package-lock-only"];
  const all = JSON.parse(execFileSync("npm", ["sbom", ...options], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }));
  const { name, version } = JSON.parse(readFileSync("package.json", "utf8"));
  const bundled = new Set(
    [...readFileSync("dist/cli/third-party-licenses.txt", "utf8").matchAll(/^(\S+ \d+\.\S+) \(/gm)].map(([, id]) => id),
  );
  /** @type {{name: string, group?: string, version: string, "bom-ref": string}[]} */
  const components = all.components;
  const shipped = components.filter((each) => bundled.has(`${fullName(each)} ${each.version}`));
  const references = new Set([...shipped.map((each) => each["bom-ref"]), `${name}@${version}`]);
  /** @type {{ref: string, dependsOn: string[]}[]} */
  const dependencies = all.dependencies;
  const digest = createHash("sha256").update(JSON.stringify(shipped)).digest("hex");
  return {
    ...all,
    serialNumber: `urn:uuid:${digest.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/, "$1-$2-5$3-8$4-$5")}`,
    metadata: { ...all.metadata, timestamp: date.toISOString(), component: { ...all.metadata.component, name } },
    components: [...shipped, runtime()],
    dependencies: dependencies
      .filter(({ ref }) => references.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => references.has(each)) })),
  };
}

/** @param {{name: string, group?: string}} component */
function fullName({ name, group }) {
  return group && !name.startsWith("@") ? `${group}/${name}` : name;
}

function runtime() {
  return {
    "bom-ref": `node@${runtimeVersion}`,
    type: "platform",
    name: "node",
    version: runtimeVersion,
    scope: "optional",
    purl: `pkg:generic/node@${runtimeVersion}`,
    licenses: [{ license: { id: "MIT" } }],
  };
}
