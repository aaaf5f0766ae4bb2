import { readFileSync } from "node:fs";
import { Secret } from "../../../../src/base/secret.ts";
import { authorityFile, identity } from "../../../fixtures/tls/certificates.ts";
import { provisionKey, someConfig } from "../../../stories/camera.ts";
import { configName } from "../folder.ts";
import type { Setting } from "../trial.ts";

const token = "knownInAdvance0123456789";
const deviceName = "camera 1";

const registered: Pick<Setting, "provisionType" | "register"> = {
  provisionType: "CHECK_PRE_PROVISIONED_DEVICES",
  register: (simulator) =>
    void simulator.addDevice({
      name: deviceName,
      credentials: { credentialsType: "ACCESS_TOKEN", credentialsId: token },
    }),
};

/** Registered beforehand, with a secret that the camera was given: probed before anything is asked. */
export const knownInAdvance: Setting = {
  ...registered,
  credentials: { device_name: deviceName, access_token: token },
};

/** It logs in with a client id, a user name and a password. */
export const withPassword: Setting = { credentials: { credentials_type: "MQTT_BASIC" } };

/** It logs in with a certificate that it makes. */
export const withCertificate: Setting = {
  simulator: { tls: identity("server") },
  credentials: { credentials_type: "X509_CERTIFICATE", ca_file: "authority.pem" },
  files: { "authority.pem": readFileSync(authorityFile(), "utf8") },
};

/** Another camera has the first name: it is refused, and refused again, and the second name goes out. */
export const nameTaken: Setting = {
  simulator: {
    scenario: [
      { on: "request", nth: 1, do: "refuse", status: "FAILURE" },
      { on: "request", nth: 2, do: "refuse", status: "FAILURE" },
    ],
  },
};

const former = {
  device: { device_id: null, device_name: deviceName, access_token: token, credentials_type: "ACCESS_TOKEN" },
  server: { url: "127.0.0.1", port: 1883, use_ssl: false },
  provisioning: {
    provisioned_at: "2025-10-23T14:30:00Z",
    provisioned_from: "provision.json",
    provisioned_with: new Secret(provisionKey).fingerprint(),
    attempt_id: "6a1f0f6e-33c6-4f0c-9d8a-0d8f6c1f7a52",
  },
};

/** Provisioned before, and the trigger came again: nothing new may be made; the port and the id are filled in. */
export const provisionedBefore: Setting = {
  ...registered,
  provisionType: "ALLOW_CREATE_NEW_DEVICES",
  files: {
    [configName]: someConfig
      .replace('{ "serial": "TC-0042" }', JSON.stringify({ serial: "TC-0042", ...former.device }))
      .replace(
        /\n}\s*$/,
        `,\n  "server": ${JSON.stringify(former.server)},\n  "provisioning": ${JSON.stringify(former.provisioning)}\n}\n`,
      ),
  },
};
