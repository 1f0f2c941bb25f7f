// A language model with OpenAI's chat API that says the same to everybody, or calls the first tool.
import http from "node:http";

const pieces = ["I heard", " you well. ", "What else", " would you like to know?"];

http
  .createServer(async (request, response) => {
    let body = "";
    try {
      for await (const part of request) body += part;
    } catch {
      return; // whoever asked has left
    }
    const { tools, messages } = JSON.parse(body);
    const answered = messages.some((message) => message.role === "tool");
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    const send = (delta, more = {}) =>
      response.write(
        `data: ${JSON.stringify({
          id: "c",
          object: "chat.completion.chunk",
          choices: [{ index: 0, delta, finish_reason: null }],
          ...more,
        })}\n\n`,
      );
    if (tools && !answered) {
      const { name } = tools[0].function;
      send({ tool_calls: [{ index: 0, id: "call_1", function: { name, arguments: "" } }] });
      send({ tool_calls: [{ index: 0, function: { arguments: '{"city":"Rome"}' } }] });
    } else {
      pieces.forEach((content) => send({ content }));
    }
    send({}, { usage: { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 } });
    response.end("data: [DONE]\n\n");
  })
  .listen(0, "127.0.0.1", function () {
    console.log(`http://127.0.0.1:${this.address().port}/v1`);
  });
