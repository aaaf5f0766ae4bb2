import type { FileSystem, Handle } from "../../../src/files/disk/file-system.ts";
import { processedName, triggerName } from "../harness/folder.ts";
import type { InvariantName } from "../harness/invariants.ts";
import type { Kind } from "../harness/login.ts";
import { certificateMistakes, contentOf } from "./certificate-mistakes.ts";
import type { Forgetting } from "./power-cut.ts";
import type { Session } from "./session.ts";

/** A port under which the program makes a mistake that it does not make by itself. */
export interface Mistake {
  readonly mistake: string;
  readonly on: Forgetting;
  /** The invariant by which it must be found, each other one being left alone. */
  readonly breaks: InvariantName;
  /** What the cameras ask for; default: a token. */
  readonly kind?: Kind;
  readonly port: (files: FileSystem, session: Session) => FileSystem;
}

const isIntent = (path: string) => /\/intent-\d+\.json$/.test(path);
const isReceived = (path: string) => /\/received-\d+\.json$/.test(path);
const isConfig = (path: string) => path.endsWith("/thermal_config.json");

function noFolderSync(files: FileSystem): FileSystem {
  return { ...files, sync: (handle) => (files.stat(handle).kind === "folder" ? undefined : files.sync(handle)) };
}

/** FAT: what was renamed is not synced once more. */
function noSecondSync(files: FileSystem): FileSystem {
  const synced = new Set<Handle>();
  return {
    ...files,
    sync(handle) {
      if (files.stat(handle).kind === "folder") files.sync(handle);
      else if (!synced.has(handle)) files.sync(handle);
      synced.add(handle);
    },
    close(handle) {
      synced.delete(handle);
      files.close(handle);
    },
  };
}

/** The disk is told to keep the intent only once the server has been told. */
function intentAfterSend(files: FileSystem, session: Session): FileSystem {
  const isSent = () => session.calls.some(([name]) => name === "send");
  return { ...files, sync: (handle) => (isSent() ? files.sync(handle) : undefined) };
}

/** The intent exists in the memory of the run only. */
function noJournal(files: FileSystem): FileSystem {
  return { ...files, link: (existing, path) => (isIntent(path) ? undefined : files.link(existing, path)) };
}

/** Only the first name is written down. */
function firstIntentOnly(files: FileSystem): FileSystem {
  const isFurther = (path: string) => isIntent(path) && !path.endsWith("/intent-1.json");
  return { ...files, link: (existing, path) => (isFurther(path) ? undefined : files.link(existing, path)) };
}

function configInPlace(files: FileSystem): FileSystem {
  return {
    ...files,
    rename(from, to) {
      if (!isConfig(to)) return files.rename(from, to);
      const handle = files.open(to, "overwrite");
      files.write(handle, contentOf(files, from), 0);
      files.sync(handle);
      files.close(handle);
      files.unlink(from);
    },
  };
}

/** One record that is brought up to date, as many programs keep their state. */
function recordReplaced(files: FileSystem): FileSystem {
  return {
    ...files,
    rename(from, to) {
      if (!isReceived(to)) return files.rename(from, to);
      files.rename(from, to.replace(/received-\d+/, "intent-1"));
    },
  };
}

function triggerFirst(files: FileSystem): FileSystem {
  return {
    ...files,
    rename(from, to) {
      const trigger = to.replace("thermal_config.json", triggerName);
      if (isConfig(to) && files.lstat(trigger) !== undefined) {
        files.rename(trigger, to.replace("thermal_config.json", processedName));
      }
      files.rename(from, to);
    },
  };
}

function recordsFirst(files: FileSystem): FileSystem {
  return {
    ...files,
    rename(from, to) {
      if (isConfig(to)) {
        const folder = to.replace("thermal_config.json", ".thermal-provision/server.example");
        for (const name of files.list(folder)) files.unlink(`${folder}/${name}`);
      }
      files.rename(from, to);
    },
  };
}

function noBackup(files: FileSystem): FileSystem {
  return { ...files, link: (existing, path) => (path.includes(".backup.") ? undefined : files.link(existing, path)) };
}

/** Temporary files are made with the mode that the umask leaves. */
function openToAll(files: FileSystem): FileSystem {
  return { ...files, open: (path, access) => files.open(path, access, 0o644) };
}

export const mistakes: readonly Mistake[] = [
  { mistake: "folders are not synced", on: "any subset", breaks: "I5", port: noFolderSync },
  { mistake: "folders are not synced", on: "in order", breaks: "I5", port: noFolderSync },
  { mistake: "nothing is synced", on: "in order", breaks: "I7", port: (files) => ({ ...files, sync: () => {} }) },
  { mistake: "nothing is synced", on: "any subset", breaks: "I4", port: (files) => ({ ...files, sync: () => {} }) },
  { mistake: "what was renamed is not synced once more", on: "FAT", breaks: "I7", port: noSecondSync },
  { mistake: "the intent is written after the request is sent", on: "in order", breaks: "I1", port: intentAfterSend },
  { mistake: "the intent is written after the request is sent", on: "in order", breaks: "I5", port: intentAfterSend },
  { mistake: "a second name is not written down", on: "in order", breaks: "I1", port: firstIntentOnly },
  { mistake: "no journal", on: "in order", breaks: "I4", port: noJournal },
  { mistake: "the configuration is written in its place", on: "in order", breaks: "I7", port: configInPlace },
  { mistake: "a record is replaced by a rename", on: "in order", breaks: "I24", port: recordReplaced },
  { mistake: "the trigger goes before the configuration", on: "in order", breaks: "I9", port: triggerFirst },
  { mistake: "the records go before the configuration", on: "in order", breaks: "I5", port: recordsFirst },
  { mistake: "no backup", on: "in order", breaks: "I8", port: noBackup },
  { mistake: "files are made for everybody to read", on: "in order", breaks: "I11", port: openToAll },
  { mistake: "no journal", on: "in order", breaks: "I4", port: noJournal, kind: "MQTT_BASIC" },
  {
    mistake: "the records go before the configuration",
    on: "in order",
    breaks: "I5",
    port: recordsFirst,
    kind: "MQTT_BASIC",
  },
  ...certificateMistakes,
];
