import { createServer, type ServerResponse } from "node:http";

/**
 * A process of its own that answers like a vLLM server whose streams all step together, a token each
 * every 20 ms: bursts of events, as an engine makes them. Prints its port.
 */
interface Stream {
  readonly response: ServerResponse;
  readonly tokens: number;
  sent: number;
}

const streams = new Set<Stream>();
setInterval(() => {
  for (const stream of streams) {
    const { response, tokens } = stream;
    const last = ++stream.sent === tokens;
    const event = {
      id: "cmpl-1",
      object: "text_completion",
      created: 1,
      model: "m",
      choices: [{ index: 0, text: " word", finish_reason: last ? "length" : null }],
      usage: { prompt_tokens: 10, total_tokens: 10 + stream.sent, completion_tokens: stream.sent },
    };
    response.write(`data: ${JSON.stringify(event)}\n\n`);
    if (!last) continue;
    response.end("data: [DONE]\n\n");
    streams.delete(stream);
  }
}, 20);

const PAGES: Readonly<Record<string, unknown>> = {
  "/v1/models": { object: "list", data: [{ id: "m", owned_by: "vllm", max_model_len: 8192 }] },
  "/health": {},
  "/version": { version: "0.0.0" },
};

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => body += part);
  request.on("end", () => {
    if (request.method === "POST") {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.flushHeaders();
      streams.add({ response, tokens: JSON.parse(body).max_tokens, sent: 0 });
    } else {
      response.writeHead(PAGES[request.url!] === undefined ? 404 : 200, {
        "content-type": "application/json",
      });
      response.end(JSON.stringify(PAGES[request.url!] ?? { detail: "Not Found" }));
    }
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as { port: number }).port));
