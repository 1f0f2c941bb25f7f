/** When each word was said: alignment by cross-attention and the corrections after it. */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.whisper.words;
