import type { Device } from "../tenant/device.ts";

/** What a tester sees. */
export interface Overview {
  readonly version: string;
  readonly devices: readonly Device[];
  readonly sessions: readonly { readonly connection: number; readonly deviceName: string }[];
  readonly unplayed: readonly unknown[];
  readonly exchanges: readonly {
    readonly at: string;
    readonly connection: number;
    readonly from: "client" | "server";
    readonly text: string;
  }[];
}

/** One plain page: what is there, and what was said last. It loads nothing, and reloads itself. */
export function page({ version, devices, sessions, unplayed, exchanges }: Overview): string {
  const rows = devices.map(({ id, name, profile, credentials, provisionState, attributes }) => [
    name,
    profile,
    `${credentials.credentialsType} ${credentials.credentialsId}`,
    String(provisionState ?? ""),
    JSON.stringify(attributes.shared),
    id,
  ]);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<title>ThingsBoard simulator</title>
<style>body{font:14px/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}
td,th{padding:.2rem .6rem;text-align:left;border-bottom:1px solid #ccc;overflow-wrap:anywhere}</style>
<h1>Simulator of ThingsBoard ${escaped(version)}</h1>
<h2>Devices: ${devices.length}</h2>
${table(["name", "profile", "credentials", "provisionState", "shared attributes", "id"], rows)}
<h2>Sessions: ${sessions.length}</h2>
${table(
  ["connection", "device"],
  sessions.map(({ connection, deviceName }) => [String(connection), deviceName]),
)}
<h2>Scenario: ${unplayed.length} to come</h2>
${table(
  ["behaviour"],
  unplayed.map((behaviour) => [JSON.stringify(behaviour)]),
)}
<h2>Last exchanges</h2>
${table(
  ["time", "connection", "from", "packet"],
  exchanges.map(({ at, connection, from, text }) => [at, String(connection), from, text]),
)}
</html>
`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${line(head, "th")}${rows.map((row) => line(row, "td")).join("")}</table>`;
}

/** Names and payloads come from devices. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
