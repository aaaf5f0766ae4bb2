/** What `thermal-provision check` loads when it runs: a file of its own in the package. */
export { check } from "../../check.ts";
export { encodeLine, LinesForPeople, outcomeForPeople } from "../check/check-for-people.ts";
export { reportFailures } from "../report/report-failures.ts";
