import * as v from "valibot";
import { expect, test } from "vitest";
import { read, readJson } from "./tree.ts";

const manifest = v.parse(
  v.looseObject({ dependencies: v.record(v.string(), v.string()), devDependencies: v.record(v.string(), v.string()) }),
  readJson("package.json"),
);
const page = read("docs/dependencies.md");

const packages = v.record(
  v.string(),
  v.looseObject({
    ...{ dev: v.optional(v.boolean()), devOptional: v.optional(v.boolean()), optional: v.optional(v.boolean()) },
    hasInstallScript: v.optional(v.boolean()),
  }),
);
const locked = v.parse(v.looseObject({ packages }), readJson("package-lock.json"));

/** What `npm install thermal-provision` brings. */
const shipped = Object.entries(locked.packages).filter(
  ([path, { dev, devOptional, optional }]) => path !== "" && dev !== true && devOptional !== true && optional !== true,
);

test("every package that package.json names has its reason, and no other has one", () => {
  const rows = [...page.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell = ""]) => [...cell.matchAll(/`([^`]+)`/g)]);
  const named = rows.map(([, name]) => name);
  expect(named.toSorted()).toEqual(
    [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)].toSorted(),
  );
});

test("every version is exact", () => {
  const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test("nothing that comes with the package runs a script at its installation", () => {
  expect(shipped.length).toBeGreaterThan(2);
  expect(shipped.filter(([, { hasInstallScript }]) => hasInstallScript === true)).toEqual([]);
});

test("everything that comes with the package is named", () => {
  const names = shipped.map(([path]) => path.replace(/^.*node_modules\//, ""));
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});
