import type { Line } from "./line.ts";
import { buildingLines } from "./lines/building.ts";
import { credentialsLines } from "./lines/credentials.ts";
import { errorAndFileLines } from "./lines/errors-and-files.ts";
import { requestAndResponseLines } from "./lines/request-and-response.ts";
import { statusLines } from "./lines/status.ts";

/** Every line of the specification that says something, in its order. */
export const lines: readonly Line[] = [
  ...requestAndResponseLines,
  ...credentialsLines,
  ...statusLines,
  ...errorAndFileLines,
  ...buildingLines,
];
