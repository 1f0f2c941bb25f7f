package dev.parlo.server.realtime;

import java.util.Map;

/** In which of its shapes a client speaks the protocol. */
public enum Dialect {
    /** Not known yet: what is sent has the keys of both. */
    UNDECIDED,
    /** As Speaches, Azure and OpenAI's older clients. */
    BETA,
    /** As OpenAI since August 2025. */
    GA;

    /** Events that the beta calls otherwise. */
    private static final Map<String, String> BETA_NAMES =
            Map.of(
                    "response.output_text.delta", "response.text.delta",
                    "response.output_text.done", "response.text.done",
                    "response.output_audio.delta", "response.audio.delta",
                    "response.output_audio.done", "response.audio.done",
                    "response.output_audio_transcript.delta", "response.audio_transcript.delta",
                    "response.output_audio_transcript.done", "response.audio_transcript.done");

    /** The event's name here, by its present one. */
    String event(String name) {
        return this == GA ? name : BETA_NAMES.getOrDefault(name, name);
    }
}
