import type { Server } from "../server/server.ts";
import { type HttpAnswer, json } from "./answer.ts";

/** An error as ThingsBoard's REST API tells it; the keys have another order since 4.3. */
export function apiError(
  { clock, peculiarities }: Server,
  status: number,
  errorCode: number,
  message: string,
): HttpAnswer {
  const timestamp = clock.now().getTime();
  const body = peculiarities.putsStatusLast
    ? { message, errorCode, status, timestamp }
    : { status, message, errorCode, timestamp };
  return json(body, status);
}
