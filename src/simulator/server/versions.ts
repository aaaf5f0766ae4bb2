/** The servers that the simulator can be, oldest first. The default is the newest. */
export const serverVersions = ["3.4", "3.9.1", "4.0.2", "4.2.1", "4.3.1.3"] as const;
export type ServerVersion = (typeof serverVersions)[number];
export const newestVersion: ServerVersion = "4.3.1.3";

/**
 * Where servers differ, each with the versions that behave so and the source that says it. Everything that is not
 * here is the same on all of them. "Recorded" means a transcript of that server; a version in between that was not
 * recorded follows the release named in the source.
 */
export const differences = {
  provisionSessionSubscribes: {
    meaning: "a provisioning session answers SUBSCRIBE and UNSUBSCRIBE; before, it ignored them",
    in: ["3.9.1", "4.0.2", "4.2.1", "4.3.1.3"],
    source: "recorded `session-subscriptions`; MqttTransportHandler of 2022 (3.4) has no such case",
  },
  acknowledgesBeforeClosing: {
    meaning: "a PUBLISH that ends a provisioning session is acknowledged before the close; before, it was not",
    in: ["3.9.1", "4.0.2", "4.2.1", "4.3.1.3"],
    source: "recorded `wrong-topic-qos1`, `missing-secret`; MqttTransportHandler of 2022 (3.4) only closes",
  },
  refusesClientIdentifier: {
    meaning: "a CONNECT with nothing but an unknown client id is refused with code 2; before, with code 5",
    in: ["3.9.1", "4.0.2", "4.2.1", "4.3.1.3"],
    source: "recorded `connack-v3-no-user-client-id`; onValidateDeviceResponse of 2022 (3.4) knows code 5 only",
  },
  refusesSecondClaim: {
    meaning: "a pre-provisioned device can be claimed once; before, again and again",
    in: ["4.3.1.3"],
    source: "commit 9f48acf05d, first in 4.2.1.1; recorded `pre-claim-repeat`",
  },
  refusesControlCharacters: {
    meaning: "credentials with control characters end in FAILURE",
    in: ["4.3.1.3"],
    source: "commit 222360905d, first in 4.2.2.3 and 4.3.1.3; recorded `token-control-character`",
  },
  refusesTemplates: {
    meaning: "a device name with {{...}} ends in FAILURE",
    in: ["4.2.1", "4.3.1.3"],
    source: "NoXssValidator since 4.2; recorded `device-name-template`",
  },
  castsWrittenAttributes: {
    meaning: 'a shared attribute "0" that a tenant writes is stored, and pushed, as the number 0',
    in: ["4.2.1", "4.3.1.3"],
    source: "recorded `attribute-push-from-rest` on 3.9.1, 4.0.2 and 4.3.1.3; seen on 4.2.1",
  },
  putsStatusLast: {
    meaning: "an error of the HTTP layer has its status after message and code; before, it came first",
    in: ["4.2.1", "4.3.1.3"],
    source: "recorded `http-provision` on 3.9.1, 4.0.2 and 4.3.1.3; seen on 4.2.1",
  },
  keepsSessionsOfUnchangedCredentials: {
    meaning: "credentials that are saved again unchanged leave the device's session open; before, it was closed",
    in: ["4.3.1.3"],
    source: "docs/thingsboard-protocol.md#version-differences, since 4.2.1.1",
  },
  knowsNameConflictPolicy: {
    meaning: "`nameConflictPolicy=UNIQUIFY` makes a device of another name; before, it was ignored",
    in: ["4.3.1.3"],
    source: "docs/thingsboard-protocol.md#version-differences, since 4.3; seen on 4.3.1.3",
  },
  runsDeviceIdChain: {
    meaning: "the rule chain that tells a device its id has that effect; before, it is imported and does nothing",
    in: ["3.9.1", "4.0.2", "4.2.1", "4.3.1.3"],
    source: "recorded `device-id-push-and-request` on 3.9.1, 4.0.2 and 4.3.1.3; seen on 3.4",
  },
} as const satisfies Record<string, { meaning: string; in: readonly ServerVersion[]; source: string }>;

/**
 * The version whose behaviour a server has: of those that are known the newest that is not newer, and of what is older
 * than all of them the oldest. Of a text that is not a version, the newest.
 */
export function recordedVersion(version: string): ServerVersion {
  if (!isVersion(version)) return newestVersion;
  const [oldest] = serverVersions;
  return serverVersions.findLast((known) => compared(known, version) <= 0) ?? oldest;
}

/** Numbers with dots between them. */
export function isVersion(text: string): boolean {
  return /^[0-9]{1,9}(\.[0-9]{1,9}){1,4}$/.test(text);
}

/** Below 0: the first is older. */
function compared(first: string, second: string): number {
  const [one, other] = [first, second].map((version) => version.split(".").map(Number));
  for (let index = 0; index < Math.max(one?.length ?? 0, other?.length ?? 0); index++) {
    const difference = (one?.[index] ?? 0) - (other?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export type Difference = keyof typeof differences;

/** For each difference, whether a server of `version` behaves so. */
export type Peculiarities = Readonly<Record<Difference, boolean>>;

export function peculiaritiesOf(version: ServerVersion): Peculiarities {
  const has = (difference: Difference): boolean => {
    const versions: readonly ServerVersion[] = differences[difference].in;
    return versions.includes(version);
  };
  return {
    provisionSessionSubscribes: has("provisionSessionSubscribes"),
    acknowledgesBeforeClosing: has("acknowledgesBeforeClosing"),
    refusesClientIdentifier: has("refusesClientIdentifier"),
    refusesSecondClaim: has("refusesSecondClaim"),
    refusesControlCharacters: has("refusesControlCharacters"),
    refusesTemplates: has("refusesTemplates"),
    castsWrittenAttributes: has("castsWrittenAttributes"),
    putsStatusLast: has("putsStatusLast"),
    keepsSessionsOfUnchangedCredentials: has("keepsSessionsOfUnchangedCredentials"),
    knowsNameConflictPolicy: has("knowsNameConflictPolicy"),
    runsDeviceIdChain: has("runsDeviceIdChain"),
  };
}
