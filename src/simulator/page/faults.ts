import { ask } from "./actions.ts";
import { byId, element, option } from "./elements.ts";
import type { ToldFault, ToldKey, ToldStart } from "./told.ts";

/** The scenarios of examples/scenarios; put in by scripts/page.mjs. */
declare const READY_SCENARIOS: readonly {
  readonly name: string;
  readonly description: string;
  readonly behaviours: unknown;
}[];

const form = byId("inject", HTMLFormElement);
const name = byId("fault", HTMLSelectElement);
const meaning = byId("meaning", HTMLParagraphElement);
const occasion = byId("occasion", HTMLSelectElement);
const fields = byId("keys", HTMLDivElement);
const nth = byId("nth", HTMLInputElement);
const deviceName = byId("device-name", HTMLInputElement);
const ready = byId("ready", HTMLSelectElement);
const description = byId("description", HTMLParagraphElement);

let faults: readonly ToldFault[] = [];
let occasions: ToldStart["occasions"] = {};
let inputs: readonly { readonly key: ToldKey; readonly input: HTMLInputElement | HTMLSelectElement }[] = [];

/** Which faults there are. What somebody is about to choose stays. */
export function offerFaults(start: Pick<ToldStart, "faults" | "occasions">): void {
  if (faults.length > 0) return;
  ({ faults, occasions } = start);
  name.replaceChildren(...faults.map((fault) => option(fault.name)));
  chooseFault();
}

function chooseFault(): void {
  const fault = faults.find((each) => each.name === name.value);
  if (fault === undefined) return;
  meaning.textContent = fault.meaning.replaceAll("`", "");
  const preferred = fault.occasions.includes("request") ? "request" : occasion.value;
  occasion.replaceChildren(...fault.occasions.map((each) => option(each, `${each}: ${occasions[each]}`)));
  if (fault.occasions.includes(preferred)) occasion.value = preferred;
  inputs = fault.keys.map((key) => ({ key, input: inputOf(key) }));
  fields.replaceChildren(
    ...inputs.map(({ key, input }) =>
      element("label", {}, key.kind === "milliseconds" ? `${key.name}, ms` : key.name, input),
    ),
  );
}

function inputOf({ kind, of = [], optional }: ToldKey): HTMLInputElement | HTMLSelectElement {
  const needed: Record<string, string> = optional ? {} : { required: "" };
  switch (kind) {
    case "choice":
      return element("select", needed, ...(optional ? [option("", "default")] : []), ...of.map((word) => option(word)));
    case "milliseconds":
    case "number":
      return element("input", { type: "number", min: "0", ...needed });
    case "choice or later":
      return element("input", { pattern: `${of.join("|")}|[0-9]+`, placeholder: `${of.join(", ")}, or milliseconds` });
    case "text":
      return element("input", needed);
  }
}

function jsonValue({ kind }: ToldKey, value: string): unknown {
  if (kind === "milliseconds" || kind === "number") return Number(value);
  return kind === "choice or later" && /^[0-9]+$/.test(value) ? { after: Number(value) } : value;
}

name.addEventListener("change", chooseFault);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = inputs.filter(({ input, key }) => input.value !== "" || !key.optional);
  const behaviour = {
    on: occasion.value,
    do: name.value,
    ...(nth.value === "" ? {} : { nth: nth.value === "every" ? nth.value : Number(nth.value) }),
    ...(deviceName.value === "" ? {} : { deviceName: deviceName.value }),
    ...Object.fromEntries(given.map(({ key, input }) => [key.name, jsonValue(key, input.value)])),
  };
  ask(`Injected: ${name.value}.`, "POST", "scenario", { description: "From the page.", behaviours: [behaviour] });
});

ready.replaceChildren(...READY_SCENARIOS.map((each) => option(each.name)));
const chosen = () => READY_SCENARIOS.find((each) => each.name === ready.value);
const describe = () => {
  description.textContent = chosen()?.description ?? "";
};
ready.addEventListener("change", describe);
describe();
byId("load", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  const scenario = chosen();
  if (scenario === undefined) return;
  const { description, behaviours } = scenario;
  ask(`Loaded: ${scenario.name}.`, "PUT", "scenario", { description, behaviours });
});
