/** The language model that answers in conversations: any server with OpenAI's chat API. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.llm;
