import { describe, expect, test } from "vitest";
import { decodeResponse } from "../../src/wire/provision-response.ts";
import { basic, tokenOf } from "../model/tokens.ts";

const name = "cam-device-token";
const receivedAt = new Date("2026-11-23T18:33:41Z");
const decode = (payload: Uint8Array) => decodeResponse(payload, name, receivedAt);
const hex = (...lines: readonly string[]) => Uint8Array.from(Buffer.from(lines.join(""), "hex"));

describe("bytes that real servers sent (recordings of 3.9.1, 4.0.2 and 4.3.1.3)", () => {
  test("create-device-token: SUCCESS with the token that was offered", () => {
    const response = decode(
      hex(
        "7b2263726564656e7469616c7356616c7565223a2252656344657669636543686f73656e546f6b656e3031222c22637265",
        "64656e7469616c7354797065223a224143434553535f544f4b454e222c22737461747573223a2253554343455353227d",
      ),
    );
    expect(response).toMatchObject({ status: "SUCCESS", deviceId: null, deviceName: name, receivedAt });
    expect(tokenIn(response)).toBe("RecDeviceChosenToken01");
  });

  test("create-server-token: SUCCESS with a token of the server's own", () => {
    const response = decode(
      hex(
        "7b2263726564656e7469616c7356616c7565223a225a4a36506650734268435262534a4763594b4642222c2263726564656e",
        "7469616c7354797065223a224143434553535f544f4b454e222c22737461747573223a2253554343455353227d",
      ),
    );
    expect(tokenIn(response)).toBe("ZJ6PfPsBhCRbSJGcYKFB");
  });

  test("token-unicode: SUCCESS with a token in other scripts", () => {
    const response = decode(
      hex(
        "7b2263726564656e7469616c7356616c7565223a2254c3b66b656e2de786b1222c2263726564656e7469616c735479706522",
        "3a224143434553535f544f4b454e222c22737461747573223a2253554343455353227d",
      ),
    );
    expect(tokenIn(response)).toBe("Töken-熱");
  });

  test("wrong-key: NOT_FOUND", () => {
    const response = decode(
      hex(
        "7b226572726f724d7367223a2250726f766973696f6e206461746120776173206e6f7420666f756e6421222c227374617475",
        "73223a224e4f545f464f554e44227d",
      ),
    );
    const errorMessage = "Provision data was not found!";
    expect(response).toEqual({
      status: "FAILURE",
      errorCode: "NOT_FOUND",
      meaning: "NOT_FOUND",
      errorMessage,
      receivedAt,
    });
  });

  test("repeat-same-name-same-token: FAILURE", () => {
    const response = decode(
      hex(
        "7b226572726f724d7367223a224661696c656420746f2070726f766973696f6e2064657669636521222c22737461747573223a",
        "224641494c555245227d",
      ),
    );
    const errorMessage = "Failed to provision device!";
    expect(response).toEqual({ status: "FAILURE", errorCode: "FAILURE", meaning: "FAILURE", errorMessage, receivedAt });
  });

  test("pre-claim-mqtt-basic: credentials of another kind, as an object with a null", () => {
    const response = decode(
      hex(
        "7b2263726564656e7469616c7356616c7565223a7b22636c69656e744964223a2270726543222c22757365724e616d65223a",
        "2270726555222c2270617373776f7264223a6e756c6c7d2c2263726564656e7469616c7354797065223a224d5154545f4241",
        "534943222c22737461747573223a2253554343455353227d",
      ),
    );
    const credentials = basic({ clientId: "preC", userName: "preU" });
    expect(response).toEqual({ status: "SUCCESS", deviceId: null, deviceName: name, credentials, receivedAt });
  });

  test("pre-claim-x509: a certificate", () => {
    const payload = `{"credentialsValue":"${certificate}","credentialsType":"X509_CERTIFICATE","status":"SUCCESS"}`;
    expect(decode(new TextEncoder().encode(payload))).toEqual({
      code: "CREDENTIALS_TYPE_UNSUPPORTED",
      reason: "the device has credentials of the kind X509_CERTIFICATE, and not this camera's certificate",
    });
  });

  test("empty-payload: NOT_FOUND as protobuf, which this session never asks for", () => {
    expect(decode(hex("0802"))).toMatchObject({ code: "REPLY_MALFORMED" });
  });
});

function tokenIn(response: ReturnType<typeof decode>): string | undefined {
  return "status" in response && response.status === "SUCCESS" ? tokenOf(response.credentials) : undefined;
}

const certificate = [
  "MIICtzCCAZ8CFEc8UzMGBCg34/noBS7K5HZuYj1GMA0GCSqGSIb3DQEBCwUAMBsxGTAXBgNVBAMMEFRoZXJtYWwgQ2hhaW4gQ0Ew",
  "HhcNMjYxMTIzMTgzMzQxWhcNMzYxMTIwMTgzMzQxWjAVMRMwEQYDVQQDDApjYW0teDUwOS0xMIIBIjANBgkqhkiG9w0BAQEFAAOC",
  "AQ8AMIIBCgKCAQEAkI/u5urSyYi6G4RXg8RvVM5do/tnl6znoOhMJvlGgPrB9QLfp1s8szncW82cCLEs+Z6Kugul67ZLZvPvTxk5",
  "I5oV7F1FqODUpeOAyEkRyixuYRBe/bF6R/EOeJrh92ZoGGS6KHXoBzdPDviKPuNBYdpPo2XohcDQul7fSu6GUoONFXLBhe43Lz4k",
  "lbFERbTrfQdAFrt/7L1V2BhD/NN7uDJ5OfDr2qf+KQdBCUoPmuFMh1mfQXc16RmQYZbBuQP6TNuh6PhTTRzoBn2q4JiwZel5sajT",
  "I2BzPgxhphEy1g1Ak4TaVJd+wL2/MHDdWeozIu1dQzaeOLTpai+H9BcOoQIDAQABMA0GCSqGSIb3DQEBCwUAA4IBAQBPs56+fjmu",
  "lGW769jI6acGCSTkzRohK1UKiJRlm018dCjvyvVZgHGGePJ3StUPtlDlh+6N7QEHWaQ0uymRRXlNxIL5gfZRVVr+1NHhs29TS+LV",
  "B3KI3tih7jYiLws0wx1YIZSzC17FwhpMzddcxeWKR/Dy1L019MhMXkaq3d782kMjpjRBIOTQTTiYwmmJekC6S4lPPpBQ0DSvPcdL",
  "xO2rIDJy8Gemjj+wvdAhc/1SWLJnPB1R45bb/BV/PM+3kfJVGqaBf0VSWqaNEwLKNLldqW+OymNCcfMkel5kSJVt+0e6fzVZK7NI",
  "rx+wr0HwVl+gLg/NJiradEaxh/ymP2gm",
].join("");
