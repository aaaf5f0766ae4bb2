import { ask } from "./actions.ts";
import { button, byId, definitions, element } from "./elements.ts";
import type { ToldDevice, ToldState } from "./told.ts";

/** A list in which a line stays the same element as long as it says the same, so that nothing jumps or loses the focus. */
class Lines<T> {
  readonly #list: HTMLElement;
  readonly #keyOf: (item: T) => string;
  readonly #make: (item: T) => HTMLElement;
  readonly #shown = new Map<string, { readonly text: string; readonly line: HTMLElement }>();

  constructor(list: HTMLElement, keyOf: (item: T) => string, make: (item: T) => HTMLElement) {
    this.#list = list;
    this.#keyOf = keyOf;
    this.#make = make;
  }

  show(items: readonly T[]): void {
    const keys = new Set(items.map(this.#keyOf));
    for (const [key, { line }] of this.#shown) {
      if (keys.has(key)) continue;
      line.remove();
      this.#shown.delete(key);
    }
    items.forEach((item, index) => {
      const line = this.#lineOf(item);
      if (this.#list.children[index] !== line) this.#list.insertBefore(line, this.#list.children[index] ?? null);
    });
  }

  #lineOf(item: T): HTMLElement {
    const key = this.#keyOf(item);
    const text = JSON.stringify(item);
    const before = this.#shown.get(key);
    if (before?.text === text) return before.line;
    const line = this.#make(item);
    this.#shown.set(key, { text, line });
    if (before !== undefined) replace(before.line, line);
    return line;
  }
}

/** What was unfolded stays so, and what had the focus has it again. */
function replace(old: HTMLElement, line: HTMLElement): void {
  const isOpen = old.querySelector("details")?.open ?? false;
  const stops = (of: HTMLElement) => [...of.querySelectorAll<HTMLElement>("button, summary")];
  const focused = stops(old).findIndex((each) => each.matches(":focus"));
  old.replaceWith(line);
  const details = line.querySelector("details");
  if (details !== null) details.open = isOpen;
  if (focused !== -1) stops(line)[focused]?.focus();
}

const devices = new Lines<ToldDevice>(byId("devices", HTMLUListElement), ({ id }) => id, deviceLine);
const profiles = new Lines<ToldState["profiles"][number]>(
  byId("profiles", HTMLUListElement),
  ({ tenant, name }) => JSON.stringify([tenant, name]),
  ({ name, tenant, provisionType, key, secret }) =>
    element(
      "li",
      {},
      element("strong", {}, name),
      definitions([
        ["Tenant", tenant],
        ["Provisioning", provisionType],
        ["Key", key],
        ["Secret", secret],
      ]),
    ),
);
const sessions = new Lines<ToldState["sessions"][number]>(
  byId("sessions", HTMLUListElement),
  ({ connection }) => String(connection),
  ({ connection, deviceName }) => element("li", {}, `#${connection} `, element("strong", {}, deviceName)),
);
const behaviours = new Lines<ToldState["behaviours"][number]>(
  byId("behaviours", HTMLUListElement),
  ({ id }) => String(id),
  ({ id, text, happened }) =>
    element(
      "li",
      { class: "row" },
      element("code", {}, text),
      element("span", { class: "tag" }, happened ? "happened" : "waits"),
      button("Remove", `Remove the fault ${text}`, () => ask("Removed.", "DELETE", `scenario/${id}`)),
    ),
);

/** What there is on the server. */
export function showState(state: ToldState): void {
  devices.show(state.devices);
  profiles.show(state.profiles);
  sessions.show(state.sessions);
  behaviours.show(state.behaviours);
  count("device-count", state.deviceCount, state.devices.length);
  count("profile-count", state.profiles.length, state.profiles.length);
  count("session-count", state.sessionCount, state.sessions.length);
  count("behaviour-count", state.behaviourCount, state.behaviours.length);
}

function count(id: string, all: number, shown: number): void {
  byId(id, HTMLSpanElement).textContent = shown < all ? `${all}, the newest ${shown} shown` : String(all);
}

function deviceLine(device: ToldDevice): HTMLElement {
  const { id, name, blocked, connected } = device;
  const tags = [
    ...(connected ? ["connected"] : []),
    ...(blocked ? ["blocked"] : []),
    ...(device.gateway ? ["gateway"] : []),
  ];
  const path = `devices/${encodeURIComponent(id)}`;
  const block = blocked
    ? button("Unblock", `Unblock ${name}`, () => ask(`${name} is let in again.`, "DELETE", `${path}/block`))
    : button("Block", `Block ${name}`, () => ask(`${name} is not let in any more.`, "PUT", `${path}/block`));
  return element(
    "li",
    {},
    element(
      "div",
      { class: "row" },
      element("strong", {}, name),
      ...tags.map((tag) => element("span", { class: `tag ${tag}` }, tag)),
      block,
      button("Delete", `Delete ${name}`, () => ask(`${name} was deleted.`, "DELETE", path)),
    ),
    element("details", {}, element("summary", {}, "Credentials and attributes"), definitions(facts(device))),
  );
}

function facts({ id, tenant, profile, createdAt, credentials, attributes, telemetry }: ToldDevice) {
  const values = (scope: string, of: Readonly<Record<string, string>>) =>
    Object.entries(of).map(([key, value]) => [`${scope}: ${key}`, value] as const);
  return [
    ["Id", id],
    ["Profile", `${profile} of ${tenant}`],
    ["Created", createdAt],
    ["Credentials", credentials],
    ...values("Client", attributes.client),
    ...values("Server", attributes.server),
    ...values("Shared", attributes.shared),
    ...values("Measured", telemetry),
  ] as const;
}
