import type { X509Certificate } from "node:crypto";
import { chainInWords, isSelfSigned } from "../transport/certificate-facts.ts";
import type { Security } from "../transport/link.ts";
import { type CheckLine, noticed, ok } from "./line.ts";

const day = 24 * 60 * 60 * 1000;

/** What the server proved itself with, and how long that will do. */
export function checkCertificate({ version, cipher, chain }: Security, now: Date): readonly CheckLine[] {
  const [leaf, ...issuers] = chain;
  return [
    ok("TLS", "version", `${version}, ${cipher}`),
    ok("TLS", "certificate", chainInWords(chain)),
    ...(leaf === undefined ? [] : [end("certificate's end", leaf, now, mostDaysAhead(leaf))]),
    ...issuers.slice(-1).map((anchor) => end("authority's end", anchor, now, isSelfSigned(anchor) ? 90 : 30)),
  ];
}

/** A third of its life, and a month at the most. */
function mostDaysAhead({ validFrom, validTo }: X509Certificate): number {
  return Math.min(30, (Date.parse(validTo) - Date.parse(validFrom)) / day / 3);
}

function end(name: string, { validTo }: X509Certificate, now: Date, daysAhead: number): CheckLine {
  const left = (Date.parse(validTo) - now.getTime()) / day;
  const date = new Date(validTo).toISOString().slice(0, 10);
  if (left < 0) return noticed("TLS", name, `was on ${date}`, "Have it renewed on the server");
  const found = `in ${Math.floor(left)} days, on ${date}`;
  if (left >= daysAhead) return ok("TLS", name, found);
  return noticed("TLS", name, found, "Have it renewed on the server before then; afterwards no camera connects");
}
