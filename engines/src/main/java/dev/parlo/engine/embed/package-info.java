/**
 * The engines in a program of yours, without the server: {@link
 * dev.parlo.engine.embed.SpeechEngines} opens models from folders.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.embed;
