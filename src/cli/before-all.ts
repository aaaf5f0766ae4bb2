/** What must have happened before any other module is loaded. */

// Libraries print packets, passwords included, when this says so.
delete process.env["DEBUG"];
// Nothing that this program creates is for others; the status file, which is, gets its mode explicitly.
process.umask(0o077);

// A ledger in a file is SQLite, which Node calls experimental at every start, in the middle of what an operator reads.
const { emitWarning } = process;
process.emitWarning = (warning: string | Error, ...others: unknown[]) => {
  if (String(warning).startsWith("SQLite is an experimental feature")) return;
  Reflect.apply(emitWarning, process, [warning, ...others]);
};
