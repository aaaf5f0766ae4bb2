import { describe, expect, test } from "vitest";
import { Secret } from "../../src/base/secret.ts";
import type { ClientCertificate } from "../../src/model/credentials.ts";
import { encodeRequest } from "../../src/wire/provision-request.ts";
import { decodeResponse } from "../../src/wire/provision-response.ts";
import { committedRecordings, recordedVersions } from "../transcripts/data.ts";

/** The JSON texts of the request and of the answer in the recording `create-x509`. */
function recordedIn(version: string): { readonly request: string; readonly answer: Uint8Array } {
  const recording = committedRecordings(version).find((each) => each.case === "create-x509");
  if (recording === undefined || !("packets" in recording)) throw new Error(`${version} has no such recording`);
  const texts = recording.packets
    .flatMap(([, , , , hex]) => (typeof hex === "string" ? [Buffer.from(hex, "hex")] : []))
    .filter((bytes) => bytes.includes("{"))
    .map((bytes) => bytes.subarray(bytes.indexOf("{")));
  const [request, answer] = texts;
  if (request === undefined || answer === undefined) throw new Error("the recording has no request and answer");
  return { request: request.toString(), answer };
}

describe.each(recordedVersions())("ThingsBoard %s", (version) => {
  const { request, answer } = recordedIn(version);
  const pem: unknown = JSON.parse(request)["hash"];
  const certificate = String(pem).replaceAll(/-----[A-Z ]+-----|\n/g, "");
  const files = { certificateFile: "device.crt.pem", privateKeyFile: "device.key.pem" };
  const offered: ClientCertificate = { type: "X509_CERTIFICATE", ...files, certificate };
  const name = "cam-x509";
  const at = new Date("2026-11-23T18:33:42Z");

  test("was sent these very bytes, apart from deviceType, which it ignores", () => {
    const sent = encodeRequest({
      deviceName: name,
      deviceType: "thermal-camera",
      provisionDeviceKey: new Secret("recAllowKey0123456789"),
      provisionDeviceSecret: new Secret("recAllowSecret0123456"),
      credentials: offered,
      createdAt: at,
    });
    expect(new TextDecoder().decode(sent).replace('"deviceType":"thermal-camera",', "")).toBe(request);
  });

  test("answers with the certificate, which is the camera's where it is the one that it offered", () => {
    expect(decodeResponse(answer, name, at, [], offered)).toMatchObject({ status: "SUCCESS", credentials: offered });
  });

  test("answers with a certificate of which another camera has no key", () => {
    const another = { ...offered, certificate: certificate.replace("A", "B") };
    const unsupported = { code: "CREDENTIALS_TYPE_UNSUPPORTED" };
    expect(decodeResponse(answer, name, at, [], another)).toMatchObject(unsupported);
    expect(decodeResponse(answer, name, at)).toMatchObject(unsupported);
  });
});
