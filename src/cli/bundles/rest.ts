/** What `launch.ts` asks first where a provisioning is wanted: most have nothing to do. A file of its own in the package. */
export { toldRest } from "../provision/tell-rest.ts";
