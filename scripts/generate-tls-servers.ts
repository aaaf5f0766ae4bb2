import { tlsServers } from "../test/transport/tls-servers/table.ts";
import type { TlsServers } from "../test/transport/tls-servers/tls-server.ts";

/** `docs/tls-servers.md`, from the rows that the test plays. */
export function tlsServersPage(): string {
  const sections = Object.entries(tlsServers);
  const count = sections.reduce((sum, [, servers]) => sum + Object.keys(servers).length, 0);
  return `<!-- Made from test/transport/tls-servers by \`npm run generate\`. Do not edit. -->

# ${count} TLS servers, and what is said of each

Every row is a server that \`npm test\` sets up, with certificates made for it, and that a camera is sent to: what it is,
how the run ends, and the sentence that comes first. Behind it a message says what was presented and what is trusted.
Where a row says nothing else the camera is sent to \`localhost\`, with the root of the test's authorities in \`ca_file\`.
NOW stands for the camera's clock, PORT for the server's port, FOLDER for the camera's folder, PIN for the hash of a key.

${sections.map(([title, servers]) => `## ${title}\n\n${table(servers)}`).join("\n\n")}

## What is not looked at

Whether a certificate was revoked: neither lists (CRL) nor answers (OCSP) are fetched.
`;
}

function table(servers: TlsServers): string {
  const rows = Object.entries(servers).map(([name, { ends, says }]) => row([name, ending(ends), says]));
  return [row(["server", "ends with", "is told"]), "| --- | --- | --- |", ...rows].join("\n");
}

function ending(ends: string): string {
  const [code = "", status] = ends.split(" ");
  return status === undefined ? "0, accepted" : `${status}, [${code}](errors.md#${code.toLowerCase()})`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("*", "\\*")).join(" | ")} |`;
}
