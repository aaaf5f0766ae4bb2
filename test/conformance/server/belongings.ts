import { readFileSync, rmSync, writeFileSync } from "node:fs";
import * as v from "valibot";
import { Mistake } from "../../transcripts/mistake.ts";

/** Something that the kit made on a server. */
const belonging = v.object({
  kind: v.picklist(["deviceProfile", "ruleChain"]),
  name: v.string(),
  /** Null: it was asked for, and the answer has not come. */
  id: v.nullable(v.string()),
});
export type Belonging = v.InferOutput<typeof belonging>;

const schema = v.object({ server: v.string(), belongings: v.array(belonging) });

/**
 * What the kit has made on a server, in the order in which it came to be; devices are found by their profile. It is
 * written down before it is made, so that a kit that was killed has left a list of what is to be taken away.
 */
export class Belongings {
  readonly server: string;
  readonly #file: string | undefined;
  readonly #all: Belonging[] = [];

  /** `file`: where it is written down; undefined: nowhere. */
  constructor(server: string, file: string | undefined) {
    this.server = server;
    this.#file = file;
  }

  /** Throws Mistake when the file is no such list. */
  static read(file: string): Belongings {
    try {
      const { server, belongings } = v.parse(schema, JSON.parse(readFileSync(file, "utf8")));
      const read = new Belongings(server, file);
      read.#all.push(...belongings);
      return read;
    } catch (error) {
      throw new Mistake(
        `${file} cannot be read as a list of the kit's: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  get all(): readonly Belonging[] {
    return this.#all;
  }

  get file(): string | undefined {
    return this.#file;
  }

  /** Writes the name down, makes it, writes the id down. */
  async make(kind: Belonging["kind"], name: string, create: () => Promise<string>): Promise<string> {
    const belonging: Belonging = { kind, name, id: null };
    this.#all.push(belonging);
    this.#save();
    belonging.id = await create();
    this.#save();
    return belonging.id;
  }

  /** Nothing is left of it. */
  forget(gone: Belonging): void {
    this.#all.splice(this.#all.indexOf(gone), 1);
    this.#save();
  }

  #save(): void {
    if (this.#file === undefined) return;
    if (this.#all.length === 0) rmSync(this.#file, { force: true });
    else
      writeFileSync(this.#file, `${JSON.stringify({ server: this.server, belongings: this.#all }, undefined, 2)}\n`, {
        mode: 0o600,
      });
  }
}
