import type { Packet } from "mqtt-packet";
import { milliseconds, seconds } from "../../base/duration.ts";
import { topics } from "../../wire/topics.ts";
import type { Behaviour } from "../faults/behaviours.ts";
import { type Answer, sendAnswer } from "../faults/play.ts";
import { disconnectReasons, reasonCodes } from "../mqtt/connack-codes.ts";
import type { Connection } from "../mqtt/connection.ts";
import { pingresp, puback, publish, suback, unsuback } from "../mqtt/packets.ts";
import { type ParsedRequest, type ProvisionRequest, parseRequest } from "../provisioning/provision-request.ts";
import { jsonResponse, type ProvisionResponse, protobufResponse } from "../provisioning/provision-response.ts";
import { generatedText } from "../provisioning/provisioning.ts";
import type { Server } from "../server.ts";
import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../tenant/credentials.ts";
import type { PublishPacket } from "./device-session.ts";

/** So long after an answer the server closes the session, without a DISCONNECT. */
const closesAfter = seconds(60);

/** A session that can do nothing but provision (docs/thingsboard-protocol.md#packets-in-a-provisioning-session). */
export class ProvisionSession {
  readonly #connection: Connection;
  readonly #server: Server;
  /** Once a request was protobuf, all later answers are, too. */
  #answersProtobuf = false;

  constructor(connection: Connection, server: Server) {
    this.#connection = connection;
    this.#server = server;
  }

