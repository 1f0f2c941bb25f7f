/**
 * Where a program begins that has the engines in its own process, without the server: {@link
 * dev.parlo.engine.embed.SpeechEngines} opens models and audio files.
 *
 * <p>A recording transcribed, its segments written as they are decided:
 *
 * {@snippet file="example/Transcribe.java"}
 *
 * <p>A text spoken into a file:
 *
 * {@snippet file="example/Speak.java"}
 *
 * <p>Speech used while it is made:
 *
 * {@snippet file="example/Stream.java"}
 *
 * <p>What these types lead to is in {@link dev.parlo.engine}, {@link dev.parlo.engine.audio},
 * {@link dev.parlo.engine.vad} and {@link dev.parlo.engine.text}; a program that has many requests
 * at a time reads {@link dev.parlo.engine.admission}, too. Other packages of the engines are
 * internal: they may change with any version.
 */
@NullMarked
package dev.parlo.engine.embed;

import org.jspecify.annotations.NullMarked;
