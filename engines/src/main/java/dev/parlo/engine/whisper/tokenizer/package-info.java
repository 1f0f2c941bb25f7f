/**
 * Whisper's byte-level tokens: text to ids, ids to text, the special ids, and words. Internal: it
 * may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.tokenizer;
