import { controls, diskControls } from "../controls/controls.ts";
import { fatControls } from "../controls/fat-controls.ts";
import { proveTheHarness } from "../controls/prove.ts";
import { provisionInCrowds } from "../crowd/crowd.ts";
import { failEveryCall } from "../errors/errors.ts";
import { troubleTheHolder } from "../holder/holder.ts";
import { exploreTheJudgement } from "../judgement/method.ts";
import { killBeforeEveryCall, killOtherCameras } from "../kill/kill.ts";
import { killTwice } from "../kill-twice/twice.ts";
import { loseOnTheLink } from "../lossy-link/lose.ts";
import { missingForTroubles } from "../lossy-link/network.ts";
import { playHistories } from "../memory-disk/histories.ts";
import { cutPower } from "../power-cut/cut.ts";
import { formats } from "../power-cut/image.ts";
import { cutPowerOnFat } from "../power-cut-fat-blocks/cuts.ts";
import { sufferTheServer } from "../server/server.ts";
import { signalEverywhere } from "../signals/signals.ts";
import { exhaustTheHeap } from "../small-heap/exhaust.ts";
import { soakInOneProcess, soakInProcesses } from "../soak/soak.ts";
import { surviveStrangeDisks } from "../strange-disk/survive.ts";
import { lintTraces } from "../traces/traces.ts";
import { lieAtEveryByte, lieToTheCommand } from "../wire/wire.ts";
import type { Method } from "./method.ts";
import { missingPrograms, missingRoot } from "./requirements.ts";

/** A kernel of its own, and what it takes from this machine's files. */
function missingForFatBlocks(): readonly string[] {
  return missingPrograms("linux.uml", "insmod", "dmsetup", "ip", "mount", "mkfs.vfat", "fsck.vfat", "flock");
}

/** Every method, in the order of the table. */
export const methods: readonly Method[] = [
  {
    name: "judgement",
    title: "0  the judgement in every interleaving (cases: states)",
    missing: () => [],
    inTests: false,
    cores: 1,
    run: () => exploreTheJudgement(),
  },
  {
    name: "memory-disk",
    title: "1  random histories over a disk that forgets",
    missing: () => [],
    // Its own tests run it there.
    inTests: false,
    cores: 1,
    run: () => playHistories(),
  },
  {
    name: "kill",
    title: "2  SIGKILL before every system call",
    missing: () => missingPrograms("strace", "flock"),
    inTests: true,
    cores: 2,
    run: (extent) => killBeforeEveryCall(extent),
  },
  {
    name: "kill-others",
    title: "2  SIGKILL, a camera that was registered or provisioned before",
    missing: () => missingPrograms("strace", "flock"),
    inTests: false,
    cores: 2,
    run: (extent) => killOtherCameras(extent),
  },
  {
    name: "errors",
    title: "2  every plausible error at every system call",
    missing: () => missingPrograms("strace", "flock"),
    inTests: false,
    cores: 2,
    run: (extent) => failEveryCall(extent),
  },
  {
    name: "kill-twice",
    title: "2  the recovery is killed, too",
    missing: () => missingPrograms("strace", "flock"),
    inTests: false,
    cores: 2,
    run: (extent) => killTwice(extent),
  },
  {
    name: "signals",
    title: "2  told to stop at every call that matters; nobody listens",
    missing: () => missingPrograms("strace", "flock"),
    inTests: false,
    cores: 2,
    run: () => signalEverywhere(),
  },
  {
    name: "small-heap",
    title: "2  a heap that is too small, wherever that shows",
    missing: () => missingPrograms("flock"),
    inTests: false,
    cores: 2,
    run: () => exhaustTheHeap(),
  },
  {
    name: "traces",
    title: "7  the order of the calls in traces",
    missing: () => missingPrograms("strace", "flock"),
    inTests: true,
    cores: 2,
    run: (extent) => lintTraces(extent),
  },
  ...formats.map(
    (format): Method => ({
      name: `power-cut-${format.name}`,
      title: `3  power cuts on ${format.name}`,
      missing: () => [...missingPrograms("strace", "flock", "mount", format.program), ...missingRoot()],
      fileSystem: format.type,
      inTests: false,
      cores: 2,
      run: () => cutPower(format),
    }),
  ),
  {
    name: "power-cut-fat-blocks",
    title: "3  power cuts between any two blocks on FAT",
    missing: missingForFatBlocks,
    inTests: false,
    cores: 1,
    run: () => cutPowerOnFat(),
  },
  {
    name: "strange-disk",
    title: "4  full, read-only and strange disks",
    missing: () => [...missingPrograms("mount", "flock", "chattr"), ...missingRoot()],
    inTests: false,
    cores: 2,
    run: () => surviveStrangeDisks(),
  },
  {
    name: "wire",
    title: "5  a wire that lies at every byte",
    missing: () => [],
    inTests: true,
    cores: 1,
    run: lieAtEveryByte,
  },
  {
    name: "wire-command",
    title: "5  a wire that lies to the real command",
    missing: () => [],
    inTests: false,
    cores: 1,
    run: () => lieToTheCommand(),
  },
  {
    name: "server",
    title: "5  a server that misbehaves, and misbehaves again",
    missing: () => [],
    inTests: true,
    cores: 1,
    run: sufferTheServer,
  },
  {
    name: "lossy-link",
    title: "5  a link that loses, doubles, breaks and is slow",
    missing: () => [...missingPrograms("unshare", "ip", "nft", "tc", "flock"), ...missingRoot()],
    missingInKernel: missingForTroubles,
    wrapper: ["unshare", "--net"],
    inTests: false,
    cores: 1,
    run: () => loseOnTheLink(),
  },
  {
    name: "crowd",
    title: "6  eight at once, with a lock and without",
    missing: () => missingPrograms("flock"),
    inTests: false,
    cores: 1,
    run: (extent) => provisionInCrowds(extent),
  },
  {
    name: "holder",
    title: "6  the holder stopped, killed, or a stranger; the clock jumps",
    missing: () => missingPrograms("flock"),
    inTests: true,
    cores: 1,
    run: () => troubleTheHolder(),
  },
  {
    name: "controls",
    title: "8  negative controls: each must be red",
    missing: () => missingPrograms("strace", "flock"),
    inTests: false,
    cores: 1,
    run: (extent) => proveTheHarness(extent === "all" ? controls : controls.slice(0, 8)),
  },
  {
    name: "controls-disks",
    title: "8  negative controls on real disks",
    missing: () => [...missingPrograms("strace", "flock", "mount", "mkfs.ext4"), ...missingRoot()],
    inTests: false,
    cores: 2,
    run: () => proveTheHarness(diskControls),
  },
  {
    name: "controls-fat-blocks",
    title: "8  negative controls on FAT, block by block",
    missing: missingForFatBlocks,
    inTests: false,
    cores: 1,
    run: () => proveTheHarness(fatControls),
  },
  {
    name: "soak",
    title: "10 a thousand provisionings in one process",
    missing: () => [],
    inTests: true,
    cores: 1,
    run: soakInOneProcess,
  },
  {
    name: "soak-processes",
    title: "10 a thousand provisionings in a thousand processes",
    missing: () => [],
    inTests: false,
    cores: 2,
    run: (extent) => soakInProcesses(extent),
  },
];
