import { describe, expect, it } from "vitest";
import { during, fileError } from "../../src/files/file-error.ts";
import { ProvisioningError } from "../../src/model/errors.ts";
import { systemError } from "./watched-file-system.ts";

describe("the failure of a system call", () => {
  it("becomes an error that says what was being done and why it failed", () => {
    const failed = (code: Parameters<typeof systemError>[0]) => {
      const error = fileError(systemError(code, "open"), "writing x");
      return ProvisioningError.is(error) ? `${error.errorCode} ${error.exitStatus} ${error.message}` : "";
    };
    expect(failed("EROFS")).toBe("FOLDER_READ_ONLY 73 writing x failed: the file system is mounted read-only (EROFS)");
    expect(failed("EACCES")).toBe("PERMISSION_DENIED 73 writing x failed: this user is not permitted to (EACCES)");
    expect(failed("EPERM")).toMatch(/^PERMISSION_DENIED 73 .* immutable \(EPERM\)$/);
    expect(failed("ENOSPC")).toMatch(/^NO_SPACE 73 .*\(ENOSPC\)$/);
    expect(failed("EDQUOT")).toBe("NO_SPACE 73 writing x failed: the user's quota is used up (EDQUOT)");
    expect(failed("EFBIG")).toMatch(/^NO_SPACE 73/);
    expect(failed("EIO")).toBe("FILE_IO 74 writing x failed: the disk reported an error (EIO)");
    expect(failed("EBUSY")).toBe("FILE_IO 74 writing x failed: EBUSY");
    expect(failed("EMFILE")).toMatch(/^FILE_IO 74 .*too many files are open/);
    expect(failed("EXDEV")).toMatch(/^FILE_IO 74/);
  });

  it("keeps its cause", () => {
    const cause = systemError("EIO", "fsync");
    expect(fileError(cause, "writing x")).toMatchObject({ cause });
  });

  it("may mean something special where it happens", () => {
    const busy = () => {
      throw systemError("EBUSY", "rename");
    };
    expect(() => during("replacing x", busy, { EBUSY: "FILE_BUSY" })).toThrow(
      expect.objectContaining({ errorCode: "FILE_BUSY" }),
    );
  });

  it("is told from errors of ours and from mistakes, which pass through", () => {
    const ours = new ProvisioningError("LOCKED", "locked");
    const mistake = new TypeError("a mistake");
    expect(fileError(ours, "x")).toBe(ours);
    expect(fileError(mistake, "x")).toBe(mistake);
  });
});
