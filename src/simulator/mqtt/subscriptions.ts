/** The subscriptions of one connection with the QoS that was granted; the server grants 1 at most. */
export class Subscriptions {
  readonly #granted = new Map<string, 0 | 1>();
  #lastPacketId = 0;

  grant(filter: string, requested: number): 0 | 1 {
    const granted = requested === 0 ? 0 : 1;
    this.#granted.set(filter, granted);
    return granted;
  }

  /** Whether there was such a subscription. */
  remove(filter: string): boolean {
    return this.#granted.delete(filter);
  }

  /** The QoS of what is sent to `topic`: 1 where nothing was subscribed (MqttDeviceAwareSessionContext `getQoSForTopic`). */
  qosOf(topic: string): 0 | 1 {
    for (const [filter, granted] of this.#granted) {
      if (filterMatches(filter, topic)) return granted;
    }
    return 1;
  }

  /** One for each PUBLISH, also where QoS 0 leaves it out: 1, 2, 3 … per connection, and from 1 again after 65535. */
  nextPacketId(): number {
    this.#lastPacketId = (this.#lastPacketId % 0xffff) + 1;
    return this.#lastPacketId;
  }
}

/** Whether an MQTT filter with `+` takes in `topic`. */
function filterMatches(filter: string, topic: string): boolean {
  const wanted = filter.split("/");
  const levels = topic.split("/");
  return wanted.length === levels.length && wanted.every((level, index) => level === "+" || level === levels[index]);
}
