/** What is used of Node's SQLite: its own declarations begin with those of Node 22, and the camera runs on 20, too. */
declare module "node:sqlite" {
  export class DatabaseSync {
    constructor(path: string, options?: { readonly timeout?: number });
    exec(sql: string): void;
    prepare(sql: string): StatementSync;
    close(): void;
  }
  export class StatementSync {
    all(...parameters: (null | number | bigint | string | Uint8Array)[]): unknown[];
  }
}
