/**
 * What the tests use of MQTT.js 5, in place of its own declarations: those need the browser's types, which have no
 * business in this project.
 */
export interface IClientOptions {
  readonly protocolVersion?: 3 | 4 | 5;
  readonly username?: string;
  readonly clientId?: string;
  readonly reconnectPeriod?: number;
  readonly ca?: string;
  readonly rejectUnauthorized?: boolean;
}

export interface MqttClient {
  once(event: "message", listener: (topic: string, payload: Uint8Array) => void): this;
  once(event: "close", listener: () => void): this;
  subscribeAsync(topic: string, options: { readonly qos: 0 | 1 }): Promise<unknown>;
  publishAsync(topic: string, payload: string, options: { readonly qos: 0 | 1 }): Promise<unknown>;
  endAsync(): Promise<void>;
}

export function connectAsync(url: string, options: IClientOptions): Promise<MqttClient>;
