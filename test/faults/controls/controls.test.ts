import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { controls, diskControls } from "./controls.ts";
import { fatControls } from "./fat-controls.ts";
import { withoutLock } from "./variant.ts";

const changes = [
  ...[...controls, ...diskControls, ...fatControls].flatMap((control) => control.changes),
  ...withoutLock,
];

it.each(changes)("the change of $file fits the program as it is now", ({ file, from }) => {
  expect(readFileSync(`src/${file}`, "utf8").split(from)).toHaveLength(2);
});
