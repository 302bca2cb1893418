import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

const statuses: Record<string, { status: number; message: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, message: 'The headers of the request are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, message: 'The request did not come in whole within the time allowed' },
};

const malformed = { status: 400, message: 'This is not a well-formed HTTP request' };

/** Answers what never became a request (malformed, headers too large, too slow) with a body like any other failure. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const { status, message } = statuses[error.code ?? ''] ?? malformed;
  const type = status === 400 ? 'ValidationFaultMessage' : 'ServerFault';
  const body = JSON.stringify({ Type: type, Message: message, Summary: message, Messages: [], StackTrace: null });
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
