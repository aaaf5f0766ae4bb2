import { provision } from "thermal-provision";

const outcome = await provision({
  directory: process.argv[2] ?? "/var/lib/camera",
  onStatus: ({ currentState }) => console.log(currentState),
});
if (outcome.result === "failed") {
  console.error(`FAIL ${outcome.error.errorCode}: ${outcome.error.message}`);
  process.exitCode = outcome.exitStatus;
} else if (outcome.result !== "nothing_to_do") {
  console.log(`PASS ${outcome.credentials.deviceName}`);
}
