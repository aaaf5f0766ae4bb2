/**
 * What is said of an error that nobody foresaw: its kind and where it happened. Never its message, which may quote what
 * was being read, and with it a secret.
 */
export function describeUnexpected(error: unknown): string {
  return `${unexpectedFacts(error).join("\n")}
This is a mistake in thermal-provision. Nothing that the camera has is lost: the next run goes on where this one
stopped. Please report the lines above, with the version (--version) and what was being done.
`;
}

/** With these codes a file of the program itself cannot be loaded. */
const unreadable = ["EMFILE", "ENFILE", "ENOMEM", "EIO", "EACCES", "MODULE_NOT_FOUND"];

/** What is said when the program cannot load the rest of itself, which is no mistake in it; undefined: it is one. */
export function describeUnreadable(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const code = unreadable.find((each) => each === error.code);
  if (code === undefined) return undefined;
  return `error FILE_IO: the program's own files cannot be read (${code}).
Nothing that the camera has is lost: the next run goes on where this one stopped.
  likely  the system has too few file descriptors or too little memory left (EMFILE, ENFILE, ENOMEM);
          the disk fails (EIO); the package is not installed completely (MODULE_NOT_FOUND, EACCES)
  do      look at ulimit -n, LimitNOFILE and the kernel's log; install the package again
`;
}

/** `TypeError (ERR_INVALID_ARG_TYPE)`, then the places. */
export function unexpectedFacts(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [`internal error: a ${typeof error} was thrown`];
  const code = "code" in error && typeof error.code === "string" ? ` (${error.code})` : "";
  const places = placesOf(error).filter((line) => /^\s+at .*:\d+\)?$/.test(line));
  return [`internal error: ${error.name}${code}`, ...places.slice(0, 8)];
}

/** The lines of the stack behind the message, which stands at its beginning and may have several lines itself. */
function placesOf({ stack = "", message }: Error): readonly string[] {
  const start = stack.indexOf(message);
  return start < 0 ? [] : stack.slice(start + message.length).split("\n");
}
