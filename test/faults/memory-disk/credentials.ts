import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../../../src/simulator/index.ts";
import { makeCertificate } from "../../simulator/certificate.ts";
import type { Camera } from "./history.ts";

const own = makeCertificate({ commonName: "own", from: new Date(0), to: new Date("2049-12-31T00:00:00Z") });
/** A certificate that the camera was given, PEM. */
export const ownCertificate = own.cert;
/** Its key, PEM. */
export const ownKey = own.key;

const token = "grantedByTheServer00";
const basic = { userName: "grantedByTheServer00", password: "grantedPassword00000" };

/** What the device has that was registered beforehand: of the camera's kind where the camera can be told it. */
export function registered({ kind, strategy }: Camera): StoredCredentials {
  if (kind === "MQTT_BASIC") return mqttBasic(basic);
  return kind === "X509_CERTIFICATE" && strategy === "known in advance"
    ? x509Certificate(ownCertificate)
    : accessToken(token);
}

/** What `provision.json` says of the login. Only with a certificate TLS is spoken. */
export function ordered({ kind, strategy }: Camera): Readonly<Record<string, unknown>> {
  const isKnown = strategy === "known in advance";
  switch (kind) {
    case "ACCESS_TOKEN":
      return { server_port: 1883, ...(isKnown ? { access_token: token } : {}) };
    case "MQTT_BASIC": {
      const known = isKnown ? { user_name: basic.userName, password: basic.password } : {};
      return { server_port: 1883, credentials_type: kind, ...known };
    }
    case "X509_CERTIFICATE": {
      const given = isKnown ? { client_certificate_file: "own.crt.pem", client_key_file: "own.key.pem" } : {};
      return { server_port: 8883, credentials_type: kind, ...given };
    }
  }
}