  handle(packet: Packet): void {
    switch (packet.cmd) {
      case "publish":
        this.#publish(packet);
        return;
      case "subscribe":
        if (this.#server.peculiarities.provisionSessionSubscribes) this.#subscribe(packet);
        return;
      case "unsubscribe":
        if (this.#server.peculiarities.provisionSessionSubscribes) this.#unsubscribe(packet);
        return;
      case "pingreq":
        this.#connection.send([pingresp()]);
        return;
      case "disconnect":
        this.#connection.close(disconnectReasons.normal);
        return;
      default:
    }
  }

  #publish(packet: PublishPacket): void {
    if (packet.topic !== topics.provisionRequest) {
      this.#acknowledgeAndClose(packet, reasonCodes.topicNameInvalid);
      return;
    }
    const parsed = parseRequest(Buffer.from(packet.payload));
    switch (parsed.result) {
      case "request":
        this.#request(packet, parsed);
        return;
      case "runtime exception":
        this.#acknowledgeAndClose(packet, reasonCodes.implementationSpecific);
        return;
      case "adaptor exception":
        if (this.#connection.level === 5 && packet.qos > 0) this.#acknowledge(packet, reasonCodes.payloadFormatInvalid);
        else this.#connection.close(disconnectReasons.payloadFormatInvalid);
        return;
    }
  }

  #request(packet: PublishPacket, { request, format }: Extract<ParsedRequest, { result: "request" }>): void {
    if (format === "protobuf") this.#answersProtobuf = true;
    const { provisioning } = this.#server;
    const examined = provisioning.examine(request);
    const behaviour = this.#server.occasion("request", this.#connection, request.deviceName);
    const work = async (): Promise<Answer> => {
      await this.#server.wait("request");
      return this.#answer(packet, await provisioning.carryOut(examined));
    };
    const instead = behaviour === undefined ? undefined : this.#insteadOf(behaviour, packet, request, work);
    if (instead !== undefined) this.#server.run(this.#connection, instead);
    else if (examined.act === "nothing") this.#server.run(this.#connection, () => this.#timeOut(packet));
    else this.#server.perform(behaviour, this.#connection, work);
  }

  /** What a behaviour makes of a request that only a request can meet; undefined for all others. */
  #insteadOf(
    behaviour: Behaviour,
    packet: PublishPacket,
    request: ProvisionRequest,
    work: () => Promise<Answer>,
  ): (() => Promise<void>) | undefined {
    const say = async (response: ProvisionResponse) => sendAnswer(this.#connection, this.#answer(packet, response));
    switch (behaviour.do) {
      case "refuse":
        return () => say({ status: behaviour.status });
      case "createButFail":
        return () => work().then(() => say({ status: "FAILURE" }));
      case "answerWithoutCreating":
        return () => say({ status: "SUCCESS", credentials: this.#requested(request) });
      case "answerForAnotherDevice":
        return () => work().then(() => say({ status: "SUCCESS", credentials: this.#ofAnotherDevice(request) }));
      case "timeOut": {
        const { work: when = "never" } = behaviour;
        if (when !== "never") {
          this.#server.run(this.#connection, async () => {
            await this.#server.sleep(milliseconds(when === "at once" ? 0 : when.after));
            await work();
          });
        }
        return () => this.#timeOut(packet);
      }
      default:
        return undefined;
    }
  }

  /**
   * The transport's own time-out, swept once in 10 s: 10 to 20 s after the request
   * (docs/thingsboard-protocol.md#parsing-a-request).
   */
  async #timeOut(packet: PublishPacket): Promise<void> {
    await this.#server.sleepUntilSweep();
    this.#acknowledgeAndClose(packet, reasonCodes.implementationSpecific);
  }

  /** PUBACK first, then the response; the close comes 60 s later. */
  #answer(packet: PublishPacket, response: ProvisionResponse): Answer {
    const { level, subscriptions } = this.#connection;
    const acknowledgement = packet.qos > 0 ? [puback(level, packet.messageId ?? 0)] : [];
    const topic = topics.provisionResponse;
    const withPayload = (payload: string | Uint8Array) => {
      const qos = subscriptions.qosOf(topic);
      const packetId = subscriptions.nextPacketId();
      return [...acknowledgement, publish(level, { topic, payload: Buffer.from(payload), qos, packetId })];
    };
    return {
      packets: () => withPayload(this.#answersProtobuf ? protobufResponse(response) : jsonResponse(response)),
      withPayload,
      withCode: (code) => [puback(level, packet.messageId ?? 0, code)],
      afterwards: () => this.#connection.closeAfter(closesAfter),
    };
  }

  #subscribe(packet: Extract<Packet, { cmd: "subscribe" }>): void {
    const { level, subscriptions } = this.#connection;
    const id = packet.messageId ?? 0;
    const refused = level === 5 ? reasonCodes.topicFilterInvalid : reasonCodes.subscriptionRefused;
    const codes = packet.subscriptions.map(({ topic, qos }) =>
      topic === topics.provisionResponse ? subscriptions.grant(topic, qos) : refused,
    );
    this.#server.answer("subscribe", this.#connection, undefined, () => ({
      packets: () => [suback(level, id, codes)],
      withCode: (code) => [
        suback(
          level,
          id,
          codes.map(() => code),
        ),
      ],
    }));
  }

  #unsubscribe(packet: Extract<Packet, { cmd: "unsubscribe" }>): void {
    const codes = packet.unsubscriptions.map((filter) =>
      this.#connection.subscriptions.remove(filter) ? 0 : reasonCodes.noSubscriptionExisted,
    );
    this.#connection.send([unsuback(this.#connection.level, packet.messageId ?? 0, codes)]);
  }

  #acknowledge(packet: PublishPacket, code: number): void {
    if (packet.qos > 0) this.#connection.send([puback(this.#connection.level, packet.messageId ?? 0, code)]);
  }

  #acknowledgeAndClose(packet: PublishPacket, code: number): void {
    if (this.#server.peculiarities.acknowledgesBeforeClosing) this.#acknowledge(packet, code);
    this.#connection.close(code);
  }

  #requested({ credentialsType, token, clientId, userName, password, hash }: ProvisionRequest): StoredCredentials {
    if (credentialsType === "MQTT_BASIC") return mqttBasic({ clientId, userName, password });
    if (credentialsType === "X509_CERTIFICATE") return x509Certificate(hash);
    return accessToken(token === "" ? generatedText(this.#server.randomness) : token);
  }

  #ofAnotherDevice(request: ProvisionRequest): StoredCredentials {
    const other = [...this.#server.database.devices].find(({ name }) => name !== request.deviceName);
    return other?.credentials ?? accessToken(generatedText(this.#server.randomness));
  }
}
