import { ask } from "./actions.ts";
import { addEvent, showEvents } from "./conversation.ts";
import { byId } from "./elements.ts";
import { offerFaults } from "./faults.ts";
import { showState } from "./inventory.ts";
import { Stream } from "./stream.ts";

const connection = byId("connection", HTMLSpanElement);
const again = byId("again", HTMLButtonElement);
const secrets = byId("secrets", HTMLButtonElement);

const words = { open: "live", lost: "connection lost, trying again …", ended: "the simulator has ended" };

const stream = new Stream({
  start(start) {
    const { version, behavesAs } = start;
    byId("version", HTMLSpanElement).textContent =
      version === behavesAs ? version : `${version}, which behaves as ${behavesAs}`;
    secrets.setAttribute("aria-pressed", String(start.secrets === "shown"));
    offerFaults(start);
    showEvents(start.events);
    showState(start.state);
  },
  happened: addEvent,
  state: showState,
  connection(is) {
    connection.textContent = words[is];
    connection.className = is;
    again.hidden = is !== "ended";
  },
});

const onClick = (id: string, act: () => void) => byId(id, HTMLButtonElement).addEventListener("click", act);

secrets.addEventListener("click", () => stream.open(secrets.ariaPressed === "true" ? "masked" : "shown"));
again.addEventListener("click", () => stream.open());
onClick("restart", () => ask("The server has restarted.", "POST", "restart", { memory: "kept" }));
onClick("forget", () => ask("The server has restarted without its devices.", "POST", "restart", { memory: "lost" }));
onClick("reset", () => ask("Everything is as it was at the start.", "POST", "reset", {}));
onClick("clear", () => ask("Nothing goes wrong any more.", "DELETE", "scenario"));
