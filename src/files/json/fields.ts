import * as v from "valibot";
import type { JsonObject } from "../../base/json-object.ts";
import type { Members, Plain } from "./json-edit.ts";

/** How a value stands in a JSON object, under one key or several. */
export interface Field<Value> {
  /** Undefined: what stands there is nothing of the kind. */
  readonly read: (object: JsonObject) => Value | undefined;
  readonly write: (value: Value) => Members;
}

/** The properties of a `Value`, and how each of them is read. */
export type Readers<Value> = { readonly [Property in keyof Value]: Pick<Field<Value[Property]>, "read"> };

/** The properties of a `Value`, and how each of them stands in a JSON object. The keys are written in this order. */
export type Fields<Value> = { readonly [Property in keyof Value]: Field<Value[Property]> };

/** A value under one key: what may stand there, and how it is written. */
export function field<Value>(
  key: string,
  schema: v.GenericSchema<unknown, Value>,
  plain: (value: Value) => Plain,
): Field<Value> {
  return {
    read(object) {
      const parsed = v.safeParse(schema, Object.hasOwn(object, key) ? object[key] : undefined);
      return parsed.success ? parsed.output : undefined;
    },
    write: (value) => ({ [key]: plain(value) }),
  };
}

/** Undefined where a single property cannot be read. */
export function readFields<Value extends object>(readers: Readers<Value>, object: JsonObject): Value | undefined {
  const found: Partial<Value> = {};
  for (const property in readers) {
    const value = readers[property].read(object);
    if (value === undefined) return undefined;
    found[property] = value;
  }
  return isWhole(readers, found) ? found : undefined;
}

function isWhole<Value extends object>(readers: Readers<Value>, found: Partial<Value>): found is Value {
  for (const property in readers) if (found[property] === undefined) return false;
  return true;
}

export function writeFields<Value extends object>(fields: Fields<Value>, value: Value): Members {
  const members: Record<string, Plain> = {};
  for (const property in fields) Object.assign(members, fields[property].write(value[property]));
  return members;
}
