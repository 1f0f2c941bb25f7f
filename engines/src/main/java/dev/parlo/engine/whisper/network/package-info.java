/**
 * What runs Whisper's encoder and decoder, as the rest of the engine sees it: a network, the memory
 * that windows are decoded in, and the step. Implementations are one package for each device.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.network;
