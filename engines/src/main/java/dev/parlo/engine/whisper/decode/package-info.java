/**
 * Decoding of one window as state machines that never call the runtime, nor know of others.
 * Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.decode;
