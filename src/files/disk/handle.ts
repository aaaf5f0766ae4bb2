/** An open file or folder. */
export type Handle = number;

/**
 * The access control list of a file (acl(5)), where it has one: rights of single users and groups besides those of the
 * mode. The mode's group bits then say the most that the list may grant, and nothing of the file's own group.
 */
export interface AccessList {
  /** Gives another file exactly these rights. */
  readonly applyTo: (file: Handle) => void;
}

/** Whether a lock could be taken: with the act that gives it back, or taken by another, or no lock to be had at all. */
export type Locking = { readonly release: () => void } | "taken" | "unavailable";
