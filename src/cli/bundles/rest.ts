/** What a provisioning with nothing to do loads, in the place of all that one needs: a file of its own in the package. */
export { tellRest } from "../provision/tell-rest.ts";
