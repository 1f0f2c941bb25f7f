/** OpenAI's Realtime protocol, in the shapes of its beta and as it is now. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.realtime;
