import { isObject } from "../base/json-object.ts";

/** An entity with the specification's form of itself, which is what `JSON.stringify` writes; secrets are masked there. */
export type Written<Entity> = Readonly<Entity> & { toJSON(): SpecificationForm };

/** The fields by the specification's names: snake_case, moments as texts. */
export type SpecificationForm = Readonly<Record<string, unknown>>;

/** A frozen copy of `entity` that JSON writes in the specification's form. Its moments are copies, too. */
export function written<Entity extends object>(entity: Entity): Written<Entity> {
  const copy = { ...structuredCopy(entity), toJSON: () => specificationForm(entity) };
  Object.defineProperty(copy, "toJSON", { enumerable: false });
  return Object.freeze(copy);
}

/** `input` by the specification's names; what has them already stays as it is. */
export function specificationForm(input: object): SpecificationForm {
  return Object.fromEntries(
    Object.entries(input)
      .filter(([key, value]) => value !== undefined && !(key === "host" && "serverUrl" in input))
      // Nobody has said it: the port has.
      .filter(([key]) => !(key === "useSsl" && "useSslFrom" in input && input.useSslFrom === "port"))
      .flatMap(([key, value]: readonly [string, unknown]) => fieldsOf(key, value)),
  );
}

function fieldsOf(key: string, value: unknown): readonly (readonly [string, unknown])[] {
  switch (key) {
    // What we make of an answer, and where a value comes from, are no fields of the specification.
    case "meaning":
    case "useSslFrom":
    case "isWiped":
    case "isWithoutKey":
    case "clientCertificate":
      return [];
    case "inAdvance": {
      const { type: _, ...parts } = isObject(value) ? value : {};
      return Object.entries(specificationForm(parts));
    }
    case "credentials": {
      const { type, ...parts } = isObject(value) ? value : {};
      return Object.entries({ credentials_type: type, ...specificationForm(parts) });
    }
    case "naming":
      return isObject(value) && value["kind"] === "fixed" ? [["device_name", value["name"]]] : [];
    case "timeout":
      return [["timeout_seconds", typeof value === "number" ? value / 1000 : value]];
    case "host":
      return [["server_url", value]];
    default:
      return [
        [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value instanceof Date ? textOf(value) : value],
      ];
  }
}

function textOf(moment: Date): string {
  return Number.isNaN(moment.getTime()) ? "no moment" : moment.toISOString();
}

function structuredCopy<Entity extends object>(entity: Entity): Entity {
  const copy = { ...entity };
  for (const [key, value] of Object.entries(copy)) {
    if (value instanceof Date) Reflect.set(copy, key, new Date(value));
  }
  return copy;
}
