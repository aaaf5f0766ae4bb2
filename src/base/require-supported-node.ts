import { versions } from "node:process";
import { refusalOfNode } from "./supported-node.ts";

/** Imported before everything else by what others import, so that an old Node fails here and not in the middle of a run. */
const refusal = refusalOfNode(versions.node);
if (refusal !== undefined) throw new Error(refusal);

/** `20.19.2`. */
export const nodeVersion = versions.node;
