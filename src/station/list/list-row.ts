/** A camera of a list, checked. */
export interface ListRow {
  readonly serial: string;
  /** Undefined: `<device_name_prefix>-<serial>`, with the prefix of the run that makes the device. */
  readonly deviceName: string | undefined;
  /** The device's label on the server. */
  readonly label: string | undefined;
  /** All other columns, by their names: they are kept with the row. */
  readonly others: Readonly<Record<string, string>>;
  /** The line of the list on which it begins. */
  readonly line: number;
}
