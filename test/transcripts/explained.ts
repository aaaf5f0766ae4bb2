/** Recordings that the simulator deliberately does not answer to the byte, and why. */
export const explained: Readonly<Record<string, string>> = {
  "3.9.1/credentials-changed-while-connected":
    "this one session was still open 3 s after the change of its token; the four others that were recorded were closed",
};

/** Recordings without packets. */
export const withoutPackets: Readonly<Record<string, string>> = {
  "http-provision": "HTTP: compared in test/simulator/http.test.ts",
  "load-figures": "how long a server takes is no behaviour of the protocol",
  "device-id-figures": "how long a rule chain takes is no behaviour of the protocol",
};
