/** SQLite's extended codes of a primary key and of a unique column that are there already, and PostgreSQL's SQLSTATE. */
const sqliteCodes: readonly unknown[] = [1555, 2067];
const sqlState = "23505";

export function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("errcode" in error && sqliteCodes.includes(error.errcode)) return true;
  return "code" in error && error.code === sqlState;
}
