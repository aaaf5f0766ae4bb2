#!/usr/bin/env node
import { refusalOfNode } from "../base/supported-node.ts";

/**
 * The first thing that runs. It is built in syntax that every Node reads, so that an old one can say what it is instead
 * of failing on the program itself, perhaps in the middle of a provisioning.
 */
launch(refusalOfNode(process.versions.node));

function launch(refusal: string | undefined): void {
  if (refusal === undefined) {
    if (!isAtRest()) require("./main.cjs");
    return;
  }
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = 78;
}

/** Most starts of a camera have nothing to do, and a file that is a tenth as large says so. What goes wrong there, main says. */
function isAtRest(): boolean {
  if (process.argv[2] !== "provision") return false;
  // With a trigger it would be loaded in vain; where this looks into another folder than is meant, nothing but time is lost.
  if (require("node:fs").existsSync(`${folder()}/provision.txt`)) return false;
  try {
    return require("./rest.cjs").toldRest(process.argv.slice(2));
  } catch {
    return false;
  }
}

function folder(): string {
  return process.argv.filter((_, at) => process.argv[at - 1] === "--directory")[0] || ".";
}
