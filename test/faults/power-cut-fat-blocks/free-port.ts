import { once } from "node:events";
import { createServer } from "node:net";

/**
 * A port that is free, and stays so between two servers that use it one after the other: it is below those that the
 * system gives to connections by itself.
 */
export async function freePort(): Promise<number> {
  const port = 10_000 + Math.floor(Math.random() * 20_000);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return port;
  } catch {
    return freePort();
  } finally {
    server.close();
  }
}
