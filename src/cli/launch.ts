#!/usr/bin/env node
import { refusalOfNode } from "../base/supported-node.ts";

/**
 * The first thing that runs. It is built in syntax that every Node reads, so that an old one can say what it is instead
 * of failing on the program itself, perhaps in the middle of a provisioning.
 */
launch(refusalOfNode(process.versions.node));

function launch(refusal: string | undefined): void {
  if (refusal === undefined) {
    require("./main.cjs");
    return;
  }
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = 78;
}
