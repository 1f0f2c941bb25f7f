/** Conversations with a language model that hear and speak: OpenAI's chat completions. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.chat;
