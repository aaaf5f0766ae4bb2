import { readFileSync } from "node:fs";
import { provisioningStates, transitions } from "../src/model/provisioning-status.ts";
import { arrow, type Box, box, drawing, heightOf, text } from "./drawing.ts";

/** The drawings of docs/, from what the code says. */
export function diagrams(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/diagrams/states.svg", states()],
    ["docs/diagrams/saving.svg", saving()],
    ["docs/diagrams/data.svg", data()],
  ]);
}

const [left, top, width, step] = [150, 20, 190, 56];

/** The specification's line from top to bottom; other moves forward on the right, back on the left. */
function states(): string {
  const line = provisioningStates.filter((state) => !state.startsWith("FAILED_"));
  const boxes = line.map(
    (state, index): Box => ({
      ...{ x: left, y: top + index * step, width, lines: [state] },
      kind: state === "COMPLETED" ? "good" : "plain",
    }),
  );
  const height = heightOf({ x: 0, y: 0, width: 0, lines: [""] });
  const middle = (index: number) => top + index * step + height / 2;
  const lanes = { right: 0, left: 0 };
  const moves = line.flatMap((from, start) =>
    transitions[from].flatMap((to) => {
      const end = line.indexOf(to);
      if (end === -1) return [];
      if (end === start + 1)
        return [arrow(`M ${left + width / 2} ${middle(start) + height / 2} V ${middle(end) - height / 2}`)];
      const [x, lane] = end > start ? [left + width, 14 + 12 * lanes.right++] : [left, -14 - 12 * lanes.left++];
      const [out, back] = end === start ? [middle(start) - 8, middle(end) + 8] : [middle(start) + 3, middle(end) - 3];
      return [arrow(`M ${x} ${out} H ${x + lane} V ${back} H ${x}`)];
    }),
  );
  const failures = provisioningStates.filter((state) => state.startsWith("FAILED_"));
  const column = left + width + 40 + 12 * lanes.right;
  const failed = failures.map(
    (state, index): Box => ({ x: column + 40, y: top + (index + 1.6) * step, width, lines: [state], kind: "bad" }),
  );
  const able = line.filter((state) => failures.every((failure) => transitions[state].some((to) => to === failure)));
  const [first, last] = [line.indexOf(able[0] ?? "IDLE"), line.indexOf(able.at(-1) ?? "IDLE")];
  const bracket = `<path d="M ${column - 8} ${middle(first) - 10} H ${column} V ${middle(last) + 10} H ${column - 8}" fill="none" stroke="#456"/>`;
  const ends = failed.map(({ y }) => arrow(`M ${column} ${y + height / 2} H ${column + 40}`));
  const total = top + line.length * step;
  const words = text(column - 8, middle(last) + 32, "from each of these, in every failure");
  return drawing("The states of a provisioning and the moves between them", column + width + 80, total, [
    ...boxes.map(box),
    ...moves,
    bracket,
    ...ends,
    ...failed.map(box),
    words,
  ]);
}

/** The numbered list in the comment of src/files/commit.ts. */
function saving(): string {
  const steps = [...readFileSync("src/files/commit.ts", "utf8").matchAll(/^ \* {2}(\d)\. (.+)$/gm)];
  const boxes = steps.map(
    ([, number = "", words = ""], index): Box => ({
      ...{ x: 20, y: 20 + index * step, width: 470, lines: [`${number}. ${words}`] },
      kind: index === steps.length - 1 ? "good" : "plain",
    }),
  );
  const arrows = boxes.slice(1).map(({ y }) => arrow(`M 255 ${y - step + 28} V ${y}`));
  const notes = boxes.slice(1).map(({ y }) => text(263, y - 10, "on the disk"));
  return drawing("The order of saving", 510, 20 + boxes.length * step, [...boxes.map(box), ...arrows, ...notes]);
}

/** There on the upper line, back on the lower one. */
function data(): string {
  const stations = [
    ["provision.txt", "provision.json"],
    ["Provisioning-", "Credentials"],
    ["Provisioning-", "Request"],
    ["MQTT", "packets"],
    ["ThingsBoard", "server"],
  ];
  const back = [
    ["thermal_config", ".json"],
    ["Device-", "Credentials"],
    ["Provisioning-", "Response"],
    ["MQTT", "packets"],
  ];
  const at = (index: number, y: number, lines: readonly string[]): Box => ({
    x: 20 + index * 160,
    y,
    width: 120,
    lines,
  });
  const there = stations.map((lines, index) => at(index, 40, lines));
  const home = back.map((lines, index) => at(index, 170, lines));
  const forward = there.slice(1).map(({ x }) => arrow(`M ${x - 40} 62 H ${x}`));
  const backward = home.slice(1).map(({ x }) => arrow(`M ${x} 192 H ${x - 40}`));
  const turn = arrow("M 720 84 V 192 H 620");
  const journal: Box = {
    x: 180,
    y: 106,
    width: 440,
    lines: ["journal: intent before the request, received before the probe"],
    kind: "good",
  };
  const folders = ["files/", "model/", "model/, wire/", "transport/"].map((name, index) =>
    text(80 + index * 160, 28, name, { anchor: "middle" }),
  );
  return drawing("The data's way, there and back", 800, 240, [
    ...[...there, ...home, journal].map(box),
    ...[...forward, ...backward, turn],
    ...folders,
    text(20, 232, "ProvisioningStatus follows the whole way, in provisioning_status.json."),
  ]);
}
