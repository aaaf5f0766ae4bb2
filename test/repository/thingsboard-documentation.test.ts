import { expect, test } from "vitest";
import { committedRecordings, recordedVersions } from "../transcripts/data.ts";
import { read } from "./tree.ts";

const page = read("docs/thingsboard-documentation.md");

/** The cases that each row names, and the JSON texts that the servers sent there, the same from all of them. */
const failure = '{"errorMsg":"Failed to provision device!","status":"FAILURE"}';
const notFound = '{"errorMsg":"Provision data was not found!","status":"NOT_FOUND"}';
const made = /^\{"credentialsValue":"[A-Za-z0-9]{20}","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"\}$/;
const stored = '{"credentialsValue":"RecPreStoredToken001","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}';
const answers: Readonly<Record<string, readonly (string | RegExp)[]>> = {
  "create-server-token": [made],
  "device-id-absent": ["{}", '{"error":"timeout"}'],
  "create-device-token": [
    '{"credentialsValue":"RecDeviceChosenToken01","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}',
  ],
  "repeat-same-name-no-token": [failure],
  "repeat-same-name-same-token": [failure],
  "wrong-key": [notFound],
  "wrong-secret": [notFound],
  "pre-unknown-device": [failure],
  "session-unsubscribed-q0": [made],
  "session-unsubscribed-q1": [made],
  "pre-claim-after-attribute-deleted": [stored],
  "create-mqtt-basic-password-only": [failure],
  "create-mqtt-basic-clientid-password": [failure],
  "create-mqtt-basic-none": [made],
  "create-mqtt-basic-all": [
    '{"credentialsValue":{"clientId":"recClient-all","userName":"recUser-all","password":"recPass-all"},"credentialsType":"MQTT_BASIC","status":"SUCCESS"}',
  ],
  "create-x509": [
    /^\{"credentialsValue":"MII[A-Za-z0-9+/]+=*","credentialsType":"X509_CERTIFICATE","status":"SUCCESS"\}$/,
  ],
  "create-x509-not-a-certificate": [
    '{"credentialsValue":"testHash","credentialsType":"X509_CERTIFICATE","status":"SUCCESS"}',
  ],
  "null-device-name": [],
  "null-token": [],
  "missing-secret": [],
  "no-device-name": ['{"credentialsValue":"RecNoNameTok1","credentialsType":"ACCESS_TOKEN","status":"SUCCESS"}'],
  "pre-no-name": [failure],
  "connack-v3-provision-client-id": [],
  "connack-v3-provision-client-id-with-token": [],
  "connack-v3-provision-with-password": [],
  "time-close-after-success": [made],
  "time-close-after-failure-with-ping": [failure],
};

test.each(recordedVersions())("the server %s answered as the page says", (version) => {
  for (const [name, expected] of Object.entries(answers)) {
    const texts = answersIn(version, name);
    expect(texts, name).toHaveLength(expected.length);
    for (const [index, text] of texts.entries()) expect(text, name).toMatch(expected[index] ?? "");
  }
});

test("a claim is answered again up to 4.2.1 only", () => {
  expect(recordedVersions().map((version) => [version, answersIn(version, "pre-claim-repeat")])).toEqual([
    ["3.9.1", [stored]],
    ["4.0.2", [stored]],
    ["4.3.1.3", [failure]],
  ]);
});

test.each(recordedVersions())(
  "the server %s let every provisioning session in, and closed it 60 s after its answer",
  (version) => {
    for (const name of Object.keys(answers).filter((each) => each.startsWith("connack-v3-provision"))) {
      const [connack] = packetsOf(version, name).filter(([way]) => way === "<");
      expect(connack?.[4], name).toBe("20020000");
    }
    for (const name of ["time-close-after-success", "time-close-after-failure-with-ping"]) {
      const answer = packetsOf(version, name).find(([way, , , , hex]) => way === "<" && String(hex).startsWith("3"));
      const [ended] = recordingOf(version, name).connections;
      expect([name, Math.round(((ended?.[4] ?? 0) - (answer?.[1] ?? 0)) / 1000), ended?.[2]]).toEqual([
        name,
        60,
        "server",
      ]);
    }
  },
);

test("every recording that the page names is one of these, and the other way round", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| subject"));
  const named = rows.flatMap((row) =>
    [...(row.split("|").at(-2) ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  expect([...new Set(named)].toSorted()).toEqual([...Object.keys(answers), "pre-claim-repeat"].toSorted());
});

function recordingOf(version: string, name: string) {
  const recording = committedRecordings(version).find((each) => "packets" in each && each.case === name);
  if (recording === undefined || !("packets" in recording)) throw new RangeError(`${version} has no ${name}`);
  return recording;
}

function packetsOf(version: string, name: string) {
  return recordingOf(version, name).packets;
}

/** The JSON texts of the PUBLISH packets that the server sent. */
function answersIn(version: string, name: string): readonly string[] {
  return packetsOf(version, name).flatMap(([direction, , , , hex]) => {
    const bytes = Buffer.from(typeof hex === "string" ? hex : "", "hex");
    const isPublish = direction === "<" && (bytes[0] ?? 0) >> 4 === 3;
    return isPublish ? [bytes.subarray(bytes.indexOf("{")).toString("utf8")] : [];
  });
}
