package dev.parlo.server.speech;

import dev.parlo.server.http.Fields;

/**
 * A request for speech, every field checked.
 *
 * @param formatGiven false where the client left the format to us
 * @param sse events instead of audio
 * @param stream whether audio goes out before all of it is known
 * @param instructed whether there were instructions, which no model here follows
 */
record SpeechRequest(
        String input,
        SpeechOrder order,
        boolean formatGiven,
        boolean sse,
        boolean stream,
        boolean instructed) {
    static final String DEFAULT_MODEL = "tts-1";
    static final String DEFAULT_VOICE = "alloy";

    /**
     * Reads the {@link SpeechFields} of a body.
     *
     * @param captioned as {@code /dev/captioned_speech} has it: with the times of words, and a
     *     model need not be named
     * @param voiceTags whether voice tags are understood where the request does not say
     * @throws dev.parlo.server.http.ApiError 422 naming everything that is wrong, 400 for a body
     *     that is not JSON
     */
    static SpeechRequest read(byte[] body, boolean captioned, boolean voiceTags) {
        Fields fields = Fields.json(body);
        SpeechDraft draft = new SpeechDraft();
        draft.timestamps = captioned;
        draft.voiceTags = voiceTags;
        SpeechFields.read(fields, draft);
        SpeechRequest request = draft.request(fields, !captioned);
        fields.check();
        return request;
    }
}
