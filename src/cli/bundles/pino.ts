/** What the log loads with its first line: a file of its own in the package. */
export { destination, pino, stdTimeFunctions } from "pino";
