/** CosyVoice's text to speech by DashScope's tasks over a WebSocket. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.cosyvoice;
