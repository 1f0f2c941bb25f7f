/**
 * What an engine is asked and what it answers: {@link dev.parlo.engine.SpeechToText} makes audio
 * text, {@link dev.parlo.engine.TextToSpeech} makes text audio. {@link
 * dev.parlo.engine.embed.SpeechEngines} opens both. Engines may be used by several threads;
 * whatever is {@link java.lang.AutoCloseable} holds native memory until it is closed. Failures are
 * {@link dev.parlo.engine.EngineException}s with a category.
 */
@NullMarked
package dev.parlo.engine;

import org.jspecify.annotations.NullMarked;
