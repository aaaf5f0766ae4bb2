import { expect, it } from "vitest";
import { allAddresses, familyFailure } from "../../src/transport/address-families.ts";
import { connectionError } from "../../src/transport/connection-error.ts";

it.each([
  ["2001:db8::7", "IPv4"],
  ["203.0.113.7", "IPv6"],
] as const)("a server at %s has no kind of address in common with a camera that has %s", (address, family) => {
  expect(familyFailure([address], [family])?.code).toBe("ADDRESS_FAMILY_MISSING");
});

it("where both have one kind in common, or nothing is known of the camera, it is something else", () => {
  expect(familyFailure(["2001:db8::7", "203.0.113.7"], ["IPv4"])).toBe(undefined);
  expect(familyFailure(["2001:db8::7"], ["IPv4", "IPv6"])).toBe(undefined);
  expect(familyFailure(["2001:db8::7"], [])).toBe(undefined);
  expect(familyFailure([], ["IPv4"])).toBe(undefined);
});

it("a neighbour's address needs none that leads farther", () => {
  expect(familyFailure(["fe80::1%eth0"], ["IPv4"])).toBe(undefined);
});

it("an address that is written in server_url counts, and only where the way is closed", () => {
  const endpoint = { host: "2001:db8::7", port: 1883 };
  const failed = (code: string) =>
    connectionError(endpoint, Object.assign(new Error(`connect ${code}`), { code }), {
      addresses: [],
      families: ["IPv4"],
    });
  expect(failed("ENETUNREACH").errorCode).toBe("ADDRESS_FAMILY_MISSING");
  expect(failed("EADDRNOTAVAIL").errorCode).toBe("ADDRESS_FAMILY_MISSING");
  expect(failed("ENOTFOUND").errorCode).toBe("ADDRESS_FAMILY_MISSING");
  expect(failed("ECONNREFUSED").errorCode).toBe("CONNECTION_REFUSED");
});

it("every address of a name is looked up, none where that fails, and not beyond the time that there is", async () => {
  const stop = new AbortController();
  expect(await allAddresses("localhost", stop.signal)).toContain("127.0.0.1");
  expect(await allAddresses("a name with blanks", stop.signal)).toEqual([]);
  const looking = allAddresses("localhost", stop.signal);
  stop.abort();
  expect(await looking).toEqual([]);
});
