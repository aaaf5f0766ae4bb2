import { expect, it } from "vitest";
import type { Attributes } from "../../src/files/disk/file-system.ts";
import { distrust } from "../../src/files/trust.ts";

const camera = 1000;
const stranger = 4000;

function seen(changes: Partial<Attributes>) {
  const attributes = { kind: "folder", size: 0, mode: 0o700, owner: camera, group: camera } as const;
  return { path: "/cam", attributes: { ...attributes, device: 1, inode: 2, links: 1, ...changes } };
}

it.each([
  ["this user's own", { mode: 0o755 }],
  ["root's", { owner: 0, group: 0 }],
  ["one for the owner's own group, as umask 002 makes it", { mode: 0o775 }],
])("%s is trusted", (_, changes) => {
  expect(distrust(seen(changes), [camera, 0])).toBeUndefined();
});

it.each([
  ["that is another user's", { owner: stranger }, "/cam belongs to user 4000, expected user 1000 or root"],
  ["that everybody may write", { mode: 0o777 }, "/cam can be written by every user (mode 777)"],
  ["with the sticky bit", { mode: 0o1777 }, "/cam can be written by every user (mode 1777)"],
  [
    "that a group of several may write",
    { mode: 0o770, group: 44 },
    "/cam can be written by group 44, which is not its owner's own, (mode 770)",
  ],
])("one %s is not", (_, changes, why) => {
  expect(distrust(seen(changes), [camera, 0])).toBe(why);
});

it("root runs in the folder of one other user of any number, unless others may write it", () => {
  expect(distrust(seen({ owner: stranger, group: stranger }), "anybody")).toBeUndefined();
  expect(distrust(seen({ owner: stranger, mode: 0o702 }), "anybody")).toBe(
    "/cam can be written by every user (mode 702)",
  );
});
