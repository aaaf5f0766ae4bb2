/** What `label` loads besides: its tables take 3 ms, which every other command would wait for. A file of its own in the package. */
export { qrCode } from "../report/qr-code.ts";
