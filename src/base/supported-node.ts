/**
 * Why this program does not run on Node.js `version`; undefined where it does. An old Node reads this before anything
 * else, so it is written without variables, templates and arrows: in the JavaScript of 2009.
 */
export function refusalOfNode(version: string): string | undefined {
  return isSupported(partOf(version, 0), partOf(version, 1))
    ? undefined
    : `thermal-provision needs Node.js 20.19 or newer, and this is Node.js ${version}; nothing was read and nobody was asked.`;
}

function isSupported(major: number, minor: number): boolean {
  return major > 20 || (major === 20 && minor >= 19);
}

function partOf(version: string, index: number): number {
  return Number(version.split(".")[index]);
}
