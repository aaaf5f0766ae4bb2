import { describe, expect, it } from "vitest";
import { ProvisioningCredentials, provisioningCredentialsEntries } from "../../src/model/provisioning-credentials.ts";
import { problemsOf, provisionJson } from "./examples.ts";

const meanings = {
  server_url: ["host", "hostname", "server", "url", "broker", "thingsboard_host", "tbHost", "mqtt-host", "endpoint"],
  server_port: ["port", "mqttPort", "brokerPort"],
  provision_device_key: ["provisionDeviceKey", "PROVISION_DEVICE_KEY", "provisionKey", "provision_key", "device_key"],
  provision_device_secret: ["provisionDeviceSecret", "provisioning_secret", "deviceSecret", "secret"],
  device_name_prefix: ["prefix", "namePrefix"],
  timeout_seconds: ["timeout", "timeoutSec"],
  use_ssl: ["tls", "ssl", "useTls", "enable_ssl", "secure"],
  ca_file: ["ca", "cafile", "caCert", "ca_certificate", "ca-bundle", "rootCA"],
  server_name: ["sni", "serverName"],
  proxy: ["http_proxy", "HTTPS_PROXY", "proxyUrl"],
  device_name: ["deviceName", "name"],
  access_token: ["accessToken", "token", "credentialsValue", "device_token"],
  credentials_type: ["credentialsType", "credential_type"],
  client_id: ["clientId", "clientID", "mqtt_client_id"],
  user_name: ["username", "userName", "user", "login"],
  password: ["passwd", "pass", "Password"],
  client_certificate_file: ["cert", "certfile", "clientCert", "certificate_file", "pathToClientCert"],
  client_key_file: ["keyfile", "privateKey", "private_key_file", "clientKey", "pathToPrivateKey"],
};

describe("a key of provision.json with the name that other programs have for it", () => {
  it.each(Object.entries(meanings).flatMap(([meant, names]) => names.map((name) => [name, meant] as const)))(
    "%s is known as %s, and is not missing besides",
    (name, meant) => {
      const { [meant]: _, ...others } = { ...provisionJson, device_name: undefined } as Record<string, unknown>;
      const problems = problemsOf(ProvisioningCredentials({ ...others, [name]: "x" }));
      expect(problems).toContainEqual({ path: [name], found: "an unknown key", expected: meant, nearest: meant });
      expect(problems.filter(({ path: [key] }) => key === meant)).toEqual([]);
    },
  );

  it("is always one of ours", () => {
    expect(Object.keys(provisioningCredentialsEntries)).toEqual(expect.arrayContaining(Object.keys(meanings)));
  });
});
