import { Secret } from "../../../src/base/secret.ts";

export const host = "server.example";
/** Of the same server. */
export const otherName = "thingsboard.example";
export const provisionKey = "historyProvisionKey1";
export const provisionSecret = "historyProvisionSecr";
export const formerToken = "formerToken000000000";

const former = {
  device: { device_id: null, device_name: "thermal-camera-OLD000", access_token: formerToken },
  server: { url: host, port: 1883, use_ssl: false },
  provisioning: {
    provisioned_at: "2025-10-23T14:30:00Z",
    provisioned_from: "provision.json",
    provisioned_with: new Secret(provisionKey).fingerprint(),
    attempt_id: "00000000-0000-4000-8000-000000000000",
  },
};

/** Configurations as cameras have them; undefined: none yet. */
export const configurations = {
  none: undefined,
  commented: `{
  // written by hand
  "device": { "serial": "TC-0042" },
  "measurement_spots": [
    { "name": "bearing", "x": 10, "y": 20 }, // the hot one
  ],
  "palette": "iron"
}
`,
  windows: '\uFEFF{\r\n\t"measurement_spots": [],\r\n\t/* keep */ "palette": "grey"\r\n}\r\n',
  "one line": '{"measurement_spots":[{"name":"roof","x":1,"y":2}],"server":{"region":"eu"}}',
  empty: "{}",
  former: `${JSON.stringify({ palette: "iron", ...former, measurement_spots: [] }, null, 2)}\n`,
} as const;

export type ConfigurationName = keyof typeof configurations;

/** Another program adds a measurement spot: an edit of the text that leaves everything else as it is. */
export function withSpot(text: string, number: number): string {
  const spots = text.indexOf('"measurement_spots"');
  if (spots < 0)
    return text.replace("{", `{"edited_${number}": true, "measurement_spots": []${/\{\s*\}/.test(text) ? "" : ","}`);
  const open = text.indexOf("[", spots) + 1;
  const isEmpty = /^\s*\]/.test(text.slice(open));
  return `${text.slice(0, open)}{ "name": "edit ${number}" }${isEmpty ? "" : ","}${text.slice(open)}`;
}
