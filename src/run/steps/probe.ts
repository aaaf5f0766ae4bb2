import type { Event } from "../../flow/accept.ts";
import type { Candidate, Proof } from "../../flow/known.ts";
import { ProvisioningError } from "../../model/errors.ts";
import type { DeviceSession, Opening } from "../../transport/device-session.ts";
import type { Link } from "../../transport/link.ts";
import { loginOf } from "../../wire/login.ts";
import type { AttributeTopics } from "../../wire/topics.ts";
import { endpointFor } from "../client-certificate.ts";
import { setbackOf } from "../failures.ts";
import type { Asking } from "../task.ts";
import type { Try } from "../tries.ts";
import { deviceIdRequest, learnDeviceId } from "./learn-device-id.ts";

/**
 * Tries to connect with each candidate until one is accepted and answered (docs/architecture.md#words-of-our-own). One
 * that is neither accepted nor refused ends it: what comes behind it may belong to another device.
 */
export async function probe(task: Asking, candidates: readonly Candidate[], present: Try): Promise<Event> {
  try {
    for (const candidate of candidates) {
      const proof = await prove(task, candidate, present);
      if (proof !== undefined) return { event: "probe-accepted", proof };
    }
    return { event: "probe-refused" };
  } catch (error) {
    return await setbackOf(task, present, error, "probe-unanswered");
  }
}

/** Undefined: the server refused. Everything that says nothing about the credentials is thrown. */
async function prove(task: Asking, candidate: Candidate, present: Try): Promise<Proof | undefined> {
  const { surroundings, endpoint, report } = task;
  const opening = openingWith(candidate, present.topics);
  const { signal } = present;
  const spare = await present.takeSpare(candidate.credentials);
  let session = spare === undefined ? undefined : await onSpare(task, spare, opening, signal);
  if (session === undefined) {
    report.enter("CONNECTING");
    const link = await surroundings.connect(endpointFor(surroundings, endpoint, candidate.credentials), signal);
    report.warn(...(link.warnings ?? []));
    session = await login(task, link, opening, signal);
  }
  if (session === "refused") return undefined;
  using verified = session;
  report.enter("VALIDATING_RESPONSE");
  present.letIn = true;
  const deviceId = await learnDeviceId(task, verified, present, candidate.deviceId);
  present.letIn = false;
  return { candidate, deviceId };
}

/**
 * The same on the connection that was opened ahead, and on no other: undefined also where there is none. The run's state
 * stays as it is meanwhile: it still waits for its answer.
 */
export async function proveOnSpare(
  task: Asking,
  candidate: Candidate,
  present: Try,
  signal: AbortSignal,
): Promise<Proof | undefined> {
  const spare = await present.takeSpare(candidate.credentials);
  if (spare === undefined) return undefined;
  const session = await login(task, spare, openingWith(candidate, present.topics), signal);
  if (session === "refused") return undefined;
  using verified = session;
  const deviceId = await learnDeviceId(task, verified, { signal, topics: present.topics }, candidate.deviceId);
  return { candidate, deviceId };
}

function openingWith({ credentials }: Candidate, topics: AttributeTopics): Opening {
  const { subscriptions } = topics;
  return { login: loginOf(credentials), subscriptions, publish: deviceIdRequest(topics, 1) };
}

/** A connection that was opened ahead may have gone meanwhile; then a fresh one is asked. */
async function onSpare(task: Asking, link: Link, opening: Opening, signal: AbortSignal) {
  try {
    return await login(task, link, opening, signal);
  } catch (error) {
    if (ProvisioningError.is(error) && error.errorCode === "CONNECTION_LOST") return undefined;
    throw error;
  }
}

type Login = DeviceSession | "refused";

/** MQTT is loaded on its first use: a run with nothing to do needs none, and start-up is what a small camera feels. */
async function login({ surroundings }: Asking, link: Link, opening: Opening, signal: AbortSignal): Promise<Login> {
  const { DeviceSession } = await import("../../transport/device-session.ts");
  const session = await DeviceSession.open(link, opening, surroundings.clock, signal);
  if (session === "refused") surroundings.refusedLogins.note();
  return session;
}
