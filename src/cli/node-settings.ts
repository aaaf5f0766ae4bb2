/** Node has read these before this program begins: it is too late to take them away. */
export function talkativeVariable(): string | undefined {
  return ["NODE_DEBUG", "NODE_DEBUG_NATIVE"].find((name) => process.env[name]);
}

/** An option of Node, by NODE_OPTIONS or beside the program, that opens an inspector, or writes TLS keys or the memory. */
export function openingOption(): string | undefined {
  const given = [...(process.env["NODE_OPTIONS"] ?? "").split(/[\s"']+/), ...process.execArgv];
  const names = given.map((option) => option.replace(/=.*$/s, "").replaceAll("_", "-"));
  return names.find((name) => /^--(inspect|debug|tls-keylog|heapsnapshot|heap-prof)/.test(name));
}
