/**
 * The names that others have for what stands in `provision.json`: ThingsBoard's requests and pages, its IoT Gateway and
 * the samples of its documents, MQTT programs. Written without capitals and joints, so that `provisionDeviceKey`,
 * `provision-device-key` and `PROVISION_DEVICE_KEY` are one.
 */
const foreignNames: Readonly<Record<string, readonly string[]>> = {
  // Nothing here stands for these, whatever they resemble.
  "": [
    "devicetype",
    "type",
    "deviceid",
    "deviceprofile",
    "profile",
    "devicelabel",
    "gateway",
    "hash",
    "qos",
    "keepalive",
  ],
  server_url: [
    ...["host", "hostname", "server", "serverhost", "serveraddress", "address", "url", "uri", "endpoint", "broker"],
    ...["brokerurl", "brokerhost", "mqtthost", "mqtturl", "mqttserver", "mqttbroker", "thingsboard", "thingsboardhost"],
    ...["thingsboardurl", "thingsboardserver", "tbhost", "tburl", "tbserver", "baseurl", "ip"],
  ],
  server_port: ["port", "mqttport", "brokerport", "thingsboardport", "tbport"],
  provision_device_key: [
    "provisiondevicekey",
    "provisionkey",
    "provisioningkey",
    "provisioningdevicekey",
    "devicekey",
    "key",
  ],
  provision_device_secret: [
    ...["provisiondevicesecret", "provisionsecret", "provisioningsecret", "provisioningdevicesecret", "devicesecret"],
    "secret",
  ],
  device_name_prefix: ["prefix", "nameprefix", "deviceprefix"],
  timeout_seconds: ["timeout", "timeoutsec", "timeoutsecs", "connecttimeout", "connectiontimeout", "mqtttimeout"],
  use_ssl: [
    "tls",
    "ssl",
    "usetls",
    "enabletls",
    "enablessl",
    "secure",
    "mqtttls",
    "mqttssl",
    "tlsenabled",
    "sslenabled",
  ],
  require_tls: ["tlsrequired", "requiressl", "sslrequired"],
  ca_file: [
    ...["ca", "cafile", "cacert", "cacerts", "cacertificate", "capath", "cabundle", "rootca", "rootcert", "trustedca"],
    ...["tlsca", "sslca", "cacertfile", "cacertpath"],
  ],
  server_name: ["sni", "tlsservername", "servername", "tlshostname"],
  pinned_public_keys: ["pin", "pins", "pinnedkey", "pinnedkeys", "pinnedpublickey"],
  proxy: ["httpproxy", "httpsproxy", "proxyurl", "proxyhost", "allproxy"],
  device_name: ["devicename", "name", "thingname"],
  access_token: ["accesstoken", "token", "devicetoken", "deviceaccesstoken", "credentialsvalue", "thingsboardtoken"],
  credentials_type: ["credentialstype", "credentialtype", "securitytype", "authtype"],
  client_id: ["clientid", "mqttclientid", "deviceclientid"],
  user_name: ["username", "user", "login", "mqttusername", "mqttuser"],
  password: ["pass", "passwd", "pwd", "mqttpassword"],
  client_certificate_file: [
    ...["cert", "certfile", "certificate", "certificatefile", "certpath", "clientcert", "clientcertfile"],
    ...["clientcertificate", "devicecertificate", "tlscert", "pathtoclientcert"],
  ],
  client_key_file: [
    ...[
      "keyfile",
      "keypath",
      "privatekey",
      "privatekeyfile",
      "clientkey",
      "clientkeyfile",
      "tlskey",
      "pathtoprivatekey",
    ],
  ],
};

const ours: ReadonlyMap<string, string> = new Map(
  Object.entries(foreignNames).flatMap(([key, names]) => names.map((name) => [name, key] as const)),
);

/** The key of `provision.json` that somebody means who writes the name of another program; empty: none of them. */
export function keyOfForeignName(name: string): string | undefined {
  return ours.get(name.toLowerCase().replaceAll(/[^a-z0-9]/g, ""));
}
