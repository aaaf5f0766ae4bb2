import { afterAll, describe, expect, it, vi } from "vitest";
import { ProvisioningError } from "../../../src/model/errors.ts";
import { jargon } from "../../repository/jargon.ts";
import { Authorities } from "./authorities.ts";
import { type Meeting, type Met, meet } from "./meeting.ts";
import { tlsServers } from "./table.ts";
import type { TlsServer } from "./tls-server.ts";

const authorities = new Authorities();
afterAll(() => authorities[Symbol.dispose]());

/** What a client comes to; where it has no authorities it does not even go there. */
async function met(meets: TlsServer["meets"]): Promise<Met> {
  let meeting: Meeting;
  try {
    meeting = meets(authorities);
  } catch (error) {
    if (ProvisioningError.is(error)) return { error };
    throw error;
  }
  return meet(meeting, authorities.root.cert);
}

/** The first line without what is another one each time, the place, and the system's own word. */
function lasting(line: string): string {
  return line
    .replace(/^(localhost|127\.0\.0\.1):\d+ \((TLS|plain text)(, 127\.0\.0\.1)?\): /, "")
    .replace(/ \([A-Z][A-Z0-9_/]+\)$/, "")
    .replace(authorities.folder, "FOLDER")
    .replaceAll(/(?<=server_port )\d+/g, "PORT")
    .replaceAll(/(?<=clock )\([^)]* UTC\)/g, "(NOW)")
    .replaceAll(/sha256\/[A-Za-z0-9+/]{43}=/g, "PIN");
}

function inWords(found: Met): Pick<TlsServer, "ends" | "says"> {
  if ("warnings" in found) return { ends: "accepted", says: found.warnings.map(({ code }) => code).join(", ") };
  const { errorCode, exitStatus, message } = found.error;
  return { ends: `${errorCode} ${exitStatus}`, says: lasting(message.split("\n")[0] ?? "") };
}

describe.each(Object.entries(tlsServers))(
  "a TLS server is judged rightly, and the true cause comes first: %s",
  (_, servers) => {
    it.each(Object.entries(servers))("%s", async (_name, { ends, says, meets }) => {
      expect(inWords(await met(meets))).toEqual({ ends, says });
      expect(says).not.toMatch(jargon);
    });
  },
);

describe("what the environment says of certificates", () => {
  it("is not obeyed where it switches the verification off", async () => {
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
    const found = await met((from) => ({ peer: from.leaf({ signer: from.stranger }) }));
    vi.unstubAllEnvs();
    expect(inWords(found).ends).toBe("TLS_CHAIN_INCOMPLETE 78");
  });
});

describe("below the first sentence", () => {
  it("stands what was presented, what is trusted, and what OpenSSL said", async () => {
    const found = await met(({ below, intermediate, stranger }) => ({
      peer: { cert: below.cert + intermediate.cert, key: below.key },
      settings: { authorities: [stranger.cert], named: [stranger.cert], trusted: "ca.pem with its names" },
    }));
    if (!("error" in found)) throw new Error("it was accepted");
    expect(
      found.error.message
        .replaceAll(/20\d\d-\d\d-\d\d \d\d:\d\d/g, "DATE")
        .split("\n")
        .slice(1),
    ).toEqual([
      '  presented: "localhost" (for localhost, 127.0.0.1), issued by "Test Intermediate", valid from DATE UTC to DATE UTC; then "Test Intermediate", issued by "Test Root", valid from DATE UTC to DATE UTC',
      "  trusted: ca.pem with its names",
      "  OpenSSL: unable to get local issuer certificate",
    ]);
  });
});
