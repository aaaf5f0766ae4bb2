import type { ErrorCode } from "../model/errors.ts";

/** What an error of the network is here, and what it means; Node's own word follows in brackets. */
export interface Failure {
  readonly code: ErrorCode;
  readonly sentence: string;
}

const unreachable = "NETWORK_UNREACHABLE";
const exhausted = "LOCAL_RESOURCES_EXHAUSTED";

/** The failures of getaddrinfo, connect, read and write, by the names that Node gives them. */
const failures: Readonly<Record<string, Failure>> = {
  ENOTFOUND: { code: "HOST_NOT_FOUND", sentence: "there is no such name: no address was found for it" },
  EAI_NONAME: { code: "HOST_NOT_FOUND", sentence: "there is no such name: no address was found for it" },
  EAI_NODATA: { code: "HOST_NOT_FOUND", sentence: "the name is known, but no address belongs to it" },
  EAI_ADDRFAMILY: { code: "HOST_NOT_FOUND", sentence: "the name has no address of the kind that this camera can use" },
  EAI_AGAIN: { code: "RESOLVER_SILENT", sentence: "no name server answers, so that no name can be looked up" },
  EAI_FAIL: { code: "RESOLVER_SILENT", sentence: "the name server failed at the name, or refuses to look it up" },
  EAI_SYSTEM: { code: "RESOLVER_SILENT", sentence: "the system's own look-up of names failed" },
  EAI_MEMORY: { code: exhausted, sentence: "this camera has too little memory to look up a name" },
  ECONNREFUSED: { code: "CONNECTION_REFUSED", sentence: "nothing listens there" },
  ENETUNREACH: { code: unreachable, sentence: "there is no way to it: this camera has no route there" },
  EHOSTUNREACH: {
    code: unreachable,
    sentence: "there is no way to it: a router, or the local network, says that it is not there",
  },
  ENETDOWN: { code: unreachable, sentence: "there is no way to it: the camera's network is down" },
  EHOSTDOWN: { code: unreachable, sentence: "there is no way to it: the machine is down" },
  ENONET: { code: unreachable, sentence: "there is no way to it: this camera is on no network" },
  EADDRNOTAVAIL: { code: unreachable, sentence: "this camera has no address of its own from which to reach it" },
  EAFNOSUPPORT: {
    code: unreachable,
    sentence: "this camera cannot use addresses of that kind (IPv6 or IPv4 is switched off)",
  },
  EACCES: { code: "CONNECTION_FORBIDDEN", sentence: "this camera itself forbids the connection" },
  EPERM: {
    code: "CONNECTION_FORBIDDEN",
    sentence: "this camera itself forbids the connection, as a local firewall does",
  },
  ETIMEDOUT: { code: "CONNECT_TIMEOUT", sentence: "nobody answers at this address" },
  EINVAL: {
    code: "ADDRESS_UNUSABLE",
    sentence:
      "the address cannot be connected to as it is; a link-local one (fe80::…) wants its interface, as in fe80::1%eth0",
  },
  EMFILE: { code: exhausted, sentence: "this program has too many files and connections open" },
  ENFILE: { code: exhausted, sentence: "this camera has too many files and connections open" },
  ENOBUFS: { code: exhausted, sentence: "this camera has no room for another connection" },
  ENOMEM: { code: exhausted, sentence: "this camera has too little memory for a connection" },
  EADDRINUSE: { code: exhausted, sentence: "this camera has no free port for another connection" },
  ECONNRESET: { code: "CONNECTION_LOST", sentence: "the connection was closed from the other side" },
  ECONNABORTED: { code: "CONNECTION_LOST", sentence: "the connection was ended on this side" },
  EPIPE: { code: "CONNECTION_LOST", sentence: "the connection was closed from the other side" },
  EPROTO: { code: "CONNECTION_LOST", sentence: "the connection was closed for a mistake in the protocol" },
};

/** The failure that Node calls `name`; undefined where no table has it. */
export function networkFailure(name: string): Failure | undefined {
  return Object.hasOwn(failures, name) ? failures[name] : undefined;
}
