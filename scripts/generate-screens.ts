import { seconds } from "../src/base/duration.ts";
import { nodeVersion } from "../src/base/require-supported-node.ts";
import { LinesForPeople, outcomeForPeople } from "../src/cli/check/check-for-people.ts";
import { ForPeople } from "../src/cli/provision/for-people.ts";
import { stylesFor } from "../src/cli/text/styles.ts";
import { type Connect, check, type Outcome, ProvisioningError, provision } from "../src/index.ts";
import { connectionError } from "../src/transport/connection-error.ts";
import { ordinarySystem } from "../test/check/ordinary-system.ts";
import { directory } from "../test/faults/memory-disk/memory-disk.ts";
import { Session } from "../test/faults/memory-disk/session.ts";
import { World } from "../test/faults/memory-disk/world.ts";
import { Screen } from "./screen.ts";

/** `docs/screens.md`: what a technician sees on a terminal of 80 columns and 24 lines, from real runs in memory. */
export async function screensPage(): Promise<string> {
  return `<!-- Made by \`npm run generate\` from runs against the simulator. Do not edit. -->

# What a technician sees

On a terminal of 80 columns and 24 lines. What is most important stands last: the beginning of a longer output has scrolled
away.

## A camera is provisioned

${await screenOf(provisioned)}

## The server refuses key and secret

${await screenOf(refused)}

## Nobody answers yet

While the program waits, the last line counts down.

${await screenOf(waiting)}

## \`check\` with one cause

What depends on the cause is skipped, and says because of what.

${await screenOf(looked)}
`;
}

const [columns, lines] = [80, 24];

async function screenOf(play: (world: World, screen: Screen) => Promise<void>): Promise<string> {
  const screen = new Screen(columns, lines);
  await play(new World(camera), screen);
  return `\`\`\`text\n${screen.text}\n\`\`\``;
}

const camera = {
  forgetting: "any subset",
  configuration: "commented",
  mode: 0o600,
  owner: 0,
  backups: 0,
  strategy: "new device",
  namesTaken: 0,
  formerWorks: true,
  kind: "ACCESS_TOKEN",
} as const;

async function provisioned(world: World, screen: Screen): Promise<void> {
  await ran(world, screen);
}

async function refused(world: World, screen: Screen): Promise<void> {
  world.putCredentials({ secret: "mistypedSecret000000" });
  await ran(world, screen);
}

/** The address answers that nothing listens there. */
const nobody: Connect = async (endpoint) => {
  const cause = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  throw connectionError(endpoint, cause, { addresses: ["192.0.2.7"] });
};

async function waiting(world: World, screen: Screen): Promise<void> {
  const stop = new AbortController();
  const running = run(world, screen, { connect: nobody, signal: stop.signal });
  await world.clock.pass(seconds(4.5));
  screen.freeze();
  stop.abort(new ProvisioningError("INTERRUPTED", "stopped"));
  await world.clock.untilDone(running);
}

async function looked(world: World, screen: Screen): Promise<void> {
  world.put("provision.json", world.credentials[0]?.toString().replace("server.example", "192.0.2.7") ?? "");
  const look = { width: columns, styles: stylesFor({ colours: false }) };
  const people = new LinesForPeople(look);
  const { files } = new Session(world.disk, []);
  const found = await world.clock.untilDone(
    check({
      directory,
      system: ordinarySystem,
      surroundings: { files, clock: world.clock, randomness: world.luck, connect: nobody },
      // The page is the same whatever Node.js made it.
      onLine: (line) => screen.print(people.line({ ...line, found: line.found.replace(nodeVersion, "22.21.1") })),
    }),
  );
  screen.print(outcomeForPeople(found, look));
}

async function ran(world: World, screen: Screen): Promise<void> {
  const session = new Session(world.disk, []);
  const connect = world.server.connect(session, [], { onFirstBytes: () => {}, isTooWicked: () => false });
  await world.clock.untilDone(run(world, screen, { connect, session }));
}

/** A run as the command makes it on a terminal. */
async function run(
  world: World,
  screen: Screen,
  {
    connect,
    session = new Session(world.disk, []),
    signal = new AbortController().signal,
  }: { readonly connect: Connect; readonly session?: Session; readonly signal?: AbortSignal },
): Promise<Outcome> {
  const { clock, luck: randomness } = world;
  const out = (text: string) => screen.write(text);
  const people = new ForPeople({ out, isTerminal: true, colours: false, columns, clock }, { waits: false });
  const outcome = await provision({
    ...{ directory, files: session.files, clock, randomness, connect, signal },
    onStatus: (status) => people.status(status),
    onWarning: (warning) => people.warning(warning),
    onRetry: (retry) => people.retry(retry),
    onTry: (begun) => people.try(begun),
  });
  people.outcome(outcome);
  return outcome;
}
