/**
 * Audio in and out: any container to mono 16 kHz blocks, synthesised samples to any response
 * format, both through FFmpeg's libraries, streamed and on bounded threads.
 */
@org.jspecify.annotations.NullMarked
package dev.parlo.engine.audio;
