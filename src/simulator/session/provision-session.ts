import type { Packet } from "mqtt-packet";
import { seconds } from "../../base/duration.ts";
import { topics } from "../../wire/topics.ts";
import { sendAnswer } from "../faults/sending.ts";
import type { Answer } from "../faults/situation.ts";
import { closings, reasonCodes } from "../mqtt/codes.ts";
import type { Connection, PublishPacket } from "../mqtt/connection.ts";
import { pingresp, puback, publish, unsuback } from "../mqtt/packets.ts";
import { type ParsedRequest, type ProvisionRequest, parseRequest } from "../provisioning/provision-request.ts";
import { jsonResponse, type ProvisionResponse, protobufResponse } from "../provisioning/provision-response.ts";
import type { ProvisioningService } from "../provisioning/provisioning-service.ts";
import type { Server } from "../server/server.ts";
import { accessToken, mqttBasic, type StoredCredentials, x509Certificate } from "../tenant/credentials.ts";
import { generatedText } from "../tenant/new-device.ts";
import { subscribed } from "./subscribed.ts";

/** So long after an answer the server closes the session, without a DISCONNECT. */
const closesAfter = seconds(60);

const invalidRequest = "a provisioning request that cannot be read";

/** A session that can do nothing but provision (docs/thingsboard-protocol.md#packets-in-a-provisioning-session). */
export class ProvisionSession {
  readonly #connection: Connection;
  readonly #server: Server;
  readonly #provisioning: ProvisioningService;
  /** Once a request was protobuf, all later answers are, too. */
  #answersProtobuf = false;

  constructor(connection: Connection, server: Server, provisioning: ProvisioningService) {
    this.#connection = connection;
    this.#server = server;
    this.#provisioning = provisioning;
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
        this.#connection.close(closings.disconnected);
        return;
      default:
    }
  }

  #publish(packet: PublishPacket): void {
    if (packet.topic !== topics.provisionRequest) {
      sendAnswer(
        this.#connection,
        this.#closing(packet, reasonCodes.topicNameInvalid, "a topic that is not for provisioning"),
      );
      return;
    }
    const parsed = parseRequest(Buffer.from(packet.payload));
    switch (parsed.result) {
      case "request":
        this.#request(packet, parsed);
        return;
      case "runtime exception":
        sendAnswer(this.#connection, this.#closing(packet, reasonCodes.implementationSpecific, invalidRequest));
        return;
      case "adaptor exception":
        if (this.#connection.level === 5 && packet.qos > 0) this.#acknowledge(packet, reasonCodes.payloadFormatInvalid);
        else this.#connection.close({ ...closings.invalidPayload, why: invalidRequest });
        return;
    }
  }

  #request(packet: PublishPacket, { request, format }: Extract<ParsedRequest, { result: "request" }>): void {
    if (format === "protobuf") this.#answersProtobuf = true;
    const examined = this.#provisioning.examine(request);
    const due = this.#server.occasion("request", this.#connection, request.deviceName);
    // The transport's own time-out, swept once in 10 s: 10 to 20 s after the request.
    const unanswered = async (): Promise<Answer> => {
      await this.#server.sleepUntilSweep();
      return this.#closing(packet, reasonCodes.implementationSpecific, "the core did not answer the request");
    };
    const work = async (): Promise<Answer> => {
      await this.#server.wait("request");
      return this.#answer(packet, await this.#provisioning.carryOut(examined, request));
    };
    this.#server.perform(due, {
      connection: this.#connection,
      work: due === undefined && examined.act === "nothing" ? unanswered : work,
      unanswered,
      falsely: {
        refused: (status) => this.#answer(packet, { status, why: closings.scenario.why }),
        granted: () => this.#answer(packet, { status: "SUCCESS", credentials: this.#requested(request) }),
        ofAnotherDevice: () => {
          const other = [...this.#server.database.devices].find(({ name }) => name !== request.deviceName);
          const credentials = other?.credentials ?? accessToken(generatedText(this.#server.randomness));
          return { answer: this.#answer(packet, { status: "SUCCESS", credentials }), exists: other !== undefined };
        },
      },
    });
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
      afterwards: () => this.#connection.closeAfter(closesAfter, closings.answered),
      succeeded: response.status === "SUCCESS",
    };
  }

  #subscribe(packet: Extract<Packet, { cmd: "subscribe" }>): void {
    const { level, subscriptions } = this.#connection;
    const id = packet.messageId ?? 0;
    const refused = level === 5 ? reasonCodes.topicFilterInvalid : reasonCodes.subscriptionRefused;
    const codes = packet.subscriptions.map(({ topic, qos }) =>
      topic === topics.provisionResponse ? subscriptions.grant(topic, qos) : refused,
    );
    this.#server.perform(this.#server.occasion("subscribe", this.#connection), {
      connection: this.#connection,
      work: () => subscribed(level, id, codes),
    });
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

  /** An acknowledgement with this code, where the server sends one, and the close. */
  #closing(packet: PublishPacket, code: number, why: string): Answer {
    const acknowledges = this.#server.peculiarities.acknowledgesBeforeClosing && packet.qos > 0;
    return {
      packets: () => (acknowledges ? [puback(this.#connection.level, packet.messageId ?? 0, code)] : []),
      afterwards: () => this.#connection.close({ code, why }),
    };
  }

  #requested({ credentialsType, token, clientId, userName, password, hash }: ProvisionRequest): StoredCredentials {
    if (credentialsType === "MQTT_BASIC") return mqttBasic({ clientId, userName, password });
    if (credentialsType === "X509_CERTIFICATE") return x509Certificate(hash);
    return accessToken(token === "" ? generatedText(this.#server.randomness) : token);
  }
}
