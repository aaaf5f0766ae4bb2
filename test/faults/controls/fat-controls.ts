import { cutPowerOnFat } from "../power-cut-fat-blocks/cuts.ts";
import type { Check } from "./checks.ts";
import type { Control } from "./controls.ts";

/** Power cuts between any two blocks; mounted as usual, which is where both controls must show. */
const blockCuts: Check = async (command) => {
  const { broken } = await cutPowerOnFat(command, ["rw"]);
  return broken.flatMap(({ violations }) => violations);
};

/** Rules that only FAT needs: on every other file system the program would do without them. */
export const fatControls: readonly Control[] = [
  {
    what: "the moved configuration is not synced once more",
    changes: [
      {
        file: "files/disk/durable-files.ts",
        from: "power cut sets free.\n    fs.sync(handle);",
        to: "power cut sets free.",
      },
    ],
    check: blockCuts,
    isOtherMethod: true,
    red: ["I5", "I7"],
  },
  {
    what: "a folder of the journal is removed, and the one above it not synced",
    changes: [
      {
        file: "files/journal/journal.ts",
        from: "removeIfEmpty(fs, folder);\n    // On FAT its clusters may be given away before its name is, and a name without clusters stops every later start.\n    syncFolder(fs, join(directory, journalName));",
        to: "removeIfEmpty(fs, folder);",
      },
    ],
    check: blockCuts,
    isOtherMethod: true,
    red: ["I22"],
  },
];
