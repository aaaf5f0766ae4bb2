import { describe, expect, it } from "vitest";
import { during, fileError } from "../../../src/files/disk/file-error.ts";
import { ProvisioningError } from "../../../src/model/errors.ts";
import { systemError } from "./watched-file-system.ts";

describe("the failure of a system call", () => {
  it("becomes an error that says what was being done and why it failed", () => {
    const failed = (code: Parameters<typeof systemError>[0]) => {
      const error = fileError(systemError(code, "open"), "writing x");
      return ProvisioningError.is(error) ? `${error.errorCode} ${error.exitStatus} ${error.message}` : "";
    };
    expect(failed("EROFS")).toBe("FOLDER_READ_ONLY 73 writing x failed: the file system is mounted read-only (EROFS)");
    expect(failed("EACCES")).toBe("PERMISSION_DENIED 73 writing x failed: this user is not permitted to (EACCES)");
    expect(failed("EPERM")).toBe(
      "PERMISSION_DENIED 73 writing x failed: this user is not permitted to, or the file is immutable (EPERM)",
    );
    expect(failed("ENOSPC")).toBe("NO_SPACE 73 writing x failed: the disk is full, or can hold no more files (ENOSPC)");
    expect(failed("EDQUOT")).toBe("NO_SPACE 73 writing x failed: the user's quota is used up (EDQUOT)");
    expect(failed("EFBIG")).toBe(
      "NO_SPACE 73 writing x failed: the file would be larger than the limit allows (EFBIG)",
    );
    expect(failed("EIO")).toBe("FILE_IO 74 writing x failed: the disk reported an error (EIO)");
    expect(failed("EBUSY")).toBe("FILE_IO 74 writing x failed: EBUSY");
    expect(failed("EMFILE")).toBe("FILE_IO 74 writing x failed: too many files are open (EMFILE)");
    expect(failed("ENFILE")).toBe("FILE_IO 74 writing x failed: too many files are open in the whole system (ENFILE)");
    expect(failed("EISDIR")).toBe("FILE_IO 74 writing x failed: a folder is in the way (EISDIR)");
    expect(failed("ENOTDIR")).toBe(
      "FILE_IO 74 writing x failed: something that is not a folder is in the way (ENOTDIR)",
    );
    expect(failed("ELOOP")).toBe("FILE_IO 74 writing x failed: a symbolic link is in the way (ELOOP)");
    expect(failed("ENOENT")).toBe("FILE_IO 74 writing x failed: a file or folder disappeared meanwhile (ENOENT)");
    expect(failed("EXDEV")).toBe("FILE_IO 74 writing x failed: EXDEV");
  });

  it("without a name has its number", () => {
    const nameless = Object.assign(new Error("injected"), { code: undefined, errno: -4095 });
    expect(fileError(nameless, "writing x")).toMatchObject({ message: "writing x failed: error -4095" });
    const unnumbered = Object.assign(new Error("injected"), { code: "EIO", errno: undefined });
    expect(fileError(unnumbered, "writing x")).toMatchObject({
      message: "writing x failed: the disk reported an error (EIO)",
    });
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
