/** ElevenLabs' text to speech: its routes and its stream of texts. */
@org.jspecify.annotations.NullMarked
package dev.parlo.server.elevenlabs;
