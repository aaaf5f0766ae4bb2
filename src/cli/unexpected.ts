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
