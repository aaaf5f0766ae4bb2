import { close, url } from "node:inspector";

/**
 * Closes Node's inspector, which shows everything in memory, if a signal opened it before anybody listened.
 *
 * Node's own way for its debugger needs no module; `node:inspector` brings two dozen of Node's, at every start. It stays
 * for a Node that has that way no more.
 */
export function closeInspector(): void {
  if ("_debugEnd" in process && typeof process._debugEnd === "function") {
    Reflect.apply(process._debugEnd, process, []);
  } else if (url() !== undefined) {
    close();
  }
}
