/** Fish Audio's text to speech, in JSON and in MessagePack. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.fish;
