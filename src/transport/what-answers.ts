/** What the first bytes of a peer show it to be, for people; undefined: they may be MQTT, or anything. */
export type Service =
  | "TLS"
  | "a web server (HTTP)"
  | "an SSH server"
  | "a mail or FTP server"
  | "a mail server"
  | "an AMQP broker";

const beginnings: readonly (readonly [Service, RegExp])[] = [
  ["a web server (HTTP)", /^(HTTP\/\d|\s*<(!doctype|html|\?xml))/i],
  ["an SSH server", /^SSH-\d/],
  ["a mail or FTP server", /^220[ -]/],
  ["a mail server", /^(\+OK|\* OK)/],
  ["an AMQP broker", /^AMQP/],
];

/** Recognises other services by how they begin. */
export function whatAnswers(firstBytes: Uint8Array): Service | undefined {
  const [type, major] = firstBytes;
  // A record of TLS: an alert, or a handshake.
  if ((type === 0x15 || type === 0x16) && major === 3) return "TLS";
  const text = Buffer.from(firstBytes.subarray(0, 64)).toString("latin1");
  return beginnings.find(([, beginning]) => beginning.test(text))?.[0];
}
