import { onTestFinished } from "vitest";

/** Where there are no programs to start, such as flock(1) and setfacl(1): until the test ends. */
export function withoutPrograms(): void {
  const { PATH } = process.env;
  process.env["PATH"] = "/nowhere";
  onTestFinished(() => {
    process.env["PATH"] = PATH;
  });
}
