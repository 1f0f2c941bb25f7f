/**
 * When each word was said: alignment by cross-attention and the corrections after it. Internal: it
 * may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.words;
