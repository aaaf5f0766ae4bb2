import { byId, definitions, element } from "./elements.ts";
import type { ToldEvent, ToldPacket } from "./told.ts";

/** As many as the simulator keeps. */
const most = 500;

const list = byId("events", HTMLOListElement);
const frame = byId("lanes", HTMLDivElement);
const filter = byId("filter", HTMLInputElement);

let waiting: ToldEvent[] = [];
let open = new Set<number>();

/** The packets between camera and server, and what happened besides. */
export function showEvents(events: readonly ToldEvent[]): void {
  const numbers = new Set(events.map(({ number }) => number));
  open = new Set([...open].filter((number) => numbers.has(number)));
  waiting = [];
  list.replaceChildren(...events.map(row));
  settle(true);
}

/** Many that come at once are shown at once. */
export function addEvent(event: ToldEvent): void {
  waiting.push(event);
  if (waiting.length === 1) requestAnimationFrame(addWaiting);
}

function addWaiting(): void {
  const atEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
  list.append(...waiting.slice(-most).map(row));
  waiting = [];
  while (list.children.length > most) list.firstElementChild?.remove();
  settle(atEnd);
}

function settle(toEnd: boolean): void {
  byId("nothing", HTMLParagraphElement).hidden = list.children.length > 0;
  const all = packets();
  if (!all.some(({ tabIndex }) => tabIndex === 0)) all.at(-1)?.setAttribute("tabindex", "0");
  if (toEnd) frame.scrollTop = frame.scrollHeight;
}

function row(event: ToldEvent): HTMLLIElement {
  const item = itemOf(event);
  sift(item);
  return item;
}

/** Whether it has what somebody looks for. */
function sift(item: HTMLElement): void {
  item.hidden = !item.textContent.toLowerCase().includes(filter.value.toLowerCase());
}

filter.addEventListener("input", () => {
  for (const item of list.querySelectorAll("li")) sift(item);
  settle(true);
});

function itemOf(event: ToldEvent): HTMLLIElement {
  const seconds = `${(event.elapsed / 1000).toFixed(3)} s`;
  const time = element("time", { datetime: event.at }, seconds);
  if (event.kind === "note") return element("li", { class: `note ${event.tone}` }, time, " ", event.text);
  const { number, connection, from, packet, meaning } = event;
  const arrow = element("button", {
    type: "button",
    class: `packet ${from}`,
    tabindex: "-1",
    "aria-expanded": "false",
  });
  const way = from === "client" ? "camera to server: " : "server to camera: ";
  arrow.append(
    element("span", { class: "way" }, way),
    element("span", { class: "meaning" }, meaning),
    element("span", { class: "line" }),
    element("span", { class: "facts" }, element("b", {}, packet), ` #${connection} · `, time),
  );
  const item = element("li", {}, arrow);
  const toggle = (shown: boolean) => {
    arrow.setAttribute("aria-expanded", String(shown));
    item.querySelector("dl")?.remove();
    if (shown) item.append(details(event));
  };
  arrow.addEventListener("click", () => {
    const shown = !open.has(number);
    if (shown) open.add(number);
    else open.delete(number);
    toggle(shown);
  });
  if (open.has(number)) toggle(true);
  return item;
}

function details({ at, connection, segment, size, text, hex }: ToldPacket): HTMLDListElement {
  return definitions([
    ["Packet", text],
    ["Connection", `#${connection}, segment ${segment}`],
    ["Time", at],
    ["Bytes", hex === undefined ? `${size}, shown with the secrets` : `${size}: ${hex}`],
  ]);
}

function packets(): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("li:not([hidden]) > .packet")];
}

/** One stop for the tab key; from there by arrows. */
list.addEventListener("keydown", (event) => {
  const all = packets();
  const at = all.findIndex((each) => each.matches(":focus"));
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  const next = to === undefined || at === -1 ? undefined : all[to];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
});

list.addEventListener("focusin", ({ target }) => {
  if (!(target instanceof HTMLElement) || !target.matches(".packet")) return;
  for (const other of list.querySelectorAll(".packet[tabindex='0']")) other.setAttribute("tabindex", "-1");
  target.setAttribute("tabindex", "0");
});
