import { getEventListeners } from "node:events";
import { Duplex } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { linkOver } from "../../src/transport/link.ts";
import { settle } from "../base/fake-clock.ts";
import { linkPair } from "./server-end.ts";

const never = new AbortController().signal;

function listeners(stream: NodeJS.EventEmitter): readonly number[] {
  return ["readable", "end", "error", "close"].map((event) => stream.listenerCount(event));
}

describe("a link", () => {
  it("gives the bytes as they come, and undefined when the other side has ended", async () => {
    const { link, server } = linkPair();
    server.say("0102");
    expect(await link.read(never)).toEqual(Buffer.from([1, 2]));
    server.say("03");
    server.end();
    expect(await link.read(never)).toEqual(Buffer.from([3]));
    expect(await link.read(never)).toBeUndefined();
    expect(await link.read(never)).toBeUndefined();
  });

  it("waits for bytes that come later", async () => {
    const { link, server } = linkPair();
    const reading = link.read(never);
    await settle();
    server.say("ff");
    expect(await reading).toEqual(Buffer.from([255]));
  });

  it("says CONNECTION_LOST with the cause when it breaks while somebody reads, and ever after", async () => {
    const { link, client } = linkPair();
    const reading = link.read(never);
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    client.destroy(cause);
    await expect(reading).rejects.toMatchObject({ errorCode: "CONNECTION_LOST", cause });
    await expect(link.read(never)).rejects.toMatchObject({ errorCode: "CONNECTION_LOST", cause });
  });

  it("remembers a break that nobody was reading at", async () => {
    const { link, client } = linkPair();
    client.destroy(new Error("reset"));
    await settle();
    await expect(link.read(never)).rejects.toMatchObject({ errorCode: "CONNECTION_LOST" });
  });

  it("rejects with the signal's reason, before and during a read, and loses no bytes by it", async () => {
    const { link, server } = linkPair();
    const reason = new Error("enough");
    await expect(link.read(AbortSignal.abort(reason))).rejects.toBe(reason);
    const controller = new AbortController();
    const reading = link.read(controller.signal);
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
    server.say("aa");
    expect(await link.read(never)).toEqual(Buffer.from([0xaa]));
  });

  it("leaves no listener behind, neither on the stream nor on the signal", async () => {
    const { link, client, server } = linkPair();
    const before = listeners(client);
    const controller = new AbortController();
    for (const byte of ["01", "02", "03"]) {
      const reading = link.read(controller.signal);
      await settle();
      server.say(byte);
      await reading;
    }
    expect(listeners(client)).toEqual(before);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("sends what was written before it closes", async () => {
    const { link, client, server } = linkPair();
    link.write(Buffer.from("00ff", "hex"));
    link.close();
    expect(await server.heard()).toBe("00ff");
    expect(server.ended).toBe(true);
    expect(client.destroyed).toBe(true);
  });

  it("closes although the other side goes on sending, and ignores what is written afterwards", async () => {
    const { link, client, server } = linkPair();
    server.stream.write(Buffer.alloc(100_000));
    link.close();
    link.close();
    link.write(Buffer.from([1]));
    server.stream.write(Buffer.alloc(100_000));
    await settle();
    expect(await server.heard()).toBe("");
    expect(client.destroyed).toBe(true);
  });

  it("closes within a second, although nothing that was written can leave", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const stuck = new Duplex({ read() {}, write() {} });
      const link = linkOver(stuck);
      link.write(Buffer.from([1]));
      link.close();
      await settle();
      expect(stuck.destroyed).toBe(false);
      vi.advanceTimersByTime(1000);
      expect(stuck.destroyed).toBe(true);
      await settle();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps no timer once it is closed", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      const { link } = linkPair();
      link.close();
      await settle();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("takes an error after its end for nothing", async () => {
    const { link, client } = linkPair();
    link.close();
    client.destroy(new Error("late"));
    await settle();
    expect(client.destroyed).toBe(true);
  });
});
