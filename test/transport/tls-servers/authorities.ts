import { X509Certificate } from "node:crypto";
import type { TlsOptions } from "node:tls";
import { readAuthorities } from "../../../src/files/authorities.ts";
import { nodeFileSystem } from "../../../src/files/disk/file-system.ts";
import { publicKeyPin } from "../../../src/transport/certificate-facts.ts";
import type { TlsSettings } from "../../../src/transport/link.ts";
import { forLocalhost, type Made, type Wishes, Workshop } from "../workshop.ts";
import type { Meeting } from "./meeting.ts";

/** The authorities that the servers' certificates come from, each made when it is first wanted. */
export class Authorities extends Workshop {
  readonly #made = new Map<string, Made>();

  /** Trusted by every client that says nothing else. */
  get root(): Made {
    return this.#once("Test Root", () => this.authority("Test Root"));
  }

  get intermediate(): Made {
    return this.#once("Test Intermediate", () => this.authority("Test Intermediate", { signer: this.root }));
  }

  /** Trusted by nobody. */
  get stranger(): Made {
    return this.#once("Corp Inspection CA", () => this.authority("Corp Inspection CA"));
  }

  /** A server's certificate with nothing wrong. */
  get good(): Made {
    return this.#once("good", () => this.leaf());
  }

  /** The same, from the intermediate authority. */
  get below(): Made {
    return this.#once("below", () => this.leaf({ signer: this.intermediate }));
  }

  /** A server's certificate, right but for `wishes`. */
  leaf({ extensions = [forLocalhost], ...wishes }: Wishes = {}): Made {
    return this.make("localhost", { signer: this.root, extensions, ...wishes });
  }

  /** A server's certificate for these names only. */
  named(...names: readonly string[]): Made {
    return this.leaf({ extensions: [`subjectAltName=${names.join(",")}`] });
  }

  /** A server whose certificate signed itself, and a client that trusts it. */
  selfSigned(wishes: Wishes, name = "localhost"): Meeting {
    const certificate = this.make(name, wishes);
    return { peer: certificate, settings: trusting(certificate.cert) };
  }

  pinning(...made: readonly Made[]): TlsSettings {
    const pinnedPublicKeys = made.map(({ cert }) => publicKeyPin(new X509Certificate(cert)));
    return { ...trusting(this.root.cert), pinnedPublicKeys };
  }

  /** A client whose `ca_file` holds this. */
  caFile(content: string | Uint8Array, name = "ca.pem"): TlsSettings {
    const path = this.write(name, content);
    const { certificates, named } = readAuthorities(nodeFileSystem, "/", path);
    return { ...(certificates === undefined ? {} : { authorities: certificates }), named };
  }

  #once(name: string, make: () => Made): Made {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return made;
  }
}

export function trusting(...certificates: readonly string[]): TlsSettings {
  return { authorities: certificates, named: certificates, trusted: "ca.pem with its names" };
}

/** What a server sends: a certificate, and those behind it. */
export function withChain({ cert, key }: Made, ...issuers: readonly Made[]): TlsOptions {
  return { cert: [cert, ...issuers.map((each) => each.cert)].join(""), key };
}
