/** `mqtts://example.org:8883`; an IPv6 address in brackets. */
export function serverUrl({
  host,
  port,
  tls,
}: {
  readonly host: string;
  readonly port: number;
  readonly tls?: unknown;
}) {
  const scheme = tls === undefined || tls === false ? "mqtt" : "mqtts";
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
