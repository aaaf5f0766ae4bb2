import { setMaxListeners } from "node:events";

/** Whatever is under way listens to it: there is no number of listeners that would be a mistake. */
export function newLife(): AbortController {
  const life = new AbortController();
  setMaxListeners(0, life.signal);
  return life;
}
