/** The beginning of a line that is erased, and a line's end. */
const control = new RegExp(`(${"\r\u001b"}\\[2K|\n)`);

/** A terminal, as far as this program uses one: line ends, and a line that is written again. */
export class Screen {
  readonly #columns: number;
  readonly #height: number;
  readonly #lines: string[] = [""];
  #isFrozen = false;

  constructor(columns: number, height: number) {
    this.#columns = columns;
    this.#height = height;
  }

  write(text: string): void {
    if (this.#isFrozen) return;
    for (const part of text.split(control)) {
      if (part === "\n") this.#lines.push("");
      else if (part.startsWith("\r")) this.#lines.splice(-1, 1, "");
      else this.#append(part);
    }
  }

  print(lines: readonly string[]): void {
    for (const line of lines) this.write(`${line}\n`);
  }

  /** From here on it stays as it is. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** What can be seen. */
  get text(): string {
    return this.#lines.slice(-this.#height).join("\n").trimEnd();
  }

  #append(text: string): void {
    const line = (this.#lines.pop() ?? "") + text;
    for (let start = 0; start === 0 || start < line.length; start += this.#columns) {
      this.#lines.push(line.slice(start, start + this.#columns));
    }
  }
}
