import { type Line, walk } from "../line.ts";

const cpp = { seen: "this is TypeScript", differs: "C++17, RAII, smart pointers", elsewhere: true } as const;

/** The lines of memory and threads. */
export const buildingLines: readonly Line[] = [
  { line: 201, says: "Use std::unique_ptr", ...cpp },
  { line: 202, says: "Use std::shared_ptr", ...cpp },
  { line: 203, says: "Use references", ...cpp },
  { line: 204, says: "No raw pointer ownership", ...cpp },
  {
    line: 205,
    says: "RAII for resource cleanup",
    seen: "the command ends by itself when its work is done: no socket, timer or file holds it",
    finds: ({ first, silent }) => [first.exitStatus, silent.exitStatus],
    is: [0, 75],
  },
  {
    line: 210,
    says: "No concurrent modification",
    seen: "a second start beside the first changes nothing: LOCKED",
    differs: "one thread",
    finds: ({ beside }) => [beside?.error["error_code"], beside?.exitStatus],
    is: ["LOCKED", 75],
  },
  {
    line: 210,
    says: "No concurrent modification",
    seen: "a callback cannot change the run's status",
    test: [
      "test/stories/listeners.test.ts",
      "a callback that writes into what it gets changes neither the run nor what others get",
    ],
  },
  {
    line: 211,
    says: "MQTT callbacks execute in single thread context",
    seen: "the states of a run come one after the other",
    finds: ({ first }) => first.states,
    is: walk,
  },
  {
    line: 212,
    says: "File operations are atomic",
    seen: "a temporary file, sync, and the new name, step by step",
    test: ["test/files/commit.test.ts", "makes each step durable before the next one begins"],
  },
  {
    line: 213,
    says: "Timestamp generation",
    seen: "one thread takes them: no run says that it ended before it began",
    finds: ({ first }) =>
      [first, first.afterwards].map(({ status }) => `${status["started_at"]}` <= `${status["completed_at"]}`),
    is: [true, true],
  },
];
