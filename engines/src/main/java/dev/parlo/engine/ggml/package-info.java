/**
 * Whisper from whisper.cpp's {@code ggml-*.bin} files, on the CPU, by the native library that
 * whisper-jni ships. Internal: it may change with any version.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.ggml;
