import { moveJournal } from "../../files/journal/move-journal.ts";
import type { Event } from "../../flow/accept.ts";
import { attemptIdOf, emptyJournal, lastNameOf } from "../../model/journal.ts";
import { isSameServer, type ServerIdentity, unknownServer } from "../../model/server-identity.ts";
import { warning } from "../../model/warnings.ts";
import { setbackOf } from "../failures.ts";
import type { Task } from "../task.ts";
import type { Try } from "../tries.ts";
import { warnOfUnfinished } from "../unfinished.ts";

/**
 * Looks whether the server is one that a request went to under another name. Then that provisioning goes on here, with its
 * name and its credentials: the server may have made its device. Nothing is sent but TLS.
 */
export async function recognise(task: Task, present: Try): Promise<Event> {
  const { surroundings, report, journal, credentials, elsewhere = [] } = task;
  const { files, directory, clock } = surroundings;
  let server: ServerIdentity;
  report.enter("CONNECTING");
  try {
    server = await lookAt(task, present);
  } catch (error) {
    return await setbackOf(task, present, error, "unreachable");
  }
  const same = elsewhere.find(({ sent }) => sent.some((each) => isSameServer(each, server)));
  report.warn(...warnOfUnfinished(elsewhere.filter((each) => each !== same)));
  if (same === undefined) return { event: "recognised", journal: emptyJournal };
  moveJournal(files, directory, { from: same.host, to: credentials.host }, clock.now());
  const { warnings, ...moved } = await journal.read();
  const name = lastNameOf(moved) ?? "";
  report.warn(warning("SERVER_RECOGNISED", `It was ${same.host} before, with the name ${name}.`), ...warnings);
  report.about(attemptIdOf(moved) ?? task.attemptId, name);
  return { event: "recognised", journal: moved };
}

async function lookAt({ surroundings, endpoint, report }: Task, { signal }: Try): Promise<ServerIdentity> {
  const link = await surroundings.connect(endpoint, signal);
  link.close();
  report.warn(...(link.warnings ?? []));
  return link.server ?? unknownServer;
}
