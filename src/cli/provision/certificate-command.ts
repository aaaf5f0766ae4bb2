import { type ExecFileException, execFile } from "node:child_process";
import { type Duration, seconds } from "../../base/duration.ts";
import { mostText } from "../../files/make-certificate.ts";
import { ProvisioningError } from "../../model/errors.ts";
import { visible } from "../../model/problem.ts";

/** An authority may be far away, and a run ends before a watchdog thinks that it hangs. */
const usualTime = seconds(60);

/**
 * Has the program at `path` answer a request for a certificate: the request on its standard input, the answer on its
 * standard output, and status 0. It is started without a shell and without parameters, and may take only so long.
 *
 * @throws ProvisioningError CERTIFICATE_COMMAND_UNUSABLE, CERTIFICATE_NOT_ISSUED, CERTIFICATE_UNUSABLE
 */
export function askProgram(
  path: string,
  request: string,
  signal: AbortSignal,
  within: Duration = usualTime,
): Promise<string> {
  return new Promise((done, fail) => {
    const bounds = { timeout: within, maxBuffer: mostText, killSignal: "SIGKILL", signal } as const;
    const child = execFile(path, [], bounds, (error, output, complaints) => {
      if (error === null) done(output);
      else fail(failure(path, error, complaints, within));
    });
    // A program need not read what it does not want.
    child.stdin?.on("error", () => {}).end(request);
  });
}

function failure(
  path: string,
  { code, signal, killed, cause, ...error }: ExecFileException,
  complaints: string,
  within: Duration,
): ProvisioningError {
  const program = visible(path);
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") {
    return new ProvisioningError("CERTIFICATE_UNUSABLE", `${program} wrote more than ${mostText} characters`);
  }
  if (typeof code === "string" && !killed) {
    return new ProvisioningError("CERTIFICATE_COMMAND_UNUSABLE", `${program} cannot be started (${code})`, {
      cause: error,
    });
  }
  const how = killed
    ? `did not end within ${within / 1000} s`
    : typeof signal === "string"
      ? `was ended by ${signal}`
      : `ended with status ${code}`;
  return new ProvisioningError("CERTIFICATE_NOT_ISSUED", `${program} ${how}${said(complaints)}`);
}

/** The end of what it wrote on standard error, in one line. */
function said(complaints: string): string {
  const lines = complaints.split("\n").map((line) => line.trim());
  const text = lines.filter((line) => line !== "").join("; ");
  return text === "" ? "" : `, and said: ${visible(text.slice(-500))}`;
}
