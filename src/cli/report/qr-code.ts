import encodeQR from "qr";

/** A QR code for a terminal, two rows a line, or as an SVG picture. */
export function qrCode(payload: string, form: "terminal" | "svg"): string {
  return form === "svg" ? encodeQR(payload, "svg", { ecc: "medium" }) : encodeQR(payload, "ascii");
}
