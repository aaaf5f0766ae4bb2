/** What only somebody knows who has read MQTT's or POSIX's specification: a first sentence must do without. */
export const jargon = /\b(CONNACK|SUBACK|PUBACK|errno|ECONN\w+|E[A-Z]{4,}|inodes?|rename\(2\)|fsync|CSPRNG)\b/;
